# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of the host that replicas need, and that nobody else may have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .._definition.refusal import Refusal
from .._engine.interface import Clock, Container, Engine, HostPort
from .port_ranges import overlap

#: Seconds that a container may take to be started by somebody else, and between two looks at it.
STARTING, INTERVAL = 10.0, 0.2


class PortTaken(Refusal):
    """A port of the host that a replica needs is in use; the message says by whom."""


def require_ports(engine: Engine, clock: Clock, asked: Mapping[HostPort, str], own: Collection[Container]) -> None:
    """
    Raise PortTaken where somebody else uses a port that is asked for.

    ``asked`` are the names of the replicas by the ports that they need; their ``own`` containers may have these. An engine
    takes a port before it shows that the container runs: where it may be an own container that another execution is
    just starting, this looks again for a while.
    """
    names = {container.name for container in own}
    starting = [port for container in own if not container.running for port in container.host_ports]
    began = clock.monotonic()
    while asked:
        taken = [(port, holder) for port, holder in engine.holders(asked) if holder not in names]
        if not taken:
            break
        port, holder = taken[0]
        if holder or not overlap([port], starting) or clock.monotonic() - began >= STARTING:
            raise PortTaken(_message(asked[port], port, holder))
        clock.sleep(INTERVAL)


def _message(replica: str, port: HostPort, holder: str) -> str:
    who = f"the container {holder}" if holder else "another program"
    look = f"docker stop {holder}" if holder else f"ss --listening --processes | grep :{port.number}"
    return (
        f"container.published_ports gives {replica} the port {port}, which {who} has on this host: "
        f"choose another port, or free this one ({look})"
    )

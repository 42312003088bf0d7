# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be there before a host's replicas are touched: the very image, and ports that nobody else has."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .._engine.interface import Clock, Container, Engine, HostPort, Image
from .._preflight.image import ImageUnavailable, resolve, same
from .model import Replica, Replicas
from .schedule import overlap

#: Seconds that a container may take to be started by somebody else, and between two looks at it.
STARTING, INTERVAL = 10.0, 0.2


class PortTaken(Exception):
    """A port of the host that a replica needs is somebody else's; the message says whose."""


def image_of(engine: Engine, replicas: Replicas, predict: bool) -> Image | None:
    """
    Return the host's image; None where it is not there, and is not needed or yet to be pulled.

    Raises ImageUnavailable where it cannot be had, or is another one than the migration ran.
    """
    reference = replicas.definition.image
    if not replicas.count:
        return engine.image(reference)
    try:
        image = resolve(engine, replicas.definition, "never" if predict else replicas.pull)
    except ImageUnavailable as error:
        if predict and replicas.pull != "never":
            return None
        raise ImageUnavailable(
            f"this host has no image {reference}: {error}; pull or load it here, and run the release again"
        ) from None
    if replicas.expected and not same(image, replicas.expected):
        raise ImageUnavailable(
            f"{reference} is here {', '.join((image.id, *image.digests))}, and the migration ran "
            f"{' / '.join(replicas.expected)}; name the image by its digest, or pull it again on all hosts"
        )
    return image


def require_ports(engine: Engine, clock: Clock, wanted: Sequence[Replica], own: Collection[Container]) -> None:
    """
    Raise PortTaken, naming whose it is, where a replica could not have one of its ports.

    What is the replicas' ``own`` may have them. An engine takes a port before it says that the container runs: where it may
    be one of their own that another execution is just starting, it is looked at for a while.
    """
    asked = {port: replica.name for replica in wanted for port in replica.host_ports}
    names = {container.name for container in own}
    starting = [port for container in own if not container.running for port in container.host_ports]
    begun = clock.monotonic()
    while asked:
        taken = [(port, holder) for port, holder in engine.holders(asked) if holder not in names]
        if not taken:
            break
        port, holder = taken[0]
        if holder or not overlap([port], starting) or clock.monotonic() - begun >= STARTING:
            raise PortTaken(_taken(asked[port], port, holder))
        clock.sleep(INTERVAL)


def _taken(replica: str, port: HostPort, holder: str) -> str:
    who = f"the container {holder}" if holder else "another program"
    look = f"docker stop {holder}" if holder else f"ss --listening --processes | grep :{port.number}"
    return (
        f"container.published_ports gives {replica} the port {port}, which {who} has on this host: "
        f"choose another port, or free this one ({look})"
    )

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a fleet is, looked at from this machine."""

from __future__ import annotations

from dataclasses import dataclass

from support.errors import SupportError
from support.fleet import nodes
from support.fleet.fleet import Fleet
from support.fleet.nodes import Node, run_in
from support.fleet.sshd import banner
from support.parallel import in_parallel

QUESTION = 'docker version --format "{{.Server.Version}}" && docker ps --all --quiet | wc -l'


@dataclass(frozen=True)
class Status:
    """A host as it is. `container`: the engine's word, or "missing"; `containers` are those on the host's engine."""

    host: Node
    container: str
    ssh: str | None
    engine: str | None
    containers: int | None

    @property
    def answers(self) -> bool:
        """Whether both the sshd and the engine do."""
        return bool(self.ssh and self.engine)

    def __str__(self) -> str:
        engine = f"Engine {self.engine}, {self.containers} containers" if self.engine else "no engine answers"
        return (
            f"{self.host.name:<4} {self.host.address:<15} {self.container:<8} {self.ssh or 'no sshd answers'}; {engine}"
        )


def status(fleet: Fleet) -> list[Status]:
    """The state of each host."""
    found = nodes.look(fleet.name)
    return in_parallel(
        lambda host: _status(host, found[host.name].status if host.name in found else "missing"), fleet.hosts
    )


def _status(host: Node, container: str) -> Status:
    version = containers = None
    if container == "running":
        try:
            version, count = run_in(host, QUESTION, seconds=3).split()
            containers = int(count)
        except (SupportError, ValueError):
            version = None
    return Status(host, container, banner(host.address), version, containers)

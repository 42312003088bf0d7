# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The places of a host's replicas, each with the containers that an update has there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .._definition import labels
from .._engine.interface import Container, RestartPolicy
from .model import Replica, Replicas

#: What the names end with while a replica is replaced: the newcomer's, and that of the one put aside for it.
NEW, OLD = ".new", ".old"


class ForeignContainer(Exception):
    """A container that is not ours has the name of a replica; nothing may be done to it."""


@dataclass(frozen=True)
class Slot:
    """
    One place: what is wanted there, None where it is over the count, and what is there.

    ``current`` has the name of the replica. ``newcomer`` is to take its place, ``previous`` had it before.
    """

    name: str
    wanted: Replica | None
    current: Container | None = None
    newcomer: Container | None = None
    previous: Container | None = None

    @property
    def containers(self) -> tuple[Container, ...]:
        """Return all that is there."""
        return tuple(filter(None, (self.current, self.newcomer, self.previous)))

    @property
    def serving(self) -> Container | None:
        """Return what has served here last, as far as the names tell."""
        return self.current or self.previous or self.newcomer

    def fits(self, container: Container) -> bool:
        """Return whether the container is what is wanted here."""
        return self.wanted is not None and self.wanted.fits(container)

    def meant(self, container: Container) -> RestartPolicy:
        """Return the restart policy that a container of this slot has while it serves."""
        own = container.labels.get(labels.RESTART)
        if own is not None:
            return RestartPolicy.read(own)
        # What others have made is known by what replaces it.
        for other in self.containers:
            replaced, _space, policy = other.labels.get(labels.REPLACES, "").partition(" ")
            if replaced == container.id:
                return RestartPolicy.read(policy)
        return container.restart_policy


def slots(replicas: Replicas, wanted: Iterable[Replica], found: Iterable[Container]) -> tuple[Slot, ...]:
    """Return the places that are wanted, then those over the count; raise ForeignContainer."""
    by_name = {replica.name: replica for replica in wanted}
    there: dict[str, dict[str, Container]] = {name: {} for name in by_name}
    for container in found:
        name, suffix = _place(replicas, container)
        if name in by_name or (name and replicas.owns(container)):
            there.setdefault(name, {})[suffix] = container
    for name in by_name:
        _refuse_foreign(replicas, there[name].values())
    return tuple(
        Slot(name, by_name.get(name), containers.get(""), containers.get(NEW), containers.get(OLD))
        for name, containers in there.items()
    )


def _place(replicas: Replicas, container: Container) -> tuple[str, str]:
    match = re.fullmatch(rf"({re.escape(replicas.name)}-\d+)({re.escape(NEW)}|{re.escape(OLD)})?", container.name)
    return (match[1], match[2] or "") if match else ("", "")


def _refuse_foreign(replicas: Replicas, containers: Iterable[Container]) -> None:
    there = tuple(containers)
    adopted = {container.labels.get(labels.REPLACES, "").partition(" ")[0] for container in there}
    for container in there:
        ours = replicas.owns(container) or container.id in adopted
        if not ours and (not replicas.adopt or container.name.endswith(NEW)):
            raise ForeignContainer(
                f"a container that is no replica of {replicas.name} has the name {container.name} "
                f"({container.id[:12]}) on this host; rename or remove it, or let it be replaced (adopt, the role's "
                "rollout_adopt), and run the release again"
            )

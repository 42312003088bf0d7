# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The slots of a host's replicas, each with the containers that an update has there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .._definition import labels
from .._definition.refusal import Refusal
from .._engine.interface import Container, RestartPolicy
from .model import Replica, Replicas

#: What the names end with while a replica is replaced: that of the newcomer, and that of the one it replaces.
NEW, OLD = ".new", ".old"


class ForeignContainer(Refusal):
    """A container that is not ours has the name of a replica; it is left alone."""


@dataclass(frozen=True)
class Slot:
    """
    The place of one replica: what is wanted there, None where it is over the count, and what is there.

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
        return self.wanted is not None and not self.wanted.differences(container)

    def difference(self, container: Container) -> str:
        """Return in a few words why the container is not what is wanted here, empty where it is."""
        keys = self.wanted.differences(container) if self.wanted else ()
        if keys and labels.KIND not in container.labels:
            return "not made by this module"
        return f"{', '.join(keys)} {'differs' if len(keys) == 1 else 'differ'}" if keys else ""

    def restart_policy_of(self, container: Container) -> RestartPolicy:
        """Return the restart policy that a container of this slot has while it serves."""
        own = container.labels.get(labels.RESTART)
        if own is not None:
            return RestartPolicy.read(own)
        # That of what others have made is known by what replaces it.
        for other in self.containers:
            replaced, _space, policy = other.labels.get(labels.REPLACES, "").partition(" ")
            if replaced == container.id:
                return RestartPolicy.read(policy)
        return container.restart_policy


def slots_of(replicas: Replicas, wanted: Iterable[Replica], found: Iterable[Container]) -> tuple[Slot, ...]:
    """Return the slots that are wanted, then those over the count; raise ForeignContainer."""
    by_name = {replica.name: replica for replica in wanted}
    there: dict[str, dict[str, Container]] = {name: {} for name in by_name}
    for container in found:
        name, suffix = _slot_name(replicas, container)
        if name in by_name or (name and replicas.owns(container)):
            there.setdefault(name, {})[suffix] = container
    for name in by_name:
        _refuse_foreign(replicas, there[name].values())
    return tuple(
        Slot(name, by_name.get(name), containers.get(""), containers.get(NEW), containers.get(OLD))
        for name, containers in there.items()
    )


def names_of(slots: Iterable[Slot]) -> dict[str, str]:
    """Return the names of all containers in the slots, by their IDs."""
    return {container.id: container.name for slot in slots for container in slot.containers}


def _slot_name(replicas: Replicas, container: Container) -> tuple[str, str]:
    match = re.fullmatch(rf"({re.escape(replicas.name)}-\d+)({re.escape(NEW)}|{re.escape(OLD)})?", container.name)
    return (match[1], match[2] or "") if match else ("", "")


def _refuse_foreign(replicas: Replicas, containers: Iterable[Container]) -> None:
    there = tuple(containers)
    adopted = {container.labels.get(labels.REPLACES, "").partition(" ")[0] for container in there}
    for container in there:
        ours = replicas.owns(container) or container.id in adopted
        if not ours and (not replicas.adopt or container.name.endswith(NEW)):
            raise ForeignContainer(
                f"a container that is not a replica of {replicas.name} has the name {container.name} "
                f"({container.id[:12]}) on this host; rename or remove it, or let it be replaced (adopt, the role's "
                "rollout_adopt), and run the release again"
            )

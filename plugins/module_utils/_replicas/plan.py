# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the containers that are there to the replicas that are wanted. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from .._engine.interface import Container
from .model import Replica, Replicas


class ForeignContainer(Exception):
    """A container that is not ours has the name of a replica; nothing may be done to it."""


@dataclass(frozen=True)
class Create:
    """The name is free: create and start."""

    replica: Replica


@dataclass(frozen=True)
class Replace:
    """The old one is stopped and removed, a new one takes its name."""

    replica: Replica
    old: Container


@dataclass(frozen=True)
class Start:
    """It is what is wanted, but it does not run."""

    replica: Replica
    container: Container


@dataclass(frozen=True)
class Keep:
    """It is what is wanted, and runs: leave it alone."""

    replica: Replica
    container: Container


@dataclass(frozen=True)
class Remove:
    """It is over the count."""

    container: Container


Operation = Union[Create, Replace, Start, Keep, Remove]


def plan(replicas: Replicas, wanted: Iterable[Replica], found: Iterable[Container]) -> list[Operation]:
    """
    Return the operations in the order in which they go.

    What was missing comes first, so that there is more before there is less; then what is
    replaced, one after the other; what is over the count goes last. Raises ForeignContainer.
    """
    there = {container.name: container for container in found}
    steps = [_step(replicas, replica, there.pop(replica.name, None)) for replica in wanted]
    surplus = [Remove(container) for container in there.values() if replicas.owns(container)]
    return sorted([*steps, *surplus], key=lambda step: _ORDER.index(type(step)))


_ORDER = (Keep, Start, Create, Replace, Remove)


def _step(replicas: Replicas, replica: Replica, container: Container | None) -> Operation:
    if container is None:
        return Create(replica)
    if not replicas.owns(container):
        raise ForeignContainer(
            f"a container that is no replica of {replicas.name} has the name {replica.name} "
            f"({container.id[:12]}) on this host; rename or remove it, and run the release again"
        )
    if not replica.fits(container):
        return Replace(replica, container)
    return Keep(replica, container) if container.state == "running" else Start(replica, container)

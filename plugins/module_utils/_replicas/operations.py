# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan is made of: operations, in tracks, in stages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple, Union

from .._engine.interface import Container, HostPort, RestartPolicy
from .model import Replica

#: Instead of an ID: the container that the same track has created.
CREATED = ""


@dataclass(frozen=True)
class Create:
    """Create a replica on trial under a name; ``replaces`` is what it is to replace, as its label has it."""

    replica: Replica
    name: str
    replaces: str = ""


@dataclass(frozen=True)
class Start:
    """Start it."""

    container_id: str


@dataclass(frozen=True)
class Await:
    """Wait until it is healthy; the track fails where it does not get so in time."""

    container_id: str


@dataclass(frozen=True)
class Rename:
    """Give it another name."""

    container_id: str
    name: str


@dataclass(frozen=True)
class SetRestartPolicy:
    """Give it another restart policy."""

    container_id: str
    policy: RestartPolicy


@dataclass(frozen=True)
class Drain:
    """Let what has the old address of a name come to an end with it."""

    seconds: float


@dataclass(frozen=True)
class Stop:
    """Stop it by its own signal, within its own time."""

    container_id: str
    seconds: int


@dataclass(frozen=True)
class Remove:
    """Remove it; it does not run."""

    container_id: str


Operation = Union[Create, Start, Await, Rename, SetRestartPolicy, Drain, Stop, Remove]

KEPT, STARTED, MADE, REPLACED, REMOVED, RESTORED = (
    "kept", "started", "created", "replaced", "removed", "restored",
)  # fmt: skip


@dataclass(frozen=True)
class Track:
    """
    The operations on one place, one after the other; ``action`` is what they come to.

    ``needs`` are the ports of the host that must be free for them, ``frees`` those that they free.
    ``interrupts`` says that something that serves is away for a while, or is put in question.
    """

    name: str
    action: str
    operations: tuple[Operation, ...]
    needs: tuple[HostPort, ...] = ()
    frees: tuple[HostPort, ...] = ()
    interrupts: bool = False

    @property
    def changes(self) -> bool:
        """Return whether something is done, and not only awaited."""
        return any(not isinstance(operation, (Await, Drain)) for operation in self.operations)


#: Tracks that go at the same time.
Stage = Tuple[Track, ...]


def put_aside(container: Container) -> tuple[Operation, ...]:
    """Return how a container is stopped so that it does not come back with the engine."""
    policy: tuple[Operation, ...] = ()
    if container.restart_policy != RestartPolicy():
        policy = (SetRestartPolicy(container.id, RestartPolicy()),)
    return (*policy, Stop(container.id, container.stop_timeout)) if container.running else policy


def discarded(container: Container) -> tuple[Operation, ...]:
    """Return how a container is stopped and removed."""
    return (*put_aside(container), Remove(container.id))


def restart_policy(container: Container, policy: RestartPolicy) -> tuple[Operation, ...]:
    """Return what gives a container its restart policy, nothing where it has it."""
    return () if container.restart_policy == policy else (SetRestartPolicy(container.id, policy),)


def start(container: Container) -> tuple[Operation, ...]:
    """Return what starts a container, nothing where it runs."""
    return () if container.running else (Start(container.id),)

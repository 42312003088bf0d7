# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations that a plan is made of. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Tuple, Union

from .._engine.interface import Container, RestartPolicy
from .model import Replica

#: Instead of an ID: the container that the same track has created.
CREATED = ""


@dataclass(frozen=True)
class Create:
    """Create a replica without its restart policy; ``replaces`` is the label that names what it replaces."""

    replica: Replica
    name: str
    replaces: str = ""
    cause: str = ""

    def text(self, _name: str) -> str:
        return f"create {self.name}"


@dataclass(frozen=True)
class Start:
    """Start a container."""

    container_id: str
    cause: str = ""

    def text(self, name: str) -> str:
        return f"start {name}"


@dataclass(frozen=True)
class WaitUntilHealthy:
    """Wait until a container is healthy; the track fails where it does not become so in time."""

    container_id: str
    cause: str = ""

    def text(self, name: str) -> str:
        return f"wait until {name} is healthy"


@dataclass(frozen=True)
class Rename:
    """Give a container another name."""

    container_id: str
    name: str
    cause: str = ""

    def text(self, name: str) -> str:
        return f"rename {name} to {self.name}"


@dataclass(frozen=True)
class SetRestartPolicy:
    """Give a container another restart policy."""

    container_id: str
    policy: RestartPolicy
    cause: str = ""

    def text(self, name: str) -> str:
        return f"set the restart policy of {name} to {self.policy}"


@dataclass(frozen=True)
class Drain:
    """Let a container run on for clients that still know its address by the name that it had."""

    container_id: str
    seconds: float
    cause: str = ""

    def text(self, name: str) -> str:
        return f"drain {name} for {self.seconds:g} s"


@dataclass(frozen=True)
class Stop:
    """Stop a container by its own signal, within its own time."""

    container_id: str
    seconds: int
    cause: str = ""

    def text(self, name: str) -> str:
        return f"stop {name}"


@dataclass(frozen=True)
class Remove:
    """Remove a container that does not run."""

    container_id: str
    cause: str = ""

    def text(self, name: str) -> str:
        return f"remove {name}"


Operation = Union[Create, Start, WaitUntilHealthy, Rename, SetRestartPolicy, Drain, Stop, Remove]
Operations = Tuple[Operation, ...]


def with_cause(cause: str, operations: Iterable[Operation]) -> Operations:
    """Return the operations, each with this cause where it has none of its own."""
    return tuple(replace(operation, cause=operation.cause or cause) for operation in operations)


def start_operations(container: Container) -> Operations:
    """Return what starts a container, nothing where it runs."""
    return () if container.running else (Start(container.id),)


def stop_operations(container: Container) -> Operations:
    """Return what stops a container so that it does not come back with the engine."""
    policy = restart_policy_operations(container, RestartPolicy())
    return (*policy, Stop(container.id, container.stop_timeout)) if container.running else policy


def removal_operations(container: Container) -> Operations:
    """Return what stops and removes a container."""
    return (*stop_operations(container), Remove(container.id))


def restart_policy_operations(container: Container, policy: RestartPolicy) -> Operations:
    """Return what gives a container its restart policy, nothing where it has it."""
    return () if container.restart_policy == policy else (SetRestartPolicy(container.id, policy),)

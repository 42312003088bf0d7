# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container engine as the rest of the collection knows it, without the SDK."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Callable, NamedTuple, Protocol

from .._definition.definition import Definition

STDOUT, STDERR = BOTH = 1, 2


class EngineError(Exception):
    """The engine refused a call; the message is its own."""


class EngineUnreachable(EngineError):
    """The engine did not answer, or this user has no access to it."""


class NoSuchContainer(EngineError):
    """The container is not there, or not there any more."""


class NameTaken(EngineError):
    """Another container has the name: somebody was faster, or it is not ours."""


class PullFailed(EngineError):
    """An image could not be pulled; the message is the cause."""


@dataclass(frozen=True)
class Image:
    """An image on a host; digests are those of repositories (``name@sha256:...``)."""

    id: str
    digests: tuple[str, ...] = ()


class Entry(NamedTuple):
    """
    An entry of a container's log: a line, or a part of a long one.

    ``stream`` is STDOUT or STDERR, ``stamp`` the engine's time as text, which sorts in the order of time.
    """

    stream: int
    stamp: str
    data: bytes


@dataclass(frozen=True)
class HostPort:
    """A port of the host; an empty address stands for all addresses."""

    number: int
    protocol: str = "tcp"
    address: str = ""

    def overlaps(self, other: HostPort) -> bool:
        """Return whether the two cannot be in use at the same time."""
        same = (self.number, self.protocol) == (other.number, other.protocol)
        return same and (not self.address or not other.address or self.address == other.address)

    def __str__(self) -> str:
        return f"{self.address and self.address + ':'}{self.number}/{self.protocol}"


@dataclass(frozen=True)
class Healthcheck:
    """A container's healthcheck; times in seconds, the engine's defaults filled in."""

    interval: float = 30.0
    timeout: float = 30.0
    retries: int = 3
    start_period: float = 0.0


@dataclass(frozen=True)
class RestartPolicy:
    """When the engine starts a container again: ``no``, ``on-failure``, ``always`` or ``unless-stopped``."""

    name: str = "no"
    retries: int = 0

    def __str__(self) -> str:
        return f"{self.name}:{self.retries}" if self.retries else self.name

    @staticmethod
    def read(text: str) -> RestartPolicy:
        """Return the policy that this text stands for."""
        name, _colon, retries = text.partition(":")
        return RestartPolicy(name, int(retries or 0))


@dataclass(frozen=True)
class Container:
    """
    A container as the engine shows it.

    ``state`` is one of created, running, paused, restarting, removing, exited, dead. ``exit_code``
    is None until it has exited. Times are the engine's, in UTC. ``environment`` includes the
    image's own. ``health`` is starting, healthy, unhealthy, or None without a healthcheck.
    ``stop_timeout`` is in seconds, the engine's default filled in. ``published`` maps a container
    port (``8000/tcp``) to addresses (``0.0.0.0:8001``) while it runs, and ``host_ports`` are those that
    it asks for whenever it runs. ``restarts`` is how often the engine has started it again by its
    ``restart_policy``. ``memory_limit`` is in bytes, 0 for none.
    """

    id: str
    name: str
    image_id: str
    state: str
    created_at: datetime
    argv: tuple[str, ...] = ()
    exit_code: int | None = None
    error: str = ""
    oom_killed: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    stop_timeout: int = 10
    health: str | None = None
    healthcheck: Healthcheck | None = None
    published: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    host_ports: tuple[HostPort, ...] = ()
    restart_policy: RestartPolicy = RestartPolicy()
    restarts: int = 0
    memory_limit: int = 0

    @property
    def running(self) -> bool:
        """Whether one of its processes may be running."""
        return self.state in ("running", "paused", "restarting")


class Clock(Protocol):
    """Time on this side: monotonic seconds, sleeping, and running several things at once."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment."""

    def sleep(self, seconds: float) -> None:
        """Sleep for that many seconds."""

    def together(self, works: Sequence[Callable[[], None]]) -> None:
        """Run all of them at the same time, and return when each has ended; none of them may raise."""


class Engine(Protocol):
    """
    The calls of the loops. Each may raise EngineError or one of its subclasses.

    Whatever changes a container addresses it by ID, because names move.
    """

    def identity(self) -> str:
        """Return the engine's own ID."""

    def now(self) -> datetime:
        """Return the engine's time, in UTC."""

    def image(self, reference: str) -> Image | None:
        """Return the image of that name, digest or ID, or None where the host has none."""

    def pull(self, reference: str, platform: str | None) -> None:
        """Pull an image; raise PullFailed."""

    def networks(self) -> frozenset[str]:
        """Return the names and IDs of all networks."""

    def volumes(self) -> frozenset[str]:
        """Return the names of all volumes."""

    def find(self, name: str) -> Container | None:
        """Return the container of exactly that name, or None."""

    def inspect(self, container_id: str) -> Container:
        """Return the container; raise NoSuchContainer."""

    def named(self, prefix: str) -> tuple[Container, ...]:
        """Return all containers whose names begin with the prefix, in the order of their names."""

    def holders(self, ports: Collection[HostPort]) -> tuple[tuple[HostPort, str], ...]:
        """Return those of the ports that are in use, with the name of the container that has each, or "" for another program."""

    def create(self, name: str, definition: Definition, image_id: str, labels: Mapping[str, str]) -> str:
        """Create a container of that image and return its ID; raise NameTaken."""

    def start(self, container_id: str) -> None:
        """Start it; where this raises EngineError, it stays as it was created."""

    def wait(self, container_id: str, seconds: float) -> None:
        """Wait until it has stopped, or for that many seconds."""

    def stop(self, container_id: str, seconds: int) -> None:
        """Stop it: its stop signal, then SIGKILL after those seconds."""

    def set_restart_policy(self, container_id: str, policy: RestartPolicy) -> None:
        """Give it another restart policy, whether it runs or not."""

    def rename(self, container_id: str, name: str) -> None:
        """Give it another name, which it may have already; raise NameTaken."""

    def remove(self, container_id: str) -> None:
        """Remove it with its anonymous volumes, unless it runs; do nothing where it is gone already."""

    def logs(self, container_id: str, streams: Collection[int] = BOTH, last: int = 0) -> Iterator[tuple[int, bytes]]:
        """Yield what it wrote to these streams, in order, as (STDOUT or STDERR, bytes): of the ``last`` entries, or all."""

    def entries(self, container_id: str, since: str) -> Iterator[Entry]:
        """Yield what it wrote from the moment ``since`` on (a stamp, or empty for all), in order."""

    def last_stamp(self, container_id: str) -> str:
        """Return the stamp of the last entry, empty where there is none; this is cheap for a log of any size."""

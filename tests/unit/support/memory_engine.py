# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container engine in memory: unique names, processes that end, and a clock that needs no waiting."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Callable

from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import Definition
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    BOTH,
    Container,
    EngineError,
    Entry,
    Healthcheck,
    HostPort,
    Image,
    NameTaken,
    NoSuchContainer,
    PullFailed,
    RestartPolicy,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_container import MemoryContainer
from ansible_collections.migrate_first.docker.tests.unit.support.memory_health import healthcheck_of

BEGINNING = datetime(2026, 1, 1, tzinfo=timezone.utc)

#: Seconds that a call takes, so that no two things happen at the same time.
CALL = 0.001

#: Calls after which a loop counts as endless.
MOST_CALLS = 20_000

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


class MemoryClock:
    """A clock on which time passes only while somebody waits; see Clock for the calls."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def monotonic(self) -> float:
        return self._seconds

    def sleep(self, seconds: float) -> None:
        self._seconds += seconds

    def together(self, works: Sequence[Callable[[], None]]) -> None:
        """Do the works one after the other, so that each test has one order."""
        for work in works:
            work()


@dataclass(frozen=True)
class MemoryImage(Image):
    """An image, with the environment and the healthcheck of its containers."""

    environment: Mapping[str, str] = field(default_factory=dict)
    healthcheck: Healthcheck | None = None


class MemoryEngine:
    """
    See Engine for the calls.

    ``images`` are those of the host by reference, ``registry`` those that can be pulled. The
    engine's own clock is ``skew`` seconds ahead of ours, and goes ``rate`` times as fast.
    """

    def __init__(
        self, clock: MemoryClock, images: Mapping[str, MemoryImage], skew: float = 0.0, rate: float = 1.0
    ) -> None:
        self.clock = clock
        self.images = dict(images)
        self.registry: dict[str, MemoryImage] = {}
        self.network_names = {"bridge", "host", "none"}
        self.volume_names: set[str] = set()
        self.listening: set[HostPort] = set()
        self.containers: dict[str, MemoryContainer] = {}
        self._skew = skew
        self._rate = rate
        self._created = 0
        self._calls = 0

    def identity(self) -> str:
        return "MEMORY"

    def now(self) -> datetime:
        self._calls += 1
        assert self._calls < MOST_CALLS, "a loop that calls the engine so often does not end"
        self.clock.sleep(CALL)
        now = BEGINNING + timedelta(seconds=self.clock.monotonic() * self._rate + self._skew)
        for container in self.containers.values():
            container.settle(now)
        return now

    def image(self, reference: str) -> Image | None:
        by_id = {image.id: image for image in self.images.values()}
        return self.images.get(reference) or by_id.get(reference)

    def pull(self, reference: str, platform: str | None) -> None:
        if reference not in self.registry:
            raise PullFailed(f"pull access denied for {reference}")
        self.images[reference] = self.registry[reference]

    def networks(self) -> frozenset[str]:
        return frozenset(self.network_names)

    def volumes(self) -> frozenset[str]:
        return frozenset(self.volume_names)

    def find(self, name: str) -> Container | None:
        now = self.now()
        return next((self._shown(one, now) for one in self.containers.values() if one.name == name), None)

    def inspect(self, container_id: str) -> Container:
        now = self.now()
        return self._shown(self._get(container_id), now)

    def named(self, prefix: str) -> tuple[Container, ...]:
        now = self.now()
        found = sorted(self.containers.values(), key=lambda container: container.name)
        return tuple(self._shown(one, now) for one in found if one.name.startswith(prefix))

    def holders(self, ports: Collection[HostPort]) -> tuple[tuple[HostPort, str], ...]:
        self.now()
        running = [one for one in self.containers.values() if one.state == "running"]
        held = [(_host_port(*it), one.name) for one in running for it in self._published(one).items()]
        held += [(port, "") for port in self.listening]
        return tuple((port, name) for port in ports for other, name in held if port.overlaps(other))

    def create(self, name: str, definition: Definition, image_id: str, labels: Mapping[str, str]) -> str:
        now = self.now()
        if not _NAME.fullmatch(name):
            raise EngineError(f"Invalid container name ({name})")
        self._refuse_taken(name)
        image = self.image(image_id)
        if not isinstance(image, MemoryImage):
            raise EngineError(f"No such image: {image_id}")
        if any(network["name"] == "host" for network in definition.options.get("networks", ())[1:]):
            raise EngineError("container cannot be connected to host network")
        self._created += 1
        container_id = hashlib.sha256(str(self._created).encode()).hexdigest()
        self.volume_names |= _anonymous_volumes(container_id, definition)
        self.containers[container_id] = MemoryContainer(
            id=container_id,
            name=name,
            image=image,
            definition=definition,
            labels={**definition.options.get("labels", {}), **labels},
            environment={**image.environment, **definition.environment},
            healthcheck=healthcheck_of(definition.options.get("healthcheck"), image.healthcheck),
            restart_policy=RestartPolicy(
                definition.options.get("restart_policy", "no"), definition.options.get("restart_retries", 0)
            ),
            created_at=now,
        )
        return container_id

    def start(self, container_id: str) -> None:
        now = self.now()
        container = self._get(container_id)
        if container.state == "running":
            return
        program = container.program
        try:
            if program is None:
                raise EngineError(f'exec: "{container.argv[:1]}": executable file not found in $PATH')
            self._bind(container)
        except EngineError as error:
            container.error = str(error)
            raise
        container.begin(program, now)

    def wait(self, container_id: str, seconds: float) -> None:
        now = self.now()
        container = self._get(container_id)
        if container.state != "running":
            return
        until = now + timedelta(seconds=seconds)
        self._sleep_until(min(until, container.ends_at or until))

    def stop(self, container_id: str, seconds: int) -> None:
        now = self.now()
        container = self._get(container_id)
        if container.state != "running":
            return
        container.stop(now, seconds)
        self._sleep_until(container.ends_at or now)

    def set_restart_policy(self, container_id: str, policy: RestartPolicy) -> None:
        self.now()
        self._get(container_id).restart_policy = policy

    def restarted(self) -> None:
        """Restart the engine itself; containers start again by their restart policies."""
        now = self.now()
        for container in self.containers.values():
            container.kill(now)
        for container in self.containers.values():
            if container.comes_back and container.program:
                try:
                    self._bind(container)
                except EngineError:
                    continue
                container.begin(container.program, now)

    def rename(self, container_id: str, name: str) -> None:
        container = self._get(container_id)
        if container.name != name:
            self._refuse_taken(name)
        container.name = name

    def remove(self, container_id: str) -> None:
        self.now()
        container = self.containers.get(container_id)
        if container is not None and container.state == "running":
            raise EngineError(f"You cannot remove a running container {container_id}")
        if container is not None:
            self.volume_names -= _anonymous_volumes(container_id, container.definition)
            del self.containers[container_id]

    def logs(self, container_id: str, streams: Collection[int] = BOTH, last: int = 0) -> Iterator[tuple[int, bytes]]:
        # Both streams' entries count among the last ones.
        for entry in [*self.entries(container_id, "")][-last:]:
            if entry.stream in streams:
                yield entry.stream, entry.data

    def entries(self, container_id: str, since: str) -> Iterator[Entry]:
        container = self._get(container_id)
        if container.definition.options.get("log_driver") in ("none", "syslog"):
            raise EngineError("configured logging driver does not support reading")
        yield from [entry for entry in container.entries if entry.stamp >= since]

    def last_stamp(self, container_id: str) -> str:
        self.now()
        return max((entry.stamp for entry in self.entries(container_id, "")), default="")

    def _get(self, container_id: str) -> MemoryContainer:
        try:
            return self.containers[container_id]
        except KeyError:
            raise NoSuchContainer(f"No such container: {container_id}") from None

    def _refuse_taken(self, name: str) -> None:
        if any(container.name == name for container in self.containers.values()):
            raise NameTaken(f'Conflict. The container name "/{name}" is already in use')

    def _sleep_until(self, moment: datetime) -> None:
        self.clock.sleep(max((moment - self.now()).total_seconds() / self._rate, 0.0))
        self.now()

    def _shown(self, container: MemoryContainer, now: datetime) -> Container:
        return container.describe(now, self._published(container))

    def _published(self, container: MemoryContainer) -> dict[str, str]:
        chosen = 49152 + list(self.containers).index(container.id)
        return {port: f"{address}:{host or chosen}" for port, (address, host) in container.ports.items()}

    def _bind(self, container: MemoryContainer) -> None:
        for network in container.definition.options.get("networks", ()):
            if network["name"] not in self.network_names:
                raise EngineError(f"network {network['name']} not found")
        others = [one for one in self.containers.values() if one.state == "running" and one is not container]
        taken = {address.rpartition(":")[2] for other in others for address in self._published(other).values()}
        for address in self._published(container).values():
            if address.rpartition(":")[2] in taken:
                raise EngineError(f"Bind for {address} failed: port is already allocated")


def _host_port(port: str, address: str) -> HostPort:
    host, _colon, number = address.rpartition(":")
    return HostPort(int(number), port.partition("/")[2], "" if host == "0.0.0.0" else host)


def _anonymous_volumes(container_id: str, definition: Definition) -> set[str]:
    paths = [volume for volume in definition.options.get("volumes", ()) if ":" not in volume]
    return {hashlib.sha256(f"{container_id}{path}".encode()).hexdigest() for path in paths}

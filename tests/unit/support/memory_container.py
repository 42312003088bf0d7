# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container of the engine in memory; its process runs by the clock of the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import Template

from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import Definition
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    STDERR,
    STDOUT,
    Container,
    Entry,
    Healthcheck,
    HostPort,
    Image,
    RestartPolicy,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_health import health_at
from ansible_collections.migrate_first.docker.tests.unit.support.programs import PROGRAMS, Program

#: Bytes of a line after which the engine begins another entry.
PART = 16384

#: Seconds that a process takes to obey SIGTERM.
OBEYING = 0.1

_PORT = re.compile(r"(?:(?P<address>\d+\.\d+\.\d+\.\d+):)?(?:(?P<host>\d+):)?(?P<port>\d+)(?:/(?P<protocol>\w+))?")


@dataclass
class MemoryContainer:
    """The state at the time of the last call of ``settle``."""

    id: str
    name: str
    image: Image
    definition: Definition
    labels: Mapping[str, str]
    environment: Mapping[str, str]
    healthcheck: Healthcheck | None
    created_at: datetime
    restart_policy: RestartPolicy
    restarts: int = 0
    stopped: bool = False
    state: str = "created"
    error: str = ""
    exit_code: int | None = None
    oom_killed: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    entries: list[Entry] = field(default_factory=list)
    _ending: tuple[datetime, int] | None = None

    @property
    def argv(self) -> tuple[str, ...]:
        options = self.definition.options
        return (*options.get("entrypoint", ()), *options.get("command", ()))

    @property
    def program(self) -> Program | None:
        return PROGRAMS.get(self.argv)

    @property
    def ports(self) -> dict[str, tuple[str, str]]:
        """Address and host port of each published port, the latter empty where the engine chooses."""
        matches = [_PORT.fullmatch(entry) for entry in self.definition.options.get("published_ports", ())]
        return {
            f"{match['port']}/{match['protocol'] or 'tcp'}": (match["address"] or "0.0.0.0", match["host"] or "")
            for match in matches
            if match
        }

    def begin(self, program: Program, now: datetime) -> None:
        """Start the process; of an earlier run only its output stays."""
        self.state, self.error, self.exit_code, self.finished_at = "running", "", None, None
        self.started_at, self.stopped, self._ending = now, False, None
        if program.seconds is not None:
            self._ending = now + timedelta(seconds=program.seconds), program.exit_code
        self._write(STDOUT, program.stdout, now)
        self._write(STDERR, program.stderr, now)

    def stop(self, now: datetime, seconds: float) -> None:
        """Let the process end as it obeys SIGTERM, or by SIGKILL after those seconds."""
        on_term = self.program.on_term if self.program else None
        obeys = on_term is not None and seconds > OBEYING
        ending = (OBEYING, on_term or 0) if obeys else (seconds, 137)
        end = now + timedelta(seconds=ending[0]), ending[1]
        self.stopped = True
        self._ending = min(end, self._ending) if self._ending else end

    def kill(self, now: datetime) -> None:
        """End the process at once, as a crash of its host does."""
        if self.state == "running":
            self.state, self.exit_code, self.finished_at, self._ending = "exited", 137, now, None

    @property
    def comes_back(self) -> bool:
        """Whether an engine that starts again starts it: with always, also one that was never started."""
        return self.restart_policy.name == "always" or (
            self.restart_policy.name in ("unless-stopped", "on-failure")
            and not self.stopped
            and self.started_at is not None
        )

    @property
    def ends_at(self) -> datetime | None:
        """When the process ends, as far as that is known by now."""
        return self._ending[0] if self._ending else None

    def settle(self, now: datetime) -> None:
        """Bring the state up to this time."""
        if self.state == "running" and self._ending and self._ending[0] <= now:
            self.state = "exited"
            (self.finished_at, self.exit_code), self._ending = self._ending, None
            if self.program and self._by_itself():
                self._write(STDOUT, self.program.last, self.finished_at)
            self.oom_killed = self.oom_killed or bool(self.program and self.program.out_of_memory)
            self._restart()

    def _restart(self) -> None:
        """Start the process again as an engine does, later each time."""
        again = {"always": True, "unless-stopped": True, "on-failure": bool(self.exit_code)}
        if self.program and self.finished_at and not self.stopped and again.get(self.restart_policy.name):
            self.restarts += 1
            delay = timedelta(seconds=0.1 * 2**self.restarts)
            self.begin(self.program, self.finished_at + delay)

    def _by_itself(self) -> bool:
        """Return whether its process has come to its own end, and was not stopped before."""
        took = (self.finished_at - self.started_at).total_seconds() if self.finished_at and self.started_at else 0.0
        return bool(self.program and self.program.seconds == took)

    def _write(self, stream: int, text: str, moment: datetime) -> None:
        """Write lines, variables filled in as a shell does, all at the same moment, long ones in parts."""
        written = Template(text).safe_substitute(self.environment).encode(errors="surrogateescape")
        stamp = f"{moment:%Y-%m-%dT%H:%M:%S.%f}000Z"
        lines = [line + b"\n" for line in written.split(b"\n")]
        lines[-1] = lines[-1][:-1]
        parts = [line[begin : begin + PART] for line in lines for begin in range(0, len(line), PART)]
        self.entries += [Entry(stream, stamp, part) for part in parts]

    def describe(self, now: datetime, published: Mapping[str, str]) -> Container:
        """Return the container as the engine shows it."""
        running = self.state == "running"
        return Container(
            id=self.id,
            name=self.name,
            image_id=self.image.id,
            state=self.state,
            created_at=self.created_at,
            argv=self.argv,
            exit_code=self.exit_code,
            error=self.error,
            oom_killed=self.oom_killed,
            started_at=self.started_at,
            finished_at=self.finished_at,
            labels=dict(self.labels),
            environment=dict(self.environment),
            stop_timeout=self.definition.options.get("stop_timeout", Container.stop_timeout),
            health=self._health(now),
            healthcheck=self.healthcheck,
            published={port: (address,) for port, address in published.items()} if running else {},
            host_ports=tuple(_requested_port(*it) for it in self.ports.items() if it[1][1]),
            restart_policy=self.restart_policy,
            restarts=self.restarts,
            memory_limit=_bytes(self.definition.options.get("memory", "0")),
        )

    def _health(self, now: datetime) -> str | None:
        if self.healthcheck is None or self.started_at is None:
            return None
        if self.state != "running":
            return "unhealthy"
        healthy_after = self.program.healthy_after if self.program else None
        return health_at((now - self.started_at).total_seconds(), self.healthcheck, healthy_after)


def _requested_port(port: str, bound: tuple[str, str]) -> HostPort:
    address, number = bound
    return HostPort(int(number), port.partition("/")[2], "" if address == "0.0.0.0" else address)


def _bytes(size: str) -> int:
    """Return a size of the tests, in which a unit is M or none."""
    return int(size.rstrip("M")) * (2**20 if size.endswith("M") else 1)

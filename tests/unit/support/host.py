# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host whose replicas are updated, episode by episode, with the checks that hold in each of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, Engine
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.health import up
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import (
    STOP_FIRST,
    Replicas,
    UpdatePolicy,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.reconcile import reconcile
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.result import Result
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.slots import NEW, OLD
from ansible_collections.migrate_first.docker.tests.unit.support.interrupted import Interrupted, Killed
from ansible_collections.migrate_first.docker.tests.unit.support.lab import memory_engine
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock
from ansible_collections.migrate_first.docker.tests.unit.support.programs import CRASH, SERVE, SERVE_HEALTHY, Program
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import HEALTHCHECK, replicas

#: Releases by name: those with small letters become healthy.
PROGRAMS: dict[str, Program] = {**dict.fromkeys("abcde", SERVE_HEALTHY), "UNHEALTHY": SERVE, "CRASH": CRASH}


@dataclass(frozen=True)
class Episode:
    """One execution: the wanted replicas, the update policy, and the event that interrupts it at a change."""

    release: str = "a"
    count: int = 2
    policy: UpdatePolicy = field(default_factory=lambda: UpdatePolicy(monitor=0.0))
    at: int = 0
    befalls: str = ""
    #: Whether the engine ends and comes back afterwards.
    restart: bool = False
    #: Whether the replicas have ports of the host, so that they cannot serve beside one another.
    ports: bool = False

    @property
    def comes_up(self) -> bool:
        return self.release.islower()


class Host:
    """An engine in memory that is checked after each change."""

    def __init__(self) -> None:
        self.clock = MemoryClock()
        self.engine = memory_engine(self.clock)
        self.fence = 0

    @property
    def containers(self) -> tuple[Container, ...]:
        return self.engine.named("shop-")

    @property
    def up(self) -> int:
        """The number of replicas that serve."""
        return sum(up(container) for container in self.containers)

    @property
    def clean(self) -> bool:
        """Whether all containers are replicas under their names."""
        return all(container.name.rpartition("-")[2].isdigit() for container in self.containers)

    def wanted(self, episode: Episode) -> Replicas:
        options: dict[str, Any] = {"healthcheck": HEALTHCHECK, "env": {"RELEASE": episode.release}}
        if episode.ports:
            options["published_ports"] = ["8001-8009:8000"]
        return replicas(
            "shop",
            episode.count,
            PROGRAMS[episode.release],
            {**options, "restart_policy": "always"},
            release=episode.release,
            fence=self.fence,
            update=episode.policy,
        )

    def play(self, episode: Episode) -> tuple[Result | None, int]:
        """Execute it; return the result, None where it was killed, and how many changes it has made."""
        self.fence += 1
        wanted = self.wanted(episode)
        # With start_first no replica is ever missing, except after an interruption.
        beside = (
            episode.policy.order != STOP_FIRST and not episode.ports and self.clean and self.up == len(self.containers)
        )
        least = min(self.up, episode.count) - (0 if beside else episode.policy.parallelism)

        def look() -> None:
            assert self.up >= least, f"{self.up} serve, and {least} must"

        engine = Interrupted(self.engine, episode.at, episode.befalls, look)
        result = None
        with suppress(Killed):
            result = reconcile(cast(Engine, engine), self.clock, wanted)
        if episode.restart:
            self._restart()
        return result, engine.changes

    def _restart(self) -> None:
        running = {container.id for container in self.containers if container.running}
        self.engine.restarted()
        back = [container.name for container in self.containers if container.running and container.id not in running]
        aside = [name for name in back if name.endswith((NEW, OLD))]
        assert not aside, f"{aside} were stopped on purpose, and have come back with the engine"
        self.clock.sleep(60.0)

    def settled(self, episode: Episode) -> list[tuple[str, str, bool]]:
        """Return the containers: names, IDs, and whether they serve."""
        return [(container.name, container.id, up(container)) for container in self.containers]

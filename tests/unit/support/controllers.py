# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controllers that follow a job on one engine, and a journal of the runs there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import cast

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Engine
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import Follower
from ansible_collections.migrate_first.docker.tests.unit.support.lab import memory_engine
from ansible_collections.migrate_first.docker.tests.unit.support.memory_container import MemoryContainer
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock, MemoryEngine
from ansible_collections.migrate_first.docker.tests.unit.support.processes import Process
from ansible_collections.migrate_first.docker.tests.unit.support.programs import Program
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request

#: The calls before which a controller can be held. Removing is none of them: it follows at once after a look at the
#: container, and no engine starts and ends a process in between.
CALLS = ("find", "named", "create", "start", "inspect", "wait", "stop", "rename", "logs")


class JournalEngine(MemoryEngine):
    """
    An engine whose first run is the first of the programs, and so on, and again from the first.

    ``started`` are all containers that were started, in their order; ``at_once`` are those that were started while
    another one was running.
    """

    def __init__(self, programs: Sequence[Program]) -> None:
        clock = MemoryClock()
        super().__init__(clock, memory_engine(clock).images)
        self.started: list[MemoryContainer] = []
        self.at_once: list[MemoryContainer] = []
        self._programs = cycle(programs)

    def start(self, container_id: str) -> None:
        now = self.now()
        container = self._get(container_id)
        if container.state == "running":
            return
        if any(other.state == "running" for other in self.containers.values()):
            self.at_once.append(container)
        self.started.append(container)
        container.begin(next(self._programs), now)


class Controller(Process):
    """One process that follows a job."""

    def __init__(self, engine: JournalEngine, job: Request) -> None:
        self.job = job
        self.follower = Follower(cast(Engine, self), self, job)
        super().__init__(engine, CALLS, self.follower.follow)

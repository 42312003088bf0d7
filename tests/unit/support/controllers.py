# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several controllers at one engine, of which one at a time goes on, for as many calls as it is let."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import cycle
from threading import Semaphore, Thread
from typing import Any, Callable, cast

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Engine, EngineUnreachable
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Job
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import Follower
from ansible_collections.migrate_first.docker.tests.unit.support.lab import memory_engine
from ansible_collections.migrate_first.docker.tests.unit.support.memory_container import MemoryContainer
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock, MemoryEngine
from ansible_collections.migrate_first.docker.tests.unit.support.programs import Program

#: The calls before which a controller can be held. Removing is none of them: it follows at once on
#: a look at what is removed, and no engine starts and ends a process in between.
CALLS = ("find", "named", "create", "start", "inspect", "wait", "stop", "rename", "logs")

#: What may befall a controller at such a call.
GO_ON, CRASH, REQUEST_LOST, ANSWER_LOST = "go on", "crash", "request lost", "answer lost"

AWAY = EngineUnreachable("the engine does not answer")


class JournalEngine(MemoryEngine):
    """
    An engine whose first run is the first of the programs, and so on, and again from the first.

    ``started`` are all containers that were started, in their order, whatever became of them;
    ``at_once`` those that were started while another one was running.
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


class Controller:
    """One process that follows a job; it waits before each call to the engine until it is let go on."""

    def __init__(self, engine: JournalEngine, job: Job) -> None:
        self.job = job
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.gone = False
        self.faults = 0
        self._engine = engine
        self.follower = Follower(cast(Engine, self), self, job)
        self._calls = 0.0
        self._befalls = GO_ON
        self._let = Semaphore(0)
        self._held = Semaphore(0)
        self._thread = Thread(target=self._follow, daemon=True)
        self._thread.start()

    def go_on(self, calls: float = math.inf, befalls: str = GO_ON) -> None:
        """Let it make that many calls, something befalling the first one, or come to its end before."""
        self._calls, self._befalls = calls, befalls
        self._let.release()
        self._held.acquire()

    def monotonic(self) -> float:
        return self._engine.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass; where others have gone on meanwhile, it has passed for all."""
        until = self.monotonic() + seconds
        self._hold()
        self._engine.clock.sleep(max(until - self.monotonic(), 0.0))

    def __getattr__(self, call: str) -> Callable[..., Any]:
        slow = {"wait": self._wait, "stop": self._stop}
        method = slow.get(call) or getattr(self._engine, call)

        def called(*arguments: Any) -> Any:
            befalls = self._hold()
            if befalls == REQUEST_LOST:
                raise AWAY
            answer = method(*arguments)
            if befalls == ANSWER_LOST:
                raise AWAY
            return answer

        return called if call in CALLS else method

    def _follow(self) -> None:
        self._let.acquire()
        try:
            self.result = self.follower.result()
        except BaseException as error:
            self.error = error
        finally:
            self.gone = True
            self._held.release()

    def _hold(self) -> str:
        """Wait until it may make a call, and return what befalls it."""
        while self._calls < 1:
            self._held.release()
            self._let.acquire()
        self._calls -= 1
        befalls, self._befalls = self._befalls, GO_ON
        if befalls == CRASH:
            raise Crashed
        self.faults += befalls != GO_ON
        return befalls

    def _wait(self, container_id: str, seconds: float) -> None:
        now = self._engine.now()
        container = self._engine._get(container_id)
        if container.state == "running":
            left = (container.ends_at - now).total_seconds() if container.ends_at else math.inf
            self.sleep(min(left, seconds))
            self._engine.now()

    def _stop(self, container_id: str, seconds: int) -> None:
        now = self._engine.now()
        container = self._engine._get(container_id)
        if container.state == "running":
            container.told_to_stop(now, seconds)
            self._wait(container_id, math.inf)


class Crashed(BaseException):
    """The controller is no more."""

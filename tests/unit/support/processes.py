# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several processes on one engine; a test lets one at a time go on for some calls."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from threading import Semaphore, Thread
from typing import Any, Callable

from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryEngine
from ansible_collections.migrate_first.docker.tests.unit.support.observed import AWAY

#: The events that may happen to a process at such a call.
GO_ON, CRASH, REQUEST_LOST, ANSWER_LOST = "go on", "crash", "request lost", "answer lost"


class Process:
    """
    Does its work with itself as engine and clock; it waits before each of ``calls`` until the test lets it go on.

    At its end it has a ``result`` or an ``error``; ``faults`` counts lost requests and answers.
    """

    def __init__(self, engine: MemoryEngine, calls: Collection[str], work: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.gone = False
        self.faults = 0
        self._engine = engine
        self._held_at = calls
        self._work = work
        self._calls = 0.0
        self._event = GO_ON
        self._let = Semaphore(0)
        self._held = Semaphore(0)
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def go_on(self, calls: float = math.inf, event: str = GO_ON) -> None:
        """Let it make that many calls, or come to its end; the event happens at the first call."""
        self._calls, self._event = calls, event
        self._let.release()
        self._held.acquire()

    def monotonic(self) -> float:
        return self._engine.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass; the time that others have waited meanwhile counts, too."""
        until = self.monotonic() + seconds
        self._hold()
        self._engine.clock.sleep(max(until - self.monotonic(), 0.0))

    def together(self, works: Sequence[Callable[[], None]]) -> None:
        for work in works:
            work()

    def __getattr__(self, call: str) -> Callable[..., Any]:
        slow = {"wait": self._wait, "stop": self._stop}
        method = slow.get(call) or getattr(self._engine, call)

        def called(*arguments: Any) -> Any:
            event = self._hold()
            if event == REQUEST_LOST:
                raise AWAY
            answer = method(*arguments)
            if event == ANSWER_LOST:
                raise AWAY
            return answer

        return called if call in self._held_at else method

    def _run(self) -> None:
        self._let.acquire()
        try:
            self.result = self._work()
        except BaseException as error:
            self.error = error
        finally:
            self.gone = True
            self._held.release()

    def _hold(self) -> str:
        """Wait until it may make a call, and return the event."""
        while self._calls < 1:
            self._held.release()
            self._let.acquire()
        self._calls -= 1
        event, self._event = self._event, GO_ON
        if event == CRASH:
            raise Crashed
        self.faults += event != GO_ON
        return event

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
            container.stop(now, seconds)
            self._wait(container_id, math.inf)


class Crashed(BaseException):
    """The process has crashed."""

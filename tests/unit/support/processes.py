# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several processes at one engine, of which one at a time goes on, for as many calls as it is let."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from threading import Semaphore, Thread
from typing import Any, Callable

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineUnreachable
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryEngine

#: What may befall a process at such a call.
GO_ON, CRASH, REQUEST_LOST, ANSWER_LOST = "go on", "crash", "request lost", "answer lost"

AWAY = EngineUnreachable("the engine does not answer")


class Process:
    """
    Does its work with itself as engine and clock; it waits before each of ``calls`` until it is let go on.

    ``result`` and ``error`` are its end; ``faults`` counts the calls that were lost.
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
        self._befalls = GO_ON
        self._let = Semaphore(0)
        self._held = Semaphore(0)
        self._thread = Thread(target=self._run, daemon=True)
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

    def together(self, works: Sequence[Callable[[], None]]) -> None:
        for work in works:
            work()

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
    """The process is no more."""

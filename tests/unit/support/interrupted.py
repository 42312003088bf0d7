# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands before an engine in memory: sees each change, and ends the execution that makes it at one of them."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryEngine

#: The calls that change something.
CHANGES = ("create", "start", "stop", "rename", "remove", "set_restart_policy")

#: What befalls the execution at a change: it is killed before it or after it, or the engine refuses it.
KILLED_BEFORE, KILLED_AFTER, REFUSED = "killed before", "killed after", "refused"


class Killed(BaseException):
    """The execution is no more."""


class Interrupted:
    """
    Passes each call on to the engine, until something befalls the change of that number, from 1.

    ``look`` is called after each change. ``changes`` counts them, ``met`` says whether it came to that number.
    """

    def __init__(
        self, engine: MemoryEngine, at: int = 0, befalls: str = "", look: Callable[[], None] | None = None
    ) -> None:
        self.changes = 0
        self.met = False
        self._engine = engine
        self._at = at
        self._befalls = befalls
        self._look = look

    def __getattr__(self, call: str) -> Callable[..., Any]:
        method = getattr(self._engine, call)

        def changing(*arguments: Any) -> Any:
            self.changes += 1
            here = self.changes == self._at
            self.met = self.met or here
            if here and self._befalls == KILLED_BEFORE:
                raise Killed
            if here and self._befalls == REFUSED:
                raise EngineError("no space left on device")
            answer = method(*arguments)
            if self._look:
                self._look()
            if here and self._befalls == KILLED_AFTER:
                raise Killed
            return answer

        return changing if call in CHANGES else method

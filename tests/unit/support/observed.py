# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands before an engine: counts the calls, and lets something happen between two of them."""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Engine, EngineError

Happening = Callable[..., object]


class Observed:
    """
    Passes each call on to the engine.

    What is to happen is called with the arguments of the call that it happens at.
    """

    def __init__(self, engine: Engine) -> None:
        self.calls: Counter[str] = Counter()
        self._engine = engine
        self._before: dict[str, list[Happening]] = {}
        self._after: dict[str, list[Happening]] = {}
        self._broken: dict[str, EngineError] = {}

    def before(self, call: str, *happenings: Happening) -> None:
        """Let one thing happen before the next call of that name, another before the one after it."""
        self._before.setdefault(call, []).extend(happenings)

    def after(self, call: str, *happenings: Happening) -> None:
        """Let one thing happen after the next call of that name, another after the one after it."""
        self._after.setdefault(call, []).extend(happenings)

    def breaks(self, call: str, error: EngineError) -> None:
        """Let every call of that name fail from now on, without reaching the engine."""
        self._broken[call] = error

    def forget(self) -> None:
        """Let nothing happen that has not happened yet."""
        self._before.clear()
        self._after.clear()

    def mended(self) -> None:
        """Let all calls reach the engine again."""
        self._broken.clear()

    def __getattr__(self, call: str) -> Callable[..., Any]:
        method = getattr(self._engine, call)

        def observed(*arguments: Any) -> Any:
            self.calls[call] += 1
            _next(self._before, call, arguments)
            if call in self._broken:
                raise self._broken[call]
            answer = method(*arguments)
            _next(self._after, call, arguments)
            return answer

        return observed


def failing(error: BaseException) -> Happening:
    """Return something that fails: for ``before`` or ``after``."""

    def fail(*_arguments: object) -> None:
        raise error

    return fail


def _next(happenings: dict[str, list[Happening]], call: str, arguments: tuple[Any, ...]) -> None:
    waiting = happenings.get(call)
    if waiting:
        waiting.pop(0)(*arguments)

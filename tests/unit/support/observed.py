# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wraps an engine: counts its calls, and runs actions of a test before or after them."""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    Engine,
    EngineError,
    EngineUnreachable,
)

Action = Callable[..., object]

AWAY = EngineUnreachable("the engine does not answer")


class Observed:
    """
    Passes each call on to the engine.

    An action of a test gets the arguments of the call that it belongs to.
    """

    def __init__(self, engine: Engine) -> None:
        self.calls: Counter[str] = Counter()
        self._engine = engine
        self._before: dict[str, list[Action]] = {}
        self._after: dict[str, list[Action]] = {}
        self._broken: dict[str, EngineError] = {}

    def before(self, call: str, *actions: Action) -> None:
        """Run one action before the next call of that name, another before the one after it."""
        self._before.setdefault(call, []).extend(actions)

    def after(self, call: str, *actions: Action) -> None:
        """Run one action after the next call of that name, another after the one after it."""
        self._after.setdefault(call, []).extend(actions)

    def breaks(self, call: str, error: EngineError) -> None:
        """Let every call of that name fail from now on, without reaching the engine."""
        self._broken[call] = error

    def forget(self) -> None:
        """Forget the actions that have not run yet."""
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


def failing(error: BaseException) -> Action:
    """Return an action that fails, for ``before`` or ``after``."""

    def fail(*_arguments: object) -> None:
        raise error

    return fail


def _next(actions: dict[str, list[Action]], call: str, arguments: tuple[Any, ...]) -> None:
    waiting = actions.get(call)
    if waiting:
        waiting.pop(0)(*arguments)

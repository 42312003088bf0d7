# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that is tried again: after a delay, with a log of its own, and the task returns the last result."""

from __future__ import annotations

from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import REPLY, Reply
from ansible_collections.migrate_first.docker.plugins.plugin_utils._runner_connection import INTERVAL
from ansible_collections.migrate_first.docker.tests.unit.support.actions import DROPPED, SUCCESS, Action, progress_reply
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock


def failed(again: float | None, attempts: int = 1) -> dict[str, Any]:
    """Return the answer of the module to a failed attempt, which is made again after those seconds."""
    sentence = "job exited with status 3."
    failure = {"outcome": "failed", "exit_code": 3, "failed": True, "diagnosis": sentence, "msg": sentence}
    return {**SUCCESS, **failure, "attempts": attempts, **Reply(retry_after=again).returned()}


def test_the_next_attempt_comes_after_its_delay(clock: MemoryClock, terminal_lines: list[str]) -> None:
    action = Action(failed(5.0), failed(10.0), SUCCESS)
    result = action.run_task()
    assert [call.attempt for call in action.calls] == [1, 2, 3]
    assert clock.monotonic() == 15.0
    assert (result["outcome"], result["attempts"], result.get("failed", False)) == ("succeeded", 3, False)
    assert REPLY not in result
    assert terminal_lines == [
        "h1 job | (job exited with status 3. Trying again in 5 s: attempt 2.)",
        "h1 job | (job exited with status 3. Trying again in 10 s: attempt 3.)",
    ]


def test_the_task_returns_the_failure_of_the_last_attempt(clock: MemoryClock) -> None:
    result = Action(failed(5.0), failed(None)).run_task()
    assert (result["outcome"], result["failed"], result["attempts"]) == ("failed", True, 2)
    assert clock.monotonic() == 5.0


def test_an_attempt_that_was_not_started_does_not_count_as_a_run() -> None:
    assert Action(failed(5.0, attempts=0), SUCCESS).run_task()["attempts"] == 1


def test_each_attempt_is_watched_separately() -> None:
    action = Action(progress_reply("4711"), failed(5.0), progress_reply("4712"), SUCCESS)
    action.run_task()
    assert [(call.attempt, call.watching) for call in action.calls] == [
        (1, ""),
        (1, "4711"),
        (2, ""),
        (2, "4712"),
    ]


def test_an_attempt_whose_answer_is_lost_is_not_counted_twice(clock: MemoryClock) -> None:
    action = Action(failed(5.0), DROPPED, failed(None))
    assert action.run_task()["attempts"] == 2
    assert [call.attempt for call in action.calls] == [1, 2, 2]
    assert clock.monotonic() == 5.0 + INTERVAL

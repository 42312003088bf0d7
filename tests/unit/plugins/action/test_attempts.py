# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that is tried again: after a delay, with another log, and the last result is the task's."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import REPLY, Reply
from ansible_collections.migrate_first.docker.plugins.plugin_utils._runner_connection import INTERVAL
from ansible_collections.migrate_first.docker.tests.unit.support.actions import SUCCESS, Action, unfinished
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock

DROPPED = AnsibleConnectionFailure("Connection closed by remote host")


def failed(again: float | None, attempts: int = 1) -> dict[str, Any]:
    """Return what the module answers of an attempt that is to be made again after those seconds."""
    sentence = "job exited with status 3."
    told = {"outcome": "failed", "exit_code": 3, "failed": True, "diagnosis": sentence, "msg": sentence}
    return {**SUCCESS, **told, "attempts": attempts, **Reply(retry_after=again).returned()}


def test_the_next_attempt_comes_after_its_delay(clock: MemoryClock, said: list[str]) -> None:
    action = Action(failed(5.0), failed(10.0), SUCCESS)
    result = action.played()
    assert [call.attempt for call in action.calls] == [1, 2, 3]
    assert clock.monotonic() == 15.0
    assert (result["outcome"], result["attempts"], result.get("failed", False)) == ("succeeded", 3, False)
    assert REPLY not in result
    assert said == [
        "h1 job | (job exited with status 3. Trying again in 5 s: attempt 2.)",
        "h1 job | (job exited with status 3. Trying again in 10 s: attempt 3.)",
    ]


def test_the_last_failure_is_the_tasks(clock: MemoryClock) -> None:
    result = Action(failed(5.0), failed(None)).played()
    assert (result["outcome"], result["failed"], result["attempts"]) == ("failed", True, 2)
    assert clock.monotonic() == 5.0


def test_what_was_never_started_is_no_run() -> None:
    assert Action(failed(5.0, attempts=0), SUCCESS).played()["attempts"] == 1


def test_each_attempt_is_watched_for_itself() -> None:
    action = Action(unfinished("4711"), failed(5.0), unfinished("4712"), SUCCESS)
    action.played()
    assert [(call.attempt, call.watching) for call in action.calls] == [
        (1, ""),
        (1, "4711"),
        (2, ""),
        (2, "4712"),
    ]


def test_an_attempt_whose_answer_is_lost_is_no_other_attempt(clock: MemoryClock) -> None:
    action = Action(failed(5.0), DROPPED, failed(None))
    assert action.played()["attempts"] == 2
    assert [call.attempt for call in action.calls] == [1, 2, 2]
    assert clock.monotonic() == 5.0 + INTERVAL


@pytest.mark.parametrize("options", [{"no_log": True}], ids=["no_log"])
def test_nothing_is_said_of_a_task_without_a_log(said: list[str], options: dict[str, Any]) -> None:
    Action(failed(5.0), SUCCESS, **options).played()
    assert said == []

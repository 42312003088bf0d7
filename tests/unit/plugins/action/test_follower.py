# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job is followed call by call, also over a connection that drops."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import REPLY, Call
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import LogRequest
from ansible_collections.migrate_first.docker.plugins.plugin_utils._follower import PATIENCE
from ansible_collections.migrate_first.docker.plugins.plugin_utils._invocation import invoked_by
from ansible_collections.migrate_first.docker.plugins.plugin_utils._runner_connection import INTERVAL
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    DROPPED,
    INVOCATION,
    RESULT,
    SUCCESS,
    Action,
    progress_reply,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock


def outcome(result: dict[str, Any]) -> tuple[str, bool, Any]:
    return result["outcome"], result.get("failed", False), result["exit_code"]


@pytest.mark.parametrize(
    ("options", "log"),
    [
        pytest.param({}, LogRequest(), id="live"),
        pytest.param({"live": False}, None, id="not live"),
    ],
)
def test_the_first_call_carries_no_progress(options: dict[str, Any], log: LogRequest | None) -> None:
    action = Action(SUCCESS, arguments={**ARGUMENTS, **options})
    action.run_task()
    assert action.calls == [Call(INVOCATION, invoked_by(), patience=PATIENCE, log=log)]


def test_each_call_names_the_container_that_the_one_before_has_watched() -> None:
    action = Action(progress_reply("4711"), progress_reply("4711"), SUCCESS)
    result = action.run_task()
    assert [call.watching for call in action.calls] == ["", "4711", "4711"]
    assert {key: result[key] for key in RESULT} == RESULT
    assert REPLY not in result


def test_each_call_carries_the_time_that_was_waited_for_others(clock: MemoryClock) -> None:
    action = Action(
        progress_reply(waiting=True),
        progress_reply(waiting=True),
        progress_reply("4711"),
        progress_reply(waiting=True),
        SUCCESS,
    )
    action.clock, action.seconds_of_a_call = clock, 15.0
    action.run_task()
    assert [call.waited for call in action.calls] == [0.0, 15.0, 30.0, 0.0, 15.0]


def test_the_reason_for_waiting_is_shown_once(terminal_lines: list[str]) -> None:
    first, second = (
        progress_reply(waiting=True, sentence="it is busy"),
        progress_reply(waiting=True, sentence="it is created"),
    )
    Action(first, first, second, progress_reply("4711", sentence="it runs"), SUCCESS).run_task()
    assert terminal_lines == ["h1 job | (it is busy)", "h1 job | (it is created)"]


def test_nothing_is_shown_of_a_task_with_no_log(terminal_lines: list[str]) -> None:
    Action(progress_reply(waiting=True), DROPPED, SUCCESS, no_log=True).run_task()
    assert terminal_lines == []


def test_a_job_is_followed_further_after_the_connection_drops(clock: MemoryClock, terminal_lines: list[str]) -> None:
    action = Action(progress_reply("4711"), DROPPED, DROPPED, progress_reply("4711"), DROPPED, SUCCESS)
    assert outcome(action.run_task()) == ("succeeded", False, 0)
    assert [call.watching for call in action.calls] == ["", *["4711"] * 5]
    assert action.connection.reset.call_count == 3
    assert action.connection._shell.tmpdir is None
    assert clock.monotonic() == 3 * INTERVAL
    # Once for each time that it has dropped.
    assert ["connection was lost" in sentence for sentence in terminal_lines] == [True, True]


def test_a_connection_that_cannot_be_reset_is_tried_again() -> None:
    action = Action(DROPPED, SUCCESS)
    action.connection.reset.side_effect = AnsibleError("cannot reset")
    assert outcome(action.run_task()) == ("succeeded", False, 0)


@pytest.mark.parametrize(("timeout", "seconds"), [(60, 60.0), ("1m", 60.0), (0, 0.0), (None, 300.0)])
def test_a_job_is_lost_where_the_runner_does_not_come_back_in_time(
    clock: MemoryClock, timeout: Any, seconds: float
) -> None:
    arguments = ARGUMENTS if timeout is None else {**ARGUMENTS, "reconnect_timeout": timeout}
    action = Action(progress_reply("4711"), DROPPED, arguments=arguments)
    result = action.run_task()
    assert outcome(result) == ("lost", True, None)
    assert str(DROPPED) in result["diagnosis"]
    assert seconds <= clock.monotonic() <= seconds + INTERVAL


def test_the_reconnect_timeout_begins_again_each_time(clock: MemoryClock) -> None:
    arguments = {**ARGUMENTS, "reconnect_timeout": 2 * INTERVAL}
    drops = [DROPPED, progress_reply("4711")] * 5
    assert outcome(Action(*drops, SUCCESS, arguments=arguments).run_task()) == ("succeeded", False, 0)
    assert clock.monotonic() == 5 * INTERVAL


def test_a_runner_that_cannot_be_reached_at_first_is_not_tried_again(clock: MemoryClock) -> None:
    action = Action(SUCCESS)
    action.connection.exec_command.side_effect = DROPPED
    result = action.run_task()
    assert outcome(result) == ("lost", True, None)
    assert (result["attempts"], result["changed"], action.executed) == (0, False, [])
    assert "was not run" in result["diagnosis"]
    assert clock.monotonic() == 0.0

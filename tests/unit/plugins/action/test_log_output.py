# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of a job reaches terminal and file while it runs, each line once, also over a connection that drops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import REPLY, Reply
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import LogChunk, LogCursor
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.packing import pack
from ansible_collections.migrate_first.docker.plugins.plugin_utils._log_file import LogFile
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    DROPPED,
    INVOCATION,
    SUCCESS,
    Action,
    earlier_result_of,
    progress_reply,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock

PASSWORD = "s3cret-password"


def with_log(answer: dict[str, Any], text: str, number: int, more: bool = False) -> dict[str, Any]:
    """Return an answer with output of the job, and the cursor behind it."""
    log = LogChunk(pack([(1, text.encode())]), {1: LogCursor("2026", number)}, more=more)
    return {**answer, **replace(Reply.take_from(dict(answer)), log=log).returned()}


RUNNING = progress_reply("4711")
#: One call after the other: each asks for the log behind the cursors of the answer before.
ANSWERS = [with_log(RUNNING, "one\n", 1), with_log(RUNNING, "two\nth", 2), with_log(SUCCESS, "ree\nfour", 3)]
LINES = ["h1 job | one", "h1 job | two", "h1 job | three", "h1 job | four"]


def lines(terminal_lines: list[str]) -> list[str]:
    return [line for text in terminal_lines for line in text.split("\n")]


def cursors(action: Action) -> list[Any]:
    """Return the entry of the standard output behind which each call reads the log."""
    return [call.log and [cursor.entries for cursor in call.log.cursors.values()] for call in action.calls]


def test_lines_are_shown_as_soon_as_a_call_returns_them(terminal_lines: list[str]) -> None:
    lines_before_each_call: list[int] = []

    class Watched(Action):
        def _execute_module(self, *arguments: Any, **options: Any) -> dict[str, Any]:
            lines_before_each_call.append(len(lines(terminal_lines)))
            return super()._execute_module(*arguments, **options)

    action = Watched(*ANSWERS)
    result = action.run_task()
    assert lines(terminal_lines) == LINES
    assert lines_before_each_call == [0, 1, 2]
    assert cursors(action) == [[], [1], [2]]
    assert REPLY not in result


def test_each_line_is_shown_once_over_a_connection_that_drops(terminal_lines: list[str]) -> None:
    action = Action(ANSWERS[0], DROPPED, ANSWERS[1], DROPPED, DROPPED, ANSWERS[2])
    action.run_task()
    # A call that is repeated is the same call.
    assert cursors(action) == [[], [1], [1], [2], [2], [2]]
    assert [line for line in lines(terminal_lines) if "connection was lost" not in line] == LINES
    assert len(lines(terminal_lines)) == len(LINES) + 2


def test_a_silent_job_shows_a_sign_of_life(clock: MemoryClock, terminal_lines: list[str]) -> None:
    silent = progress_reply("4711")
    silent[REPLY]["progress"].update(running=725.0, usual=600.0)
    action = Action(*[silent] * 70, SUCCESS)
    action.clock, action.seconds_of_a_call = clock, 1.0
    action.run_task()
    assert terminal_lines == ["h1 job | (running for 12 min 05 s; the last success took 10 min 00 s)"] * 2


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "job.log"


def run_with_file(path: Path, *answers: Any, **options: Any) -> tuple[Action, dict[str, Any]]:
    action = Action(*answers, arguments={**ARGUMENTS, "log_path": str(path), **options})
    return action, action.run_task()


def test_the_file_gets_the_whole_log(path: Path, terminal_lines: list[str]) -> None:
    action, result = run_with_file(path, *ANSWERS, command=["migrate", PASSWORD])
    assert [(call.log and call.log.whole) for call in action.calls] == [True] * 3
    text = path.read_text()
    assert f"#   release: {INVOCATION}\n#   image: shop:2.0\n#   command: ['migrate', '********']\none\n" in text
    assert "\none\ntwo\nthree\nfour\n# end\n#   outcome: succeeded\n" in text
    assert result["log_path"] == str(path)
    assert lines(terminal_lines) == LINES


def test_the_rest_of_a_long_log_is_read_by_further_calls(path: Path) -> None:
    rest = progress_reply()
    answers = [with_log(SUCCESS, "1\n", 1, more=True), with_log(rest, "2\n", 2, more=True), with_log(rest, "3\n", 3)]
    action, result = run_with_file(path, *answers)
    assert "\n1\n2\n3\n# end\n" in path.read_text()
    assert [(call.log and call.log.rest_of) for call in action.calls] == ["", *[SUCCESS["container_id"]] * 2]
    assert result["outcome"] == "succeeded"


def test_nothing_is_run_where_the_file_cannot_be_written(tmp_path: Path) -> None:
    action, result = run_with_file(tmp_path / "no/such/folder/log", SUCCESS)
    assert (result["outcome"], result["failed"], result["attempts"]) == ("not_started", True, 0)
    assert "log_path cannot be written" in result["diagnosis"]
    assert action.executed == []


def test_the_file_of_a_lost_job_has_a_footer(path: Path) -> None:
    run_with_file(path, ANSWERS[0], DROPPED, reconnect_timeout=0)
    assert "\none\n# end\n#   outcome: lost\n" in path.read_text()


def test_a_warning_is_given_where_the_file_does_not_have_the_whole_log(
    monkeypatch: pytest.MonkeyPatch, path: Path, terminal_lines: list[str]
) -> None:
    monkeypatch.setattr(LogFile, "end", lambda log, _result: setattr(log, "trouble", "No space left on device"))
    _action, result = run_with_file(path, *ANSWERS)
    assert (lines(terminal_lines), result["outcome"]) == (LINES, "succeeded")
    assert "No space left" in result["warnings"][0]


def test_a_later_batch_does_not_follow_the_log_again(path: Path, terminal_lines: list[str]) -> None:
    run_with_file(path, *ANSWERS)
    before, shown = path.read_text(), len(terminal_lines)
    action, _result = run_with_file(path, SUCCESS)
    assert (path.read_text(), len(terminal_lines)) == (before, shown)
    assert [call.log for call in action.calls] == [None]
    assert earlier_result_of(action.calls[0]).result["log_path"] == str(path)

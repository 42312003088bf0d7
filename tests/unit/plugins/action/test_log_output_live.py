# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job writes reaches terminal and file while it runs, each line once, whatever becomes of the connection."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import REPLY, Reply
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import LogChunk, LogCursor
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.packing import pack
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    INVOCATION,
    SUCCESS,
    Action,
    earlier,
    unfinished,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock

DROPPED = AnsibleConnectionFailure("Connection closed by remote host")

PASSWORD = "s3cret-password"


def with_log(answer: dict[str, Any], text: str, number: int, more: bool = False) -> dict[str, Any]:
    """Return an answer that tells also what the job has written, and up to which place."""
    log = LogChunk(pack([(1, text.encode())]), {1: LogCursor("2026", number)}, more=more)
    return {**answer, **replace(Reply.take_from(dict(answer)), log=log).returned()}


RUNNING = unfinished("4711")
#: One call after the other: the places in what is asked are those of the answer before.
ANSWERS = [with_log(RUNNING, "one\n", 1), with_log(RUNNING, "two\nth", 2), with_log(SUCCESS, "ree\nfour", 3)]
LINES = ["h1 job | one", "h1 job | two", "h1 job | three", "h1 job | four"]


def lines(said: list[str]) -> list[str]:
    return [line for text in said for line in text.split("\n")]


def places(action: Action) -> list[Any]:
    """Return behind which entry of the standard output each call asks for the log."""
    return [call.log and [cursor.entries for cursor in call.log.cursors.values()] for call in action.calls]


def test_lines_are_shown_when_a_call_has_told_of_them(said: list[str]) -> None:
    seen: list[int] = []

    class Watched(Action):
        def _execute_module(self, *arguments: Any, **options: Any) -> dict[str, Any]:
            seen.append(len(lines(said)))
            return super()._execute_module(*arguments, **options)

    action = Watched(*ANSWERS)
    result = action.played()
    assert lines(said) == LINES
    assert seen == [0, 1, 2]
    assert places(action) == [[], [1], [2]]
    assert REPLY not in result


def test_each_line_is_shown_once_over_a_connection_that_drops(said: list[str]) -> None:
    action = Action(ANSWERS[0], DROPPED, ANSWERS[1], DROPPED, DROPPED, ANSWERS[2])
    action.played()
    # A call that is made again is the same call.
    assert places(action) == [[], [1], [1], [2], [2], [2]]
    assert [line for line in lines(said) if "connection was lost" not in line] == LINES
    assert len(lines(said)) == len(LINES) + 2


@pytest.mark.parametrize(
    ("options", "no_log"),
    [({}, True), ({"live": True}, True), ({"live": False}, False)],
    ids=["no_log", "no_log and live", "not live"],
)
def test_nothing_is_shown_of_a_task_that_is_not_to_be(said: list[str], options: dict[str, Any], no_log: bool) -> None:
    action = Action(*ANSWERS, arguments={**ARGUMENTS, **options}, no_log=no_log)
    assert action.played()["outcome"] == "succeeded"
    assert said == []
    assert [call.log for call in action.calls] == [None] * 3


def test_a_silent_job_gives_a_sign_of_life(clock: MemoryClock, said: list[str]) -> None:
    silent = unfinished("4711")
    silent[REPLY]["progress"].update(running=725.0, usual=600.0)
    action = Action(*[silent] * 70, SUCCESS)
    action.clock, action.takes = clock, 1.0
    action.played()
    assert said == ["h1 job | (running for 12 min 05 s; the last success took 10 min 00 s)"] * 2


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "job.log"


def logged(path: Path, *answers: Any, **options: Any) -> tuple[Action, dict[str, Any]]:
    action = Action(*answers, arguments={**ARGUMENTS, "log_path": str(path), **options})
    return action, action.played()


@pytest.mark.parametrize("live", [True, False])
def test_the_file_has_all_of_it(path: Path, said: list[str], live: bool) -> None:
    action, result = logged(path, *ANSWERS, live=live, command=["migrate", PASSWORD])
    assert [(call.log and call.log.whole) for call in action.calls] == [True] * 3
    assert path.read_text().splitlines()[:10] == [
        "# begin",
        "#   job: h1 job",
        f"#   release: {INVOCATION}",
        "#   image: shop:2.0",
        "#   command: ['migrate', '********']",
        "one",
        "two",
        "three",
        "four",
        "# end",
    ]
    assert "#   outcome: succeeded\n#   exit_code: 0\n" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert result["log_path"] == str(path)
    assert lines(said) == (LINES if live else [])


def test_what_is_more_than_one_answer_carries_is_asked_for(path: Path) -> None:
    rest = unfinished()
    answers = [with_log(SUCCESS, "1\n", 1, more=True), with_log(rest, "2\n", 2, more=True), with_log(rest, "3\n", 3)]
    action, result = logged(path, *answers)
    assert "\n1\n2\n3\n# end\n" in path.read_text()
    assert [(call.log and call.log.rest_of) for call in action.calls] == ["", *[SUCCESS["container_id"]] * 2]
    assert result["outcome"] == "succeeded"


@pytest.mark.parametrize("where", ["no/such/folder/log", "", "/dev/full"])
def test_a_file_that_cannot_be_written_is_said_before_anything_is_run(tmp_path: Path, where: str) -> None:
    action, result = logged(tmp_path / where, SUCCESS)
    assert (result["outcome"], result["failed"], result["attempts"]) == ("not_started", True, 0)
    assert "log_path cannot be written" in result["diagnosis"]
    assert action.executed == []


def test_a_job_that_is_lost_has_a_footer_too(path: Path) -> None:
    logged(path, ANSWERS[0], DROPPED, reconnect_timeout=0)
    assert "\none\n# end\n#   outcome: lost\n" in path.read_text()


def test_a_file_that_cannot_be_written_any_more_costs_nobody_the_result(
    monkeypatch: pytest.MonkeyPatch, path: Path, said: list[str]
) -> None:
    real = os.fdopen

    class Full:
        """A file that takes a header, and then nothing any more."""

        def __init__(self, descriptor: int, mode: str, **_options: Any) -> None:
            self._file = real(descriptor, mode)
            self.close = self._file.close

        def write(self, data: bytes) -> None:
            if not data.startswith(b"# begin"):
                raise OSError("No space left on device")

        def flush(self) -> None:
            pass

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", lambda *given, **options: (Full if given[1] == "ab" else real)(*given, **options))
        _action, result = logged(path, *ANSWERS)
    assert lines(said) == LINES
    assert result["outcome"] == "succeeded"
    assert "No space left" in result["warnings"][0]


def test_a_batch_that_comes_later_listens_to_nothing(path: Path, said: list[str]) -> None:
    logged(path, *ANSWERS)
    before, shown = path.read_text(), len(said)
    action, _result = logged(path, SUCCESS)
    assert (path.read_text(), len(said)) == (before, shown)
    assert [call.log for call in action.calls] == [None]
    assert earlier(action.calls[0]).result["log_path"] == str(path)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of a job is returned while it runs, each byte once, whatever it writes and whatever driver keeps its log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import STDERR, STDOUT
from ansible_collections.migrate_first.docker.plugins.module_utils._job.log import log_of, log_of_container
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Progress
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import ResultOrProgress, run
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import (
    MOST,
    LogChunk,
    LogCursor,
    LogRequest,
)
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    FAIL,
    MANY_LINES,
    MANY_LINES_TWICE,
    NO_TEXT,
    SERVE,
    SPEAK_TWICE,
    SPLIT_PASSWORD,
    SUCCEED,
    WITHOUT_END,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

PASSWORD = "s3cret-password"

#: Drivers whose logs the engine cannot read, with their options; it keeps a copy for itself unless that is disabled.
UNREADABLE = {"none": {}, "syslog": {"syslog-address": "udp://127.0.0.1:5514", "cache-disabled": "true"}}


class Reader:
    """Follows a job and its log as the action does; ``shown`` is what it has read of each stream."""

    def __init__(self, lab: Lab, request: Request, whole: bool = False) -> None:
        self.shown = {STDOUT: b"", STDERR: b""}
        self.skipped = 0
        self.largest = 0
        self.trouble = ""
        self._lab = lab
        self._request = request
        self._log = LogRequest(whole=whole)

    def call_once(self, lost: bool = False) -> ResultOrProgress:
        """Make one call; where its answer is lost, the next one is the same."""
        engine, job = self._lab.engine, self._request
        ended = run(engine, self._lab.clock, job, job)
        chunk = log_of(engine, job, self._log, ended)
        if lost:
            return ended
        if not isinstance(ended, Result):
            self._request = replace(job, watching=ended.watching)
        if chunk:
            self.take(chunk)
        while chunk and chunk.more and isinstance(ended, Result) and ended.container_id:
            chunk = log_of_container(engine, job, self._log, ended.container_id)
            self.take(chunk)
        return ended

    def take(self, answer: LogChunk) -> None:
        chunk = LogChunk.from_returned(answer.returned())
        self._log = replace(self._log, cursors=chunk.cursors)
        self.skipped += chunk.skipped
        self.trouble = chunk.trouble
        pieces = list(chunk.pieces)
        self.largest = max(self.largest, sum(len(data) for _stream, data in pieces))
        for stream, data in pieces:
            self.shown[stream] += data

    def to_the_end(self) -> Result:
        while True:
            ended = self.call_once()
            if isinstance(ended, Result):
                return ended


def reader(lab: Lab, program: Program, whole: bool = False, **fields: Any) -> Reader:
    return Reader(lab, job(lab.name("job"), program, **{"patience": 0.3, "creator": "this one", **fields}), whole)


def secret(program: Program) -> dict[str, Any]:
    return {"program": program, "container": {"secret_env": {"PGPASSWORD": PASSWORD}}}


def test_the_output_of_a_run_is_returned_while_it_runs(lab: Lab) -> None:
    reading = reader(lab, SPEAK_TWICE)
    lab.until(lambda: not isinstance(reading.call_once(), Result) and reading.shown[STDOUT] == b"begun\n")
    assert lab.there(lab.name("job")).running
    assert reading.to_the_end().outcome == "succeeded"
    assert reading.shown == {STDOUT: b"begun\nended\n", STDERR: b""}


def test_both_streams_of_a_short_run_are_returned(lab: Lab) -> None:
    reading = reader(lab, FAIL)
    reading.to_the_end()
    assert reading.shown == {STDOUT: FAIL.stdout.encode(), STDERR: FAIL.stderr.encode()}


def test_a_lost_answer_is_returned_again(lab: Lab) -> None:
    reading = reader(lab, SPEAK_TWICE)
    for _number in range(3):
        reading.call_once(lost=True)
        reading.call_once()
    reading.to_the_end()
    assert reading.shown[STDOUT] == b"begun\nended\n"


def test_an_invocation_that_joins_gets_the_output_from_the_beginning(lab: Lab) -> None:
    start_elsewhere(lab, job(lab.name("job"), SPEAK_TWICE, invocation="b"))
    reading = reader(lab, SPEAK_TWICE)
    assert reading.to_the_end().joined
    assert reading.shown[STDOUT] == b"begun\nended\n"


def test_a_secret_that_is_split_over_two_entries_is_hidden(lab: Lab) -> None:
    reading = reader(lab, **secret(SPLIT_PASSWORD))
    result = reading.to_the_end()
    assert reading.shown[STDOUT] == b"x" * 16380 + b"********\n********.\n"
    assert PASSWORD not in result.stdout


def test_the_secrets_of_the_run_are_hidden_from_a_task_with_other_secrets(lab: Lab) -> None:
    start_elsewhere(lab, job(lab.name("job"), invocation="b", **secret(SPLIT_PASSWORD)))
    changed = job(lab.name("job"), SPLIT_PASSWORD, container={"secret_env": {"PGPASSWORD": "a-newer-one"}})
    # It is another definition, which only the same invocation may join.
    reading = Reader(lab, replace(changed, invocation="b", patience=0.3))
    result = reading.to_the_end()
    assert reading.shown[STDOUT].endswith(b"********\n********.\n")
    assert PASSWORD not in result.stdout


def test_output_that_is_no_text_is_returned_unchanged(lab: Lab) -> None:
    reading = reader(lab, NO_TEXT)
    result = reading.to_the_end()
    # A driver that keeps the log as JSON has replaced bytes that are no UTF-8.
    assert reading.shown[STDOUT].decode(errors="replace") == NO_TEXT.stdout.replace("\udcff", "\ufffd")
    assert (result.outcome, "nul \0 bad \ufffd" in result.stdout) == ("succeeded", True)


much_output = pytest.mark.parametrize("program", [WITHOUT_END, MANY_LINES], ids=["one line", "many lines"])


@much_output
def test_a_terminal_gets_the_end_of_much_output(lab: Lab, program: Program) -> None:
    reading = reader(lab, program)
    result = reading.to_the_end()
    assert (result.outcome, result.output_truncated) == ("succeeded", True)
    assert len(result.stdout) + program.stdout.endswith("\n") == 65536
    assert 0 < reading.largest <= MOST
    assert reading.shown[STDOUT].count(b"\n") + reading.skipped == program.stdout.count("\n")
    assert program.stdout.encode().endswith(reading.shown[STDOUT][-8:])


@much_output
def test_a_file_gets_all_of_much_output(lab: Lab, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{LogChunk.__module__}.MOST_PACKED", 50_000)
    reading = reader(lab, program, whole=True)
    reading.to_the_end()
    # Many lines come in several answers.
    assert reading.largest < len(program.stdout) / 2 or program is WITHOUT_END
    assert (reading.skipped, reading.shown[STDOUT]) == (0, program.stdout.encode())


@pytest.mark.parametrize("whole", [False, True], ids=["terminal", "file"])
def test_a_rotated_log_is_returned_once_as_far_as_it_is_kept(lab: Lab, whole: bool) -> None:
    small = {"log_driver": "json-file", "log_options": {"max-size": "200k", "max-file": "2"}}
    reading = reader(lab, MANY_LINES_TWICE, whole=whole, container=small)
    lab.until(lambda: not isinstance(reading.call_once(), Result) and b"\n50000\n" in reading.shown[STDOUT])
    result = reading.to_the_end()
    assert (result.outcome, result.exit_code) == ("succeeded", 0)
    assert result.stdout.endswith("\n99999\n100000")
    shown = [int(line) for line in reading.shown[STDOUT].splitlines()]
    assert shown == sorted(set(shown))
    # The engine kept the last lines and those before the pause.
    kept = b"".join(data for _stream, data in lab.outside.logs(str(result.container_id))).splitlines()
    assert {int(line) for line in kept[-1000:]} | {50_000} <= set(shown)


@pytest.mark.parametrize("program", [SUCCEED, FAIL], ids=["succeeds", "fails"])
@pytest.mark.parametrize("driver", UNREADABLE)
def test_a_log_that_cannot_be_read_does_not_change_the_outcome(lab: Lab, program: Program, driver: str) -> None:
    reading = reader(lab, program, container={"log_driver": driver, "log_options": UNREADABLE[driver]})
    result = reading.to_the_end()
    assert result.exit_code == program.exit_code
    assert result.outcome == ("failed" if program.exit_code else "succeeded")
    assert (result.stdout, result.stderr) == ("", "")
    assert "Its output cannot be read" in result.diagnosis
    assert "read" in reading.trouble
    assert reading.shown == {STDOUT: b"", STDERR: b""}


def test_a_call_that_follows_the_log_returns_when_there_is_new_output(lab: Lab) -> None:
    wanted = job(lab.name("job"), SERVE, patience=20.0, log=LogRequest())
    start_elsewhere(lab, wanted)
    began = lab.clock.monotonic()
    progress = run(lab.engine, lab.clock, wanted, wanted)
    assert isinstance(progress, Progress)
    assert lab.clock.monotonic() - began < 10
    log = LogRequest({STDOUT: LogCursor(lab.outside.last_stamp(progress.watching))})
    silent = replace(wanted, patience=3.0, log=log, watching=progress.watching)
    began = lab.clock.monotonic()
    assert isinstance(run(lab.engine, lab.clock, silent, silent), Progress)
    assert lab.clock.monotonic() - began >= 3

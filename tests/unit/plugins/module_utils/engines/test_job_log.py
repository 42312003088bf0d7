# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job writes is told while it runs, each byte once, whatever it writes and however its log is kept."""

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
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, start_elsewhere
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
    TELL_PASSWORD,
    WITHOUT_END,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

PASSWORD = "s3cret-password"

#: Drivers whose logs the engine cannot read, with their options; it keeps a copy for itself unless it is told not to.
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


def test_what_is_written_is_told_while_it_runs(lab: Lab) -> None:
    reading = reader(lab, SPEAK_TWICE)
    lab.until(lambda: not isinstance(reading.call_once(), Result) and reading.shown[STDOUT] == b"begun\n")
    assert lab.there(lab.name("job")).running
    assert reading.to_the_end().outcome == "succeeded"
    assert reading.shown == {STDOUT: b"begun\nended\n", STDERR: b""}


def test_both_streams_are_told_of_a_run_that_has_ended_at_once(lab: Lab) -> None:
    reading = reader(lab, FAIL)
    reading.to_the_end()
    assert reading.shown == {STDOUT: FAIL.stdout.encode(), STDERR: FAIL.stderr.encode()}


def test_an_answer_that_is_lost_is_given_again(lab: Lab) -> None:
    reading = reader(lab, SPEAK_TWICE)
    for _number in range(3):
        reading.call_once(lost=True)
        reading.call_once()
    reading.to_the_end()
    assert reading.shown[STDOUT] == b"begun\nended\n"


def test_who_joins_is_told_from_the_beginning(lab: Lab) -> None:
    start_elsewhere(lab, job(lab.name("job"), SPEAK_TWICE, invocation="b"))
    reading = reader(lab, SPEAK_TWICE)
    assert reading.to_the_end().joined
    assert reading.shown[STDOUT] == b"begun\nended\n"


def test_what_has_run_before_is_not_told_again(lab: Lab) -> None:
    run_job(lab, job(lab.name("job"), invocation="b"))
    reading = reader(lab, SUCCEED)
    assert reading.to_the_end().reused
    assert reading.shown[STDOUT] == b""


def test_a_secret_in_two_entries_is_told_to_nobody(lab: Lab) -> None:
    reading = reader(lab, **secret(SPLIT_PASSWORD))
    result = reading.to_the_end()
    assert reading.shown[STDOUT] == b"x" * 16380 + b"********\n********.\n"
    assert PASSWORD not in result.stdout


def test_the_secrets_of_the_run_count_for_who_has_others(lab: Lab) -> None:
    start_elsewhere(lab, job(lab.name("job"), invocation="b", **secret(SPLIT_PASSWORD)))
    changed = job(lab.name("job"), SPLIT_PASSWORD, container={"secret_env": {"PGPASSWORD": "a-newer-one"}})
    # It is another definition, which only the same invocation may join.
    reading = Reader(lab, replace(changed, invocation="b", patience=0.3))
    result = reading.to_the_end()
    assert reading.shown[STDOUT].endswith(b"********\n********.\n")
    assert PASSWORD not in result.stdout


def test_a_short_value_is_no_secret(lab: Lab) -> None:
    reading = reader(lab, TELL_PASSWORD, container={"secret_env": {"PGPASSWORD": "0"}})
    result = reading.to_the_end()
    assert reading.shown[STDOUT] == b"password is 0\n"
    assert (result.stdout, result.exit_code) == ("password is 0", 0)


def test_a_key_is_told_to_nobody(lab: Lab) -> None:
    key = "-----BEGIN KEY-----\nMC4CAQAwBQYDK2Vw\nBCIEIAjlsGcxW1Tq\n-----END KEY-----\n"
    reading = reader(lab, TELL_PASSWORD, container={"secret_env": {"PGPASSWORD": key}})
    result = reading.to_the_end()
    for told in (reading.shown[STDOUT].decode(), result.stdout):
        assert told.startswith("password is ********")
        assert not [line for line in key.splitlines() if line in told]


def test_the_password_of_a_url_is_told_to_nobody(lab: Lab) -> None:
    url = f"postgres://shop:{PASSWORD.replace('-', '%2D')}@db/shop"
    container = {"secret_env": {"DATABASE_URL": url}, "env": {"PGPASSWORD": PASSWORD}}
    reading = reader(lab, TELL_PASSWORD, container=container)
    assert reading.to_the_end().stdout == "password is ********"
    assert reading.shown[STDOUT] == b"password is ********\n"


def test_what_is_no_text_comes_through_as_it_is(lab: Lab) -> None:
    reading = reader(lab, NO_TEXT)
    result = reading.to_the_end()
    # What keeps the log as JSON has replaced bytes that are no UTF-8 already.
    assert reading.shown[STDOUT].decode(errors="replace") == NO_TEXT.stdout.replace("\udcff", "\ufffd")
    assert (result.outcome, "nul \0 bad \ufffd" in result.stdout) == ("succeeded", True)


def test_a_line_without_end_fills_no_memory(lab: Lab) -> None:
    reading = reader(lab, WITHOUT_END)
    result = reading.to_the_end()
    assert (result.outcome, len(result.stdout), result.output_truncated) == ("succeeded", 65536, True)
    assert 0 < reading.largest <= MOST
    assert set(reading.shown[STDOUT]) == {ord("x")}


def test_a_line_without_end_is_whole_for_a_file(lab: Lab) -> None:
    reading = reader(lab, WITHOUT_END, whole=True)
    reading.to_the_end()
    assert reading.shown[STDOUT] == WITHOUT_END.stdout.encode()


def test_of_many_lines_those_left_out_are_counted(lab: Lab) -> None:
    reading = reader(lab, MANY_LINES)
    reading.to_the_end()
    assert reading.largest <= MOST
    assert reading.skipped
    assert reading.shown[STDOUT].count(b"\n") + reading.skipped == 200_000
    assert reading.shown[STDOUT].endswith(b"\n200000\n")


def test_of_many_lines_none_is_lost_for_a_file(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{LogChunk.__module__}.MOST_PACKED", 50_000)
    reading = reader(lab, MANY_LINES, whole=True)
    reading.to_the_end()
    assert reading.largest < len(MANY_LINES.stdout) / 2
    assert (reading.skipped, reading.shown[STDOUT]) == (0, MANY_LINES.stdout.encode())


@pytest.mark.parametrize("whole", [False, True], ids=["terminal", "file"])
def test_of_a_log_that_is_rotated_what_is_there_is_told_once(lab: Lab, whole: bool) -> None:
    small = {"log_driver": "json-file", "log_options": {"max-size": "200k", "max-file": "2"}}
    reading = reader(lab, MANY_LINES_TWICE, whole=whole, container=small)
    lab.until(lambda: not isinstance(reading.call_once(), Result) and b"\n50000\n" in reading.shown[STDOUT])
    result = reading.to_the_end()
    assert (result.outcome, result.exit_code) == ("succeeded", 0)
    assert result.stdout.endswith("\n99999\n100000")
    told = [int(line) for line in reading.shown[STDOUT].splitlines()]
    assert told == sorted(set(told))
    # What was in the log in the end, and before the pause, was there to be told.
    kept = b"".join(data for _stream, data in lab.outside.logs(str(result.container_id))).splitlines()
    assert {int(line) for line in kept[-1000:]} | {50_000} <= set(told)


@pytest.mark.parametrize("program", [SUCCEED, FAIL], ids=["succeeds", "fails"])
@pytest.mark.parametrize("driver", UNREADABLE)
def test_a_log_that_cannot_be_read_changes_no_outcome(lab: Lab, program: Program, driver: str) -> None:
    reading = reader(lab, program, container={"log_driver": driver, "log_options": UNREADABLE[driver]})
    result = reading.to_the_end()
    assert result.exit_code == program.exit_code
    assert result.outcome == ("failed" if program.exit_code else "succeeded")
    assert (result.stdout, result.stderr) == ("", "")
    assert "Its output cannot be read" in result.diagnosis
    assert "read" in reading.trouble
    assert reading.shown == {STDOUT: b"", STDERR: b""}


def test_a_call_that_listens_returns_when_there_is_something_to_hear(lab: Lab) -> None:
    wanted = job(lab.name("job"), SERVE, patience=20.0, log=LogRequest())
    start_elsewhere(lab, wanted)
    begun = lab.clock.monotonic()
    told = run(lab.engine, lab.clock, wanted, wanted)
    assert isinstance(told, Progress)
    assert lab.clock.monotonic() - begun < 10
    log = LogRequest({STDOUT: LogCursor(lab.outside.last_stamp(told.watching))})
    silent = replace(wanted, patience=3.0, log=log, watching=told.watching)
    begun = lab.clock.monotonic()
    assert isinstance(run(lab.engine, lab.clock, silent, silent), Progress)
    assert lab.clock.monotonic() - begun >= 3

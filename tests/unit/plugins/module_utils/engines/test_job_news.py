# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job writes is told while it runs, each byte once, whatever it writes and however its log is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import STDERR, STDOUT
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Job
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result, Unfinished
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import Told, heard, listened, run
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import MOST, read
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import carried_out, running_elsewhere
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
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

PASSWORD = "s3cret-password"

#: Drivers whose logs the engine cannot read, with their options; it keeps a copy for itself unless it is told not to.
UNREADABLE = {"none": {}, "syslog": {"syslog-address": "udp://127.0.0.1:5514", "cache-disabled": "true"}}


class Listener:
    """Follows a job as the action does, and listens; ``shown`` is what it was told of each stream."""

    def __init__(self, lab: Lab, wanted: Job, whole: bool = False) -> None:
        self.shown = {STDOUT: b"", STDERR: b""}
        self.skipped = 0
        self.largest = 0
        self.trouble = ""
        self._lab = lab
        self._job = wanted
        self._follow: Mapping[str, Any] = {"places": {}, "whole": whole}

    def once(self, lost: bool = False) -> Told:
        """Make one call; where its answer is lost, the next one will be the same."""
        told = run(self._lab.engine, self._lab.clock, self._job)
        news = heard(self._lab.engine, self._job, told, self._follow)
        if lost:
            return told
        if not isinstance(told, Result):
            self._job = replace(self._job, watching=told.watching)
        if news:
            self.take(news.returned())
        while news and news.more and isinstance(told, Result) and told.container_id:
            news = listened(self._lab.engine, self._job, told.container_id, self._follow)
            self.take(news.returned())
        return told

    def take(self, returned: Mapping[str, Any]) -> None:
        self._follow = {**self._follow, "places": returned["places"]}
        self.skipped += returned["skipped"]
        self.trouble = returned["trouble"]
        pieces = list(read(returned))
        self.largest = max(self.largest, sum(len(data) for _stream, data in pieces))
        for stream, data in pieces:
            self.shown[stream] += data

    def to_the_end(self) -> Result:
        while True:
            told = self.once()
            if isinstance(told, Result):
                return told


def listener(lab: Lab, program: Program, whole: bool = False, **fields: Any) -> Listener:
    return Listener(lab, job(lab.name("job"), program, **{"patience": 0.3, "creator": "this one", **fields}), whole)


def secret(program: Program) -> dict[str, Any]:
    return {"program": program, "container": {"secret_env": {"PGPASSWORD": PASSWORD}}}


def test_what_is_written_is_told_while_it_runs(lab: Lab) -> None:
    listening = listener(lab, SPEAK_TWICE)
    lab.until(lambda: not isinstance(listening.once(), Result) and listening.shown[STDOUT] == b"begun\n")
    assert lab.there(lab.name("job")).running
    assert listening.to_the_end().outcome == "succeeded"
    assert listening.shown == {STDOUT: b"begun\nended\n", STDERR: b""}


def test_both_streams_are_told_of_a_run_that_has_ended_at_once(lab: Lab) -> None:
    listening = listener(lab, FAIL)
    listening.to_the_end()
    assert listening.shown == {STDOUT: FAIL.stdout.encode(), STDERR: FAIL.stderr.encode()}


def test_an_answer_that_is_lost_is_given_again(lab: Lab) -> None:
    listening = listener(lab, SPEAK_TWICE)
    for _number in range(3):
        listening.once(lost=True)
        listening.once()
    listening.to_the_end()
    assert listening.shown[STDOUT] == b"begun\nended\n"


def test_who_joins_is_told_from_the_beginning(lab: Lab) -> None:
    running_elsewhere(lab, job(lab.name("job"), SPEAK_TWICE, invocation="b"))
    listening = listener(lab, SPEAK_TWICE)
    assert listening.to_the_end().joined
    assert listening.shown[STDOUT] == b"begun\nended\n"


def test_what_has_run_before_is_not_told_again(lab: Lab) -> None:
    carried_out(lab, job(lab.name("job"), invocation="b"))
    listening = listener(lab, SUCCEED)
    assert listening.to_the_end().reused
    assert listening.shown[STDOUT] == b""


def test_a_secret_in_two_entries_is_told_to_nobody(lab: Lab) -> None:
    listening = listener(lab, **secret(SPLIT_PASSWORD))
    result = listening.to_the_end()
    assert listening.shown[STDOUT] == b"x" * 16380 + b"********\n********.\n"
    assert PASSWORD not in result.stdout


def test_the_secrets_of_the_run_count_for_who_has_others(lab: Lab) -> None:
    running_elsewhere(lab, job(lab.name("job"), invocation="b", **secret(SPLIT_PASSWORD)))
    changed = job(lab.name("job"), SPLIT_PASSWORD, container={"secret_env": {"PGPASSWORD": "a-newer-one"}})
    # It is another definition, which only the same invocation may join.
    listening = Listener(lab, replace(changed, invocation="b", patience=0.3))
    result = listening.to_the_end()
    assert listening.shown[STDOUT].endswith(b"********\n********.\n")
    assert PASSWORD not in result.stdout


def test_a_short_value_is_no_secret(lab: Lab) -> None:
    listening = listener(lab, TELL_PASSWORD, container={"secret_env": {"PGPASSWORD": "0"}})
    result = listening.to_the_end()
    assert listening.shown[STDOUT] == b"password is 0\n"
    assert (result.stdout, result.exit_code) == ("password is 0", 0)


def test_a_key_is_told_to_nobody(lab: Lab) -> None:
    key = "-----BEGIN KEY-----\nMC4CAQAwBQYDK2Vw\nBCIEIAjlsGcxW1Tq\n-----END KEY-----\n"
    listening = listener(lab, TELL_PASSWORD, container={"secret_env": {"PGPASSWORD": key}})
    result = listening.to_the_end()
    for told in (listening.shown[STDOUT].decode(), result.stdout):
        assert told.startswith("password is ********")
        assert not [line for line in key.splitlines() if line in told]


def test_the_password_of_a_url_is_told_to_nobody(lab: Lab) -> None:
    url = f"postgres://shop:{PASSWORD.replace('-', '%2D')}@db/shop"
    container = {"secret_env": {"DATABASE_URL": url}, "env": {"PGPASSWORD": PASSWORD}}
    listening = listener(lab, TELL_PASSWORD, container=container)
    assert listening.to_the_end().stdout == "password is ********"
    assert listening.shown[STDOUT] == b"password is ********\n"


def test_what_is_no_text_comes_through_as_it_is(lab: Lab) -> None:
    listening = listener(lab, NO_TEXT)
    result = listening.to_the_end()
    # What keeps the log as JSON has replaced bytes that are no UTF-8 already.
    assert listening.shown[STDOUT].decode(errors="replace") == NO_TEXT.stdout.replace("\udcff", "\ufffd")
    assert (result.outcome, "nul \0 bad \ufffd" in result.stdout) == ("succeeded", True)


def test_a_line_without_end_fills_no_memory(lab: Lab) -> None:
    listening = listener(lab, WITHOUT_END)
    result = listening.to_the_end()
    assert (result.outcome, len(result.stdout), result.output_truncated) == ("succeeded", 65536, True)
    assert 0 < listening.largest <= MOST
    assert set(listening.shown[STDOUT]) == {ord("x")}


def test_a_line_without_end_is_whole_for_a_file(lab: Lab) -> None:
    listening = listener(lab, WITHOUT_END, whole=True)
    listening.to_the_end()
    assert listening.shown[STDOUT] == WITHOUT_END.stdout.encode()


def test_of_many_lines_those_left_out_are_counted(lab: Lab) -> None:
    listening = listener(lab, MANY_LINES)
    listening.to_the_end()
    assert listening.largest <= MOST
    assert listening.skipped
    assert listening.shown[STDOUT].count(b"\n") + listening.skipped == 200_000
    assert listening.shown[STDOUT].endswith(b"\n200000\n")


def test_of_many_lines_none_is_lost_for_a_file(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{read.__module__}.MOST_PACKED", 50_000)
    listening = listener(lab, MANY_LINES, whole=True)
    listening.to_the_end()
    assert listening.largest < len(MANY_LINES.stdout) / 2
    assert (listening.skipped, listening.shown[STDOUT]) == (0, MANY_LINES.stdout.encode())


@pytest.mark.parametrize("whole", [False, True], ids=["terminal", "file"])
def test_of_a_log_that_is_rotated_what_is_there_is_told_once(lab: Lab, whole: bool) -> None:
    small = {"log_driver": "json-file", "log_options": {"max-size": "200k", "max-file": "2"}}
    listening = listener(lab, MANY_LINES_TWICE, whole=whole, container=small)
    lab.until(lambda: not isinstance(listening.once(), Result) and b"\n50000\n" in listening.shown[STDOUT])
    result = listening.to_the_end()
    assert (result.outcome, result.exit_code) == ("succeeded", 0)
    assert result.stdout.endswith("\n99999\n100000")
    told = [int(line) for line in listening.shown[STDOUT].splitlines()]
    assert told == sorted(set(told))
    # What was in the log in the end, and before the pause, was there to be told.
    kept = b"".join(data for _stream, data in lab.outside.logs(str(result.container_id))).splitlines()
    assert {int(line) for line in kept[-1000:]} | {50_000} <= set(told)


@pytest.mark.parametrize("program", [SUCCEED, FAIL], ids=["succeeds", "fails"])
@pytest.mark.parametrize("driver", UNREADABLE)
def test_a_log_that_cannot_be_read_changes_no_outcome(lab: Lab, program: Program, driver: str) -> None:
    listening = listener(lab, program, container={"log_driver": driver, "log_options": UNREADABLE[driver]})
    result = listening.to_the_end()
    assert result.exit_code == program.exit_code
    assert result.outcome == ("failed" if program.exit_code else "succeeded")
    assert (result.stdout, result.stderr) == ("", "")
    assert "Its output cannot be read" in result.diagnosis
    assert "read" in listening.trouble
    assert listening.shown == {STDOUT: b"", STDERR: b""}


def test_a_call_that_listens_returns_when_there_is_something_to_hear(lab: Lab) -> None:
    wanted = job(lab.name("job"), SERVE, patience=20.0, heard="")
    running_elsewhere(lab, wanted)
    begun = lab.clock.monotonic()
    told = run(lab.engine, lab.clock, wanted)
    assert isinstance(told, Unfinished)
    assert lab.clock.monotonic() - begun < 10
    silent = replace(wanted, patience=3.0, heard=lab.outside.last_stamp(told.watching), watching=told.watching)
    begun = lab.clock.monotonic()
    assert isinstance(run(lab.engine, lab.clock, silent), Unfinished)
    assert lab.clock.monotonic() - begun >= 3

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job with retries: each attempt is a run of its own, and an invocation that has joined waits for the next one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.plugins.module_utils._job.retry import delay_before_retry
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    Follower,
    follower,
    run_job,
    start_elsewhere,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    FAIL,
    FAIL_LATE,
    SUCCEED,
    SUCCEED_LATE,
    TAKE_A_SECOND,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, definition, job

SHORT = 0.3


def run_all_attempts(lab: Lab, wanted: Request) -> list[Result]:
    """Make all attempts as the action does, without the pauses between them."""
    results = []
    while True:
        results.append(run_job(lab, wanted))
        if delay_before_retry(wanted, wanted.attempt, results[-1]) is None:
            return results
        wanted = replace(wanted, attempt=wanted.attempt + 1)


def make_next_attempt(lab: Lab, wanted: Request, before: Container, program: Program) -> Container:
    """Let another controller make the attempt after that one, with another program."""
    lab.outside.rename(before.id, Run(before).history_name)
    attempt = replace(wanted, attempt=Run(before).attempt + 1, definition=definition(program))
    return start_elsewhere(lab, attempt)


def join_first_attempt(lab: Lab, wanted: Request) -> tuple[Follower, Container]:
    """Join an attempt of another invocation that fails; return the follower, which waits for the next attempt."""
    first = start_elsewhere(lab, wanted)
    joiner = follower(lab, replace(wanted, invocation="a", patience=SHORT))
    lab.until(lambda: bool(joiner.call_once() or joiner.sentences))
    return joiner, first


def test_each_attempt_has_its_own_record(lab: Lab) -> None:
    results = run_all_attempts(lab, job(lab.name("job"), FAIL, retries=2, retry_on=("3",)))
    assert [result.outcome for result in results] == ["failed"] * 3
    assert len({result.container_id for result in results}) == 3
    records = sorted((Run(container) for container in lab.all()), key=lambda run: run.fence)
    assert [run.container.id for run in records] == [result.container_id for result in results]
    assert [run.attempt for run in records] == [1, 2, 3]
    # The last one says that there will be none after it.
    assert [run.retry for run in records] == [(5.0, ("3",)), (10.0, ("3",)), (20.0, ())]


@pytest.mark.parametrize("program", [SUCCEED, FAIL], ids=["succeeds", "fails"])
def test_an_attempt_that_is_requested_twice_is_made_once(lab: Lab, program: Program) -> None:
    first = job(lab.name("job"), FAIL, retries=1, retry_on=("failed",))
    run_job(lab, first)
    second = replace(first, attempt=2, definition=definition(program))
    once, twice = run_job(lab, second), run_job(lab, second)
    assert once.container_id == twice.container_id
    assert (once.outcome, once.changed) == (twice.outcome, twice.changed)
    assert lab.observed.calls["start"] == 2


@pytest.mark.parametrize(
    ("program", "outcome"), [(SUCCEED_LATE, "succeeded"), (FAIL_LATE, "failed")], ids=["succeeds", "fails"]
)
def test_an_invocation_that_has_joined_gets_the_result_of_the_next_attempt(
    lab: Lab, program: Program, outcome: str
) -> None:
    wanted = job(lab.name("job"), FAIL_LATE, invocation="b", retries=1, retry_on=("4",))
    joiner, first = join_first_attempt(lab, wanted)
    assert "will be tried again" in joiner.sentences[0]
    # No attempt is left after this one.
    last = replace(wanted, retries=1)
    second = make_next_attempt(lab, last, lab.outside.inspect(first.id), program)
    result = joiner.follow()
    assert (result.container_id, result.outcome) == (second.id, outcome)
    assert (result.joined, result.changed, result.exit_code) == (True, False, program.exit_code)
    assert not {"create", "start", "rename"} & lab.observed.calls.keys()


def test_a_next_attempt_that_ends_before_it_is_seen_counts_as_joined(lab: Lab) -> None:
    wanted = job(lab.name("job"), FAIL_LATE, invocation="b", retries=1, retry_on=("failed",))
    joiner, first = join_first_attempt(lab, wanted)
    second = make_next_attempt(lab, wanted, lab.outside.inspect(first.id), SUCCEED)
    lab.until(lambda: lab.outside.inspect(second.id).state == "exited")
    result = joiner.follow()
    assert (result.container_id, result.outcome) == (second.id, "succeeded")
    assert (result.joined, result.reused) == (True, False)


def test_an_invocation_that_has_joined_the_last_attempt_gets_its_failure(lab: Lab) -> None:
    wanted = job(lab.name("job"), FAIL_LATE, invocation="b", attempt=2, retries=1, retry_on=("4",))
    running = start_elsewhere(lab, wanted)
    joiner = follower(lab, replace(wanted, invocation="a", attempt=1, patience=SHORT))
    result = joiner.follow()
    assert (result.container_id, result.outcome, result.joined) == (running.id, "failed", True)
    assert joiner.sentences == []


def test_the_invocation_that_makes_the_attempts_gets_each_failure_at_once(lab: Lab) -> None:
    wanted = job(lab.name("job"), FAIL_LATE, patience=SHORT, retries=1, retry_on=("4",))
    following = follower(lab, wanted)
    assert following.follow().outcome == "failed"
    assert following.sentences == []


def test_the_progress_of_a_run_has_the_duration_of_the_last_success(lab: Lab) -> None:
    before = run_job(lab, job(lab.name("job"), TAKE_A_SECOND, release="0", invocation="z"))
    following = follower(lab, job(lab.name("job"), SUCCEED_LATE, patience=1.0))
    following.call_once()
    (progress,) = following.progress
    assert progress.usual == before.duration
    began = lab.there(lab.name("job")).started_at
    assert began
    assert 0 < progress.running <= (lab.outside.now() - began).total_seconds()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another release's run holds the job: it is waited for, and never touched before its own deadline."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.outcome import outcome_of
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import follower, run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    FAIL,
    IGNORE_TERM,
    SERVE,
    SUCCEED,
    TAKE_A_SECOND,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


def test_it_is_waited_for(lab: Lab) -> None:
    others = start_elsewhere(lab, job(lab.name("job"), TAKE_A_SECOND, release="2", invocation="b"))
    following = follower(lab, job(lab.name("job")))
    result = following.follow()
    assert (result.outcome, result.changed, result.joined, result.reused) == ("succeeded", True, False, False)
    assert following.sentences
    assert all("for the release 2" in sentence for sentence in following.sentences)
    record, run = sorted(lab.all(), key=lambda container: container.created_at)
    assert (record.id, record.exit_code, run.id) == (others.id, 0, result.container_id)
    assert record.finished_at
    assert record.finished_at <= run.created_at


def test_a_person_is_told_at_once(lab: Lab) -> None:
    others = start_elsewhere(lab, job(lab.name("job"), SERVE, release="2", invocation="b"))
    following = follower(lab, job(lab.name("job")))
    assert following.call_once() is None
    assert len(following.sentences) == 1
    assert lab.all() == (others,)


def test_not_for_ever(lab: Lab) -> None:
    others = start_elsewhere(lab, job(lab.name("job"), IGNORE_TERM, release="2", invocation="b"))
    began = lab.clock.monotonic()
    result = run_job(lab, job(lab.name("job"), busy_timeout=2))
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert "for the release 2" in result.diagnosis
    assert lab.clock.monotonic() - began >= 2
    assert lab.all() == (others,)


def test_not_at_all_where_that_is_asked_for(lab: Lab) -> None:
    others = start_elsewhere(lab, job(lab.name("job"), IGNORE_TERM, release="2", invocation="b"))
    following = follower(lab, job(lab.name("job"), on_busy="fail"))
    assert following.follow().outcome == "not_started"
    assert (following.calls, following.sentences) == (1, [])
    assert lab.all() == (others,)


def test_one_that_nobody_watches_is_stopped_at_its_own_deadline(lab: Lab) -> None:
    others = start_elsewhere(lab, job(lab.name("job"), SERVE, release="2", invocation="b", timeout=1))
    assert run_job(lab, job(lab.name("job"), timeout=0.1)).outcome == "succeeded"
    record = Run(lab.outside.inspect(others.id))
    assert (outcome_of(record), lab.observed.calls["stop"]) == ("timed_out", 1)
    assert record.duration is not None
    assert record.duration >= 1


@pytest.mark.parametrize(
    ("program", "outcome", "runs"),
    [pytest.param(SUCCEED, "superseded", 2, id="a success"), pytest.param(FAIL, "succeeded", 2, id="a failure")],
)
def test_a_newer_success_supersedes_the_older_release(lab: Lab, program: Program, outcome: str, runs: int) -> None:
    wanted = job(lab.name("job"))
    run_job(lab, wanted)
    run_job(lab, job(lab.name("job"), program, release="2", invocation="b"))
    lab.observed.calls.clear()
    result = run_job(lab, wanted)
    assert (result.outcome, result.proceed) == (outcome, outcome == "succeeded")
    assert lab.observed.calls["create"] == 0
    assert len(lab.all()) == runs


def test_the_older_release_is_run_again_where_another_invocation_asks_for_it(lab: Lab) -> None:
    wanted = job(lab.name("job"))
    run_job(lab, wanted)
    newer = run_job(lab, replace(wanted, release="2", invocation="b"))
    again = run_job(lab, replace(wanted, invocation="c"))
    assert (again.outcome, again.reused, again.changed) == ("succeeded", False, True)
    assert (again.fence or 0) > (newer.fence or 0)
    assert len(lab.all()) == 3

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look before a job, for what has to be done before it: it waits for the job's turn, and begins no run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import follower, run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL, SERVE, SUCCEED
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job


def looked(lab: Lab, wanted: Request) -> Result:
    """Look, and see that nothing was begun."""
    before = lab.all()
    result = run_job(lab, replace(wanted, dry_run=True))
    assert [container.id for container in lab.all()] == [container.id for container in before]
    return result


def test_a_first_run_is_due(lab: Lab) -> None:
    result = looked(lab, job(lab.name("job")))
    assert (result.outcome, result.changed, result.container_id, result.attempts) == ("planned", True, None, 0)


def test_after_a_failure_of_this_release_it_is_due_again_and_named(lab: Lab) -> None:
    failure = run_job(lab, job(lab.name("job"), FAIL))
    result = looked(lab, job(lab.name("job"), FAIL, invocation="b"))
    assert (result.outcome, result.changed, result.container_id) == ("planned", True, failure.container_id)


def test_after_another_release_it_is_due(lab: Lab) -> None:
    run_job(lab, job(lab.name("job")))
    result = looked(lab, job(lab.name("job"), release="2", invocation="b"))
    assert (result.outcome, result.changed, result.container_id) == ("planned", True, None)


@pytest.mark.parametrize("invocation", ["a", "b"])
def test_what_has_migrated_is_not_due(lab: Lab, invocation: str) -> None:
    run_job(lab, job(lab.name("job")))
    assert looked(lab, job(lab.name("job"), invocation=invocation)).outcome == "succeeded"


def test_what_runs_already_is_not_due(lab: Lab) -> None:
    wanted = job(lab.name("job"), SERVE)
    start_elsewhere(lab, wanted)
    result = looked(lab, replace(wanted, invocation="b"))
    assert (result.outcome, result.changed) == ("planned", False)


def test_another_release_is_waited_for(lab: Lab) -> None:
    wanted = job(lab.name("job"), SERVE)
    busy = start_elsewhere(lab, wanted)
    after = follower(lab, job(lab.name("job"), SUCCEED, release="2", invocation="b", dry_run=True, patience=1.0))
    assert after.call_once() is None
    assert [told.waiting for told in after.progress] == [True]
    lab.outside.stop(busy.id, 1)
    result = after.follow()
    assert (result.outcome, result.changed) == ("planned", True)

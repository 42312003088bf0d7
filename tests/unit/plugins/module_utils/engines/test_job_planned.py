# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job in check mode, or in a dry run before a backup: what would happen, and nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import predict
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import follower, foreign, run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import AWAY
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL, SERVE, SUCCEED, Program
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job


def predict_job(lab: Lab, request: Request) -> Result:
    result = predict(lab.engine, request, request)
    assert isinstance(result, Result)
    return result


def dry_run_job(lab: Lab, request: Request) -> Result:
    return run_job(lab, replace(request, dry_run=True))


Planner = Callable[[Lab, Request], Result]
both = pytest.mark.parametrize("planner", [predict_job, dry_run_job], ids=["check mode", "dry run"])


def plan_job(lab: Lab, request: Request, planner: Planner = predict_job) -> Result:
    """Return the plan, and check that nothing was done to the engine."""
    before = [container.id for container in lab.all()]
    lab.observed.calls.clear()
    result = planner(lab, request)
    assert [container.id for container in lab.all()] == before
    assert not {"create", "start", "stop", "rename", "remove", "pull"} & lab.observed.calls.keys()
    return result


@both
def test_a_first_run_is_planned(lab: Lab, planner: Planner) -> None:
    result = plan_job(lab, job(lab.name("job")), planner)
    assert (result.outcome, result.exit_code, result.changed, result.proceed) == ("planned", None, True, True)
    assert (result.image_id, result.container_id, result.attempts) == (lab.image().id, None, 0)


@both
@pytest.mark.parametrize(
    ("program", "release", "named"), [(FAIL, "1", True), (FAIL, "2", False), (SUCCEED, "2", False)]
)
def test_another_run_is_planned_and_names_the_last_one_of_the_release(
    lab: Lab, planner: Planner, program: Program, release: str, named: bool
) -> None:
    last = run_job(lab, job(lab.name("job"), program))
    result = plan_job(lab, job(lab.name("job"), program, release=release, invocation="b"), planner)
    assert (result.outcome, result.changed) == ("planned", True)
    assert result.container_id == (last.container_id if named else None)


@both
@pytest.mark.parametrize("invocation", ["a", "b"])
def test_a_release_that_has_migrated_is_reported(lab: Lab, planner: Planner, invocation: str) -> None:
    run_job(lab, job(lab.name("job")))
    result = plan_job(lab, job(lab.name("job"), invocation=invocation), planner)
    assert (result.outcome, result.stdout, result.changed) == ("succeeded", "done", invocation == "a")
    assert result.reused or invocation == "a"


@both
def test_joining_a_run_is_planned_as_no_change(lab: Lab, planner: Planner) -> None:
    wanted = job(lab.name("job"), SERVE)
    start_elsewhere(lab, wanted)
    result = plan_job(lab, replace(wanted, invocation="b"), planner)
    assert (result.outcome, result.changed) == ("planned", False)


@both
def test_a_refusal_is_the_same_in_the_plan(lab: Lab, planner: Planner) -> None:
    container = foreign(lab, lab.name("job"))
    result = plan_job(lab, job(lab.name("job")), planner)
    assert (result.outcome, result.changed, result.proceed) == ("not_started", False, False)
    assert container.id[:12] in result.diagnosis


def test_a_dry_run_waits_for_another_release(lab: Lab) -> None:
    wanted = job(lab.name("job"), SERVE)
    busy = start_elsewhere(lab, wanted)
    after = follower(lab, job(lab.name("job"), SUCCEED, release="2", invocation="b", dry_run=True, patience=1.0))
    assert after.call_once() is None
    assert [progress.waiting for progress in after.progress] == [True]
    lab.outside.stop(busy.id, 1)
    result = after.follow()
    assert (result.outcome, result.changed) == ("planned", True)


@pytest.mark.parametrize(
    ("container", "pull", "outcome"),
    [
        pytest.param({"image": "localhost:9/mf-test:nowhere"}, "missing", "planned", id="it would be pulled"),
        pytest.param({"image": "mf-test:nowhere"}, "never", "not_started", id="it would not be pulled"),
    ],
)
def test_an_image_that_is_not_there_is_not_pulled(lab: Lab, container: dict[str, Any], pull: str, outcome: str) -> None:
    result = plan_job(lab, job(lab.name("job"), container=container, pull=pull))
    planned = outcome == "planned"
    assert (result.outcome, result.image_id, result.changed, result.proceed) == (outcome, None, planned, planned)
    assert container["image"] in result.diagnosis


def test_a_host_that_has_another_image_is_named(lab: Lab) -> None:
    result = plan_job(lab, job(lab.name("job"), fleet_images={"h2": (lab.image(NEXT_IMAGE).id,)}))
    assert (result.outcome, result.changed, result.proceed) == ("not_started", False, False)
    assert "h2" in result.diagnosis


def test_an_engine_that_does_not_answer_leaves_the_outcome_unknown(lab: Lab) -> None:
    lab.observed.breaks("find", AWAY)
    result = plan_job(lab, job(lab.name("job")))
    assert (result.outcome, result.changed, result.proceed) == ("lost", False, False)

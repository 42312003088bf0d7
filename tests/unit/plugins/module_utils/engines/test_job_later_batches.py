# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release that asks for no migration, and later batches of an invocation, which get the result of the first one."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import EarlierResult
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, skip_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import AWAY
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL, SERVE, SUCCEED, Program
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

Batch = Callable[[Lab, Request], Result]


def later(wanted: Request, result: Result) -> Request:
    """Return the job as a later batch asks for it."""
    return replace(wanted, earlier=EarlierResult(result.returned(), wanted.definition.label()))


@pytest.mark.parametrize(
    ("batch", "program"),
    [(run_job, SUCCEED), (run_job, FAIL), (skip_job, SUCCEED)],
    ids=["a success", "a failure", "skipped"],
)
def test_a_later_batch_gets_the_same_result_whatever_the_engine_shows(lab: Lab, batch: Batch, program: Program) -> None:
    wanted = job(lab.name("job"), program)
    first = batch(lab, wanted)
    if first.container_id:
        lab.outside.remove(first.container_id)
    start_elsewhere(lab, job(lab.name("job"), SERVE, release="2", invocation="b"))
    lab.observed.calls.clear()
    result = batch(lab, later(wanted, first))
    assert replace(result, reused=False) == replace(first, warnings=())
    assert lab.observed.calls["create"] == 0


@pytest.mark.parametrize("batch", [run_job, skip_job], ids=["run", "skipped"])
def test_a_later_batch_stops_where_a_newer_release_has_migrated(lab: Lab, batch: Batch) -> None:
    wanted = job(lab.name("job"))
    first = batch(lab, wanted)
    run_job(lab, job(lab.name("job"), release="2", invocation="b"))
    result = batch(lab, later(wanted, first))
    assert (result.outcome, result.proceed, result.stdout) == ("superseded", False, "")
    assert "release 2" in result.diagnosis


def test_a_skipped_release_runs_nothing(lab: Lab) -> None:
    result = skip_job(lab, job(lab.name("job")))
    assert (result.outcome, result.proceed, result.changed, result.exit_code) == ("skipped", True, False, None)
    assert (result.image_id, result.attempts) == (lab.image().id, 0)
    assert lab.all() == ()


def test_a_skipped_release_has_a_fence_between_the_runs_before_and_after_it(lab: Lab) -> None:
    running = start_elsewhere(lab, job(lab.name("job"), SERVE, release="2"))
    skipped = skip_job(lab, job(lab.name("job"), release="older", invocation="b"))
    assert lab.all() == (running,)
    lab.outside.stop(running.id, 1)
    after = run_job(lab, job(lab.name("job"), release="3", invocation="c"))
    assert Run(running).fence < (skipped.fence or 0) < (after.fence or 0)


@pytest.mark.parametrize(("image", "outcome"), [("mf-test:nowhere", "not_started"), ("", "lost")])
def test_a_skipped_release_may_not_go_on_without_image_or_engine(lab: Lab, image: str, outcome: str) -> None:
    if not image:
        lab.observed.breaks("named", AWAY)
    result = skip_job(lab, job(lab.name("job"), container={"image": image} if image else {}))
    assert (result.outcome, result.proceed, result.fence) == (outcome, False, None)

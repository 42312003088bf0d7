# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release that does not migrate: nothing is run, and its fence is newer than all that was."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineUnreachable
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import EarlierResult
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, skip_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job


def older(lab: Lab) -> Request:
    return job(lab.name("job"), release="older", invocation="b")


def seen(wanted: Request, result: Result) -> EarlierResult:
    return EarlierResult(result.returned(), wanted.definition.label())


def test_nothing_is_run(lab: Lab) -> None:
    result = skip_job(lab, job(lab.name("job")))
    assert (result.outcome, result.proceed, result.changed, result.exit_code) == ("skipped", True, False, None)
    assert (result.image_id, result.attempts) == (lab.image().id, 0)
    assert lab.all() == ()


def test_its_fence_is_newer_than_any_record(lab: Lab) -> None:
    newest = run_job(lab, job(lab.name("job"), release="2"))
    assert (skip_job(lab, older(lab)).fence or 0) > (newest.fence or 0)


def test_its_fence_is_newer_than_what_runs(lab: Lab) -> None:
    start_elsewhere(lab, job(lab.name("job"), SERVE, release="2"))
    before = lab.all()
    fence = skip_job(lab, older(lab)).fence or 0
    assert fence > before[0].created_at.timestamp() * 1_000_000
    assert lab.all() == before


def test_a_run_after_it_is_newer(lab: Lab) -> None:
    fence = skip_job(lab, older(lab)).fence or 0
    assert (run_job(lab, job(lab.name("job"))).fence or 0) > fence


def test_without_the_image_it_may_not_go_on(lab: Lab) -> None:
    result = skip_job(lab, job(lab.name("job"), container={"image": "mf-test:nowhere"}))
    assert (result.outcome, result.proceed, result.fence) == ("not_started", False, None)


def test_without_the_engine_it_may_not_go_on(lab: Lab) -> None:
    lab.observed.breaks("named", EngineUnreachable("the engine does not answer"))
    result = skip_job(lab, job(lab.name("job")))
    assert (result.outcome, result.proceed, result.fence) == ("lost", False, None)


def test_a_later_batch_has_the_same_fence(lab: Lab) -> None:
    wanted = older(lab)
    first = skip_job(lab, wanted)
    second = skip_job(lab, replace(wanted, earlier=seen(wanted, first)))
    assert (second.outcome, second.fence) == ("skipped", first.fence)


def test_a_later_batch_stops_where_a_newer_release_has_migrated(lab: Lab) -> None:
    wanted = older(lab)
    first = skip_job(lab, wanted)
    run_job(lab, job(lab.name("job"), release="2"))
    result = skip_job(lab, replace(wanted, earlier=seen(wanted, first)))
    assert (result.outcome, result.proceed) == ("superseded", False)

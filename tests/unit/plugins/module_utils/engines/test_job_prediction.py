# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job in check mode: what it would come to, and nothing is done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineUnreachable
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    foreign,
    predict_job,
    run_job,
    start_elsewhere,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL, SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


def test_a_first_run_is_planned(lab: Lab) -> None:
    result = predict_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code, result.changed, result.proceed) == ("planned", None, True, True)
    assert result.image_id == lab.image().id
    assert lab.all() == ()


def test_an_image_that_would_be_pulled_is_not_pulled(lab: Lab) -> None:
    result = predict_job(lab, job(lab.name("job"), container={"image": "localhost:9/mf-test:nowhere"}, pull="missing"))
    assert (result.outcome, result.image_id, result.changed) == ("planned", None, True)


def test_an_image_that_would_not_be_pulled_is_missed(lab: Lab) -> None:
    result = predict_job(lab, job(lab.name("job"), container={"image": "mf-test:nowhere"}, pull="never"))
    assert (result.outcome, result.changed, result.proceed) == ("not_started", False, False)
    assert "mf-test:nowhere" in result.diagnosis


def test_a_host_that_holds_another_image_is_named(lab: Lab) -> None:
    result = predict_job(lab, job(lab.name("job"), fleet_images={"h2": (lab.image(NEXT_IMAGE).id,)}))
    assert (result.outcome, result.changed, result.proceed) == ("not_started", False, False)
    assert "h2" in result.diagnosis


@pytest.mark.parametrize("release", ["1", "2"])
def test_a_run_after_a_failure_is_planned(lab: Lab, release: str) -> None:
    run_job(lab, job(lab.name("job"), FAIL))
    lab.observed.calls.clear()
    result = predict_job(lab, job(lab.name("job"), release=release, invocation="b"))
    assert (result.outcome, result.changed) == ("planned", True)


def test_a_release_that_has_migrated_is_reported(lab: Lab) -> None:
    run_job(lab, job(lab.name("job")))
    lab.observed.calls.clear()
    result = predict_job(lab, job(lab.name("job"), invocation="b"))
    assert (result.outcome, result.reused, result.changed, result.stdout) == ("succeeded", True, False, "done")


def test_joining_a_run_is_no_change(lab: Lab) -> None:
    wanted = job(lab.name("job"), SERVE)
    start_elsewhere(lab, wanted)
    result = predict_job(lab, replace(wanted, invocation="b"))
    assert (result.outcome, result.changed) == ("planned", False)


def test_what_would_be_refused_is_refused(lab: Lab) -> None:
    container = foreign(lab, lab.name("job"))
    result = predict_job(lab, job(lab.name("job")))
    assert (result.outcome, result.changed, result.proceed) == ("not_started", False, False)
    assert container.id[:12] in result.diagnosis


def test_an_engine_that_is_away_is_lost(lab: Lab) -> None:
    lab.observed.breaks("find", EngineUnreachable("the engine does not answer"))
    result = predict_job(lab, job(lab.name("job")))
    assert (result.outcome, result.changed, result.proceed) == ("lost", False, False)

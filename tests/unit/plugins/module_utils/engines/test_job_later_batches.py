# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier batch was told counts for the later ones, whatever the engine shows by then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineUnreachable
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import EarlierResult
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL, SERVE, SUCCEED, Program
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job


def later(wanted: Request, told: Result) -> Request:
    """Return the job as a later batch asks for it."""
    return replace(wanted, earlier=EarlierResult(told.returned(), wanted.definition.label()))


@pytest.mark.parametrize("program", [SUCCEED, FAIL], ids=["a success", "a failure"])
@pytest.mark.parametrize("record", ["kept", "removed"])
def test_the_result_is_the_same(lab: Lab, program: Program, record: str) -> None:
    wanted = job(lab.name("job"), program)
    first = run_job(lab, wanted)
    if record == "removed":
        lab.outside.remove(str(first.container_id))
    lab.observed.calls.clear()
    result = run_job(lab, later(wanted, first))
    assert replace(result, reused=False) == replace(first, warnings=())
    assert lab.observed.calls["create"] == 0


def test_what_was_lost_stays_lost(lab: Lab) -> None:
    wanted = job(lab.name("job"))
    lab.observed.after("start", lambda _id: lab.observed.breaks("inspect", EngineUnreachable("it is away")))
    lost = run_job(lab, wanted)
    lab.observed.mended()
    result = run_job(lab, later(wanted, lost))
    assert (result.outcome, result.exit_code, result.proceed) == ("lost", None, False)
    assert lab.observed.calls["create"] == 1


def test_a_newer_success_supersedes_it(lab: Lab) -> None:
    wanted = job(lab.name("job"))
    first = run_job(lab, wanted)
    run_job(lab, job(lab.name("job"), release="2", invocation="b"))
    result = run_job(lab, later(wanted, first))
    assert (result.outcome, result.proceed, result.stdout) == ("superseded", False, "")
    assert "release 2" in result.diagnosis


def test_what_runs_by_now_does_not_matter(lab: Lab) -> None:
    wanted = job(lab.name("job"))
    first = run_job(lab, wanted)
    lab.outside.remove(str(first.container_id))
    start_elsewhere(lab, job(lab.name("job"), SERVE, release="2", invocation="b"))
    assert run_job(lab, later(wanted, first)).outcome == "succeeded"


def test_a_tag_that_has_moved_is_another_image(lab: Lab) -> None:
    wanted = job(lab.name("job"))
    first = replace(run_job(lab, wanted), image_id=lab.image(NEXT_IMAGE).id)
    result = run_job(lab, later(wanted, first))
    assert (result.outcome, result.proceed) == ("not_started", False)
    assert "another image" in result.diagnosis

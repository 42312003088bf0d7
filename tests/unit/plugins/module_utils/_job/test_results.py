# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of one execution, and their output."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import Refuse
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.results import Results
from ansible_collections.migrate_first.docker.tests.unit.support.found import ID
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import AWAY
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job


def results_of(lab: Lab, request: Request) -> Results:
    return Results(lab.engine, "ENGINE", request, request, lab.image())


@pytest.mark.parametrize(
    "error",
    [AWAY, EngineError("no such log driver")],
    ids=["away", "refused"],
)
def test_a_success_whose_output_cannot_be_read_is_a_success(error: EngineError) -> None:
    lab = memory_lab()
    lab.observed.breaks("logs", error)
    result = run_job(lab, job("job"))
    assert (result.outcome, result.exit_code, result.stdout) == ("succeeded", 0, "")
    assert str(error) in result.diagnosis


@pytest.mark.parametrize(("pattern", "changed"), [("^done$", False), ("nothing", True)])
def test_a_success_whose_output_matches_unchanged_output_is_no_change(pattern: str, changed: bool) -> None:
    result = run_job(memory_lab(), job("job", unchanged_output=pattern))
    assert (result.outcome, result.changed) == ("succeeded", changed)


@pytest.mark.parametrize(("invocation", "made"), [("a", True), ("b", False)])
def test_a_run_of_this_invocation_is_a_change(invocation: str, made: bool) -> None:
    lab = memory_lab()
    run_job(lab, job("job"))
    results = results_of(lab, job("job", invocation=invocation))
    run = Run(lab.there("job"))
    assert (results.made(run), results.of_run(run).changed) == (made, made)


def test_a_refusal_names_the_container_that_an_earlier_execution_has_watched() -> None:
    lab = memory_lab()
    watching = replace(job("job"), watching=ID)
    result = results_of(lab, watching).of_refusal(Refuse("lost", "it is gone"))
    assert (result.outcome, result.container_id, result.attempts) == ("lost", ID, 1)

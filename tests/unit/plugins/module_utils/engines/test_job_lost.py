# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine that goes away: an unknown outcome is a failure, never a success, and nothing runs twice because of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import AWAY, failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    IGNORE_TERM,
    NO_SUCH_PROGRAM,
    TAKE_A_SECOND,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


@pytest.mark.parametrize("call", ["identity", "image", "find", "create"])
def test_a_job_is_lost_where_the_engine_is_away_from_the_beginning(lab: Lab, call: str) -> None:
    lab.observed.breaks(call, AWAY)
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code, result.changed, result.proceed) == ("lost", None, False, False)
    assert str(AWAY) in result.diagnosis
    assert lab.all() == ()


@pytest.mark.parametrize("call", ["create", "find"])
def test_a_job_is_not_started_where_the_engine_refuses(lab: Lab, call: str) -> None:
    lab.observed.breaks(call, EngineError("no space left on device"))
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert "no space left on device" in result.diagnosis


def test_nothing_is_started_where_the_answer_to_the_creation_is_lost(lab: Lab) -> None:
    lab.observed.after("create", failing(AWAY))
    assert run_job(lab, job(lab.name("job"))).outcome == "lost"
    assert [container.state for container in lab.all()] == ["created"]
    assert lab.observed.calls["start"] == 0


def test_a_run_is_followed_where_the_answer_to_the_start_is_lost(lab: Lab) -> None:
    lab.observed.after("start", failing(AWAY))
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.stdout) == ("succeeded", "done")
    assert lab.observed.calls["start"] == 1


def test_a_job_is_not_started_where_the_start_does_not_arrive(lab: Lab) -> None:
    lab.observed.before("start", failing(AWAY))
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code) == ("not_started", None)
    assert lab.all() == ()


def test_a_run_is_followed_where_the_start_arrives_late(lab: Lab) -> None:
    lab.observed.before("start", failing(AWAY))
    lab.observed.before("remove", lab.outside.start)
    result = run_job(lab, job(lab.name("job"), TAKE_A_SECOND))
    assert (result.outcome, result.changed) == ("succeeded", True)
    assert result.container_id == lab.there(lab.name("job")).id


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(EngineError("device or resource busy"), "not_started"), (AWAY, "lost")],
    ids=["refused", "away"],
)
def test_a_container_that_can_be_neither_started_nor_removed_stays(lab: Lab, error: EngineError, outcome: str) -> None:
    lab.observed.breaks("remove", error)
    result = run_job(lab, job(lab.name("job"), container={"command": NO_SUCH_PROGRAM}))
    assert (result.outcome, result.exit_code) == (outcome, None)
    assert (NO_SUCH_PROGRAM[0] if outcome == "not_started" else str(AWAY)) in result.diagnosis
    assert [container.state for container in lab.all()] == ["created"]


@pytest.mark.parametrize("call", ["inspect", "wait", "now"])
def test_a_run_is_lost_where_the_engine_goes_away_while_it_runs(lab: Lab, call: str) -> None:
    lab.observed.after("start", lambda _id: lab.observed.breaks(call, AWAY))
    result = run_job(lab, job(lab.name("job"), TAKE_A_SECOND))
    assert (result.outcome, result.exit_code, result.changed, result.proceed) == ("lost", None, True, False)
    assert result.container_id == lab.there(lab.name("job")).id
    assert lab.there(lab.name("job")).running
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 1


def test_a_lost_run_is_found_again_by_its_invocation(lab: Lab) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND)
    lab.observed.breaks("wait", AWAY)
    lost = run_job(lab, wanted)
    lab.observed.mended()
    found = run_job(lab, wanted)
    assert (lost.outcome, found.outcome, found.joined, found.changed) == ("lost", "succeeded", False, True)
    assert found.container_id == lost.container_id
    assert lab.observed.calls["create"] == 1


def test_a_run_that_cannot_be_stopped_is_lost(lab: Lab) -> None:
    lab.observed.breaks("stop", AWAY)
    result = run_job(lab, job(lab.name("job"), IGNORE_TERM, timeout=1))
    assert (result.outcome, result.exit_code) == ("lost", None)


def test_a_lost_run_of_another_invocation_is_no_change(lab: Lab) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND)
    start_elsewhere(lab, replace(wanted, invocation="b"))
    lab.observed.breaks("wait", AWAY)
    result = run_job(lab, wanted)
    assert (result.outcome, result.joined, result.changed) == ("lost", True, False)

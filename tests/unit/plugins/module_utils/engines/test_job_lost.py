# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine that goes away: unknown is a failure, never a success, and nothing runs twice for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    EngineError,
    EngineUnreachable,
)
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    IGNORE_TERM,
    NO_SUCH_PROGRAM,
    SUCCEED,
    TAKE_A_SECOND,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

AWAY = EngineUnreachable("the engine does not answer")


@pytest.mark.parametrize("call", ["identity", "image", "find", "create"])
def test_an_engine_that_is_away_from_the_beginning_is_lost(lab: Lab, call: str) -> None:
    lab.observed.breaks(call, AWAY)
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code, result.changed, result.proceed) == ("lost", None, False, False)
    assert str(AWAY) in result.diagnosis
    assert lab.all() == ()


@pytest.mark.parametrize("call", ["create", "find"])
def test_an_engine_that_refuses_has_not_started_it(lab: Lab, call: str) -> None:
    lab.observed.breaks(call, EngineError("no space left on device"))
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert "no space left on device" in result.diagnosis


def test_a_lost_answer_to_the_creation_starts_nothing(lab: Lab) -> None:
    lab.observed.after("create", failing(AWAY))
    assert run_job(lab, job(lab.name("job"))).outcome == "lost"
    assert [container.state for container in lab.all()] == ["created"]
    assert lab.observed.calls["start"] == 0


def test_a_lost_answer_to_the_start_is_no_lost_run(lab: Lab) -> None:
    lab.observed.after("start", failing(AWAY))
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.stdout) == ("succeeded", "done")
    assert lab.observed.calls["start"] == 1


def test_a_start_that_did_not_arrive_is_no_run(lab: Lab) -> None:
    lab.observed.before("start", failing(AWAY))
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code) == ("not_started", None)
    assert lab.all() == ()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(EngineError("device or resource busy"), "not_started"), (AWAY, "lost")],
    ids=["refused", "away"],
)
def test_what_could_not_be_started_may_not_be_removable_either(lab: Lab, error: EngineError, outcome: str) -> None:
    lab.observed.breaks("remove", error)
    result = run_job(lab, job(lab.name("job"), container={"command": NO_SUCH_PROGRAM}))
    assert (result.outcome, result.exit_code) == (outcome, None)
    assert (NO_SUCH_PROGRAM[0] if outcome == "not_started" else str(AWAY)) in result.diagnosis
    assert [container.state for container in lab.all()] == ["created"]


def test_a_start_that_arrives_late_is_a_run(lab: Lab) -> None:
    lab.observed.before("start", failing(AWAY))
    lab.observed.before("remove", lab.outside.start)
    result = run_job(lab, job(lab.name("job"), TAKE_A_SECOND))
    assert (result.outcome, result.changed) == ("succeeded", True)
    assert result.container_id == lab.there(lab.name("job")).id


@pytest.mark.parametrize("call", ["inspect", "wait", "now"])
def test_an_engine_that_goes_away_under_a_run_has_lost_it(lab: Lab, call: str) -> None:
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


def test_what_others_run_and_is_lost_is_no_change_of_ours(lab: Lab) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND)
    start_elsewhere(lab, replace(wanted, invocation="b"))
    lab.observed.breaks("wait", AWAY)
    result = run_job(lab, wanted)
    assert (result.outcome, result.joined, result.changed) == ("lost", True, False)


@pytest.mark.parametrize("error", [AWAY, EngineError("no such log driver")], ids=["away", "refused"])
def test_a_success_is_one_also_where_its_output_cannot_be_read(lab: Lab, error: EngineError) -> None:
    lab.observed.breaks("logs", error)
    result = run_job(lab, job(lab.name("job"), SUCCEED))
    assert (result.outcome, result.exit_code, result.stdout) == ("succeeded", 0, "")
    assert str(error) in result.diagnosis


def test_a_success_is_one_also_where_old_records_cannot_be_removed(lab: Lab) -> None:
    lab.observed.after("logs", lambda *_asked: lab.observed.breaks("named", AWAY))
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.proceed) == ("succeeded", True)
    assert [str(AWAY) in warning for warning in result.warnings] == [True]

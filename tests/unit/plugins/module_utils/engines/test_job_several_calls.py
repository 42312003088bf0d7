# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that is followed in several short calls has the result that one long call would have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    Follower,
    follower,
    run_job,
    start_elsewhere,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import AWAY
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    FAIL_LATE,
    IGNORE_TERM,
    NO_SUCH_PROGRAM,
    SERVE,
    SUCCEED,
    SUCCEED_LATE,
    TAKE_A_SECOND,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

SHORT = 0.3


def short(lab: Lab, program: Program, **fields: Any) -> Request:
    return job(lab.name("job"), program, **{"patience": SHORT, **fields})


def comparable(result: Result) -> dict[str, Any]:
    """Return the fields that depend neither on the time nor on the name."""
    dated = ("name", "diagnosis", "container_id", "container_name", "started_at", "finished_at", "duration", "fence")
    return {key: value for key, value in result.returned().items() if key not in dated}


@pytest.mark.parametrize(
    ("program", "fields"),
    [
        pytest.param(SUCCEED, {}, id="a short one"),
        pytest.param(SUCCEED_LATE, {}, id="a long one"),
        pytest.param(FAIL_LATE, {}, id="one that fails"),
        pytest.param(SERVE, {"timeout": 1}, id="one that is stopped"),
        pytest.param(SUCCEED, {"container": {"command": NO_SUCH_PROGRAM}}, id="one that cannot be started"),
    ],
)
def test_the_result_is_the_same_as_that_of_one_call(lab: Lab, program: Program, fields: dict[str, Any]) -> None:
    whole = run_job(lab, job(lab.name("whole"), program, **fields))
    following = follower(lab, short(lab, program, **fields))
    assert comparable(following.follow()) == comparable(whole)
    # On a busy machine even a short one takes longer than a call.
    assert following.calls > 1 or program is SUCCEED
    assert following.sentences == []
    assert lab.observed.calls["start"] == 2


def start_watching(lab: Lab, program: Program = SERVE, own: bool = True) -> tuple[Follower, str]:
    """Return a follower that has seen a run begin, and its ID; the program must not end by itself."""
    wanted = short(lab, program)
    if not own:
        start_elsewhere(lab, replace(wanted, invocation="b"))
    following = follower(lab, wanted)
    assert following.call_once() is None
    found = lab.there(wanted.name)
    lab.until(lambda: any(lab.outside.logs(found.id)))
    return following, found.id


@pytest.mark.parametrize("own", [True, False], ids=["this invocation", "another one"])
@pytest.mark.parametrize(("program", "exit_code"), [(SERVE, 0), (IGNORE_TERM, 137)], ids=["succeeds", "fails"])
def test_a_watched_run_that_becomes_a_record_is_still_reported(
    lab: Lab, program: Program, exit_code: int, own: bool
) -> None:
    following, container_id = start_watching(lab, program, own)
    lab.outside.stop(container_id, 2)
    newer = run_job(lab, job(lab.name("job"), release="2", invocation="c"))
    result = following.follow()
    assert (result.container_id, result.exit_code) == (container_id, exit_code)
    assert result.container_name == Run(lab.outside.inspect(container_id)).history_name
    assert (result.changed, result.joined, result.reused) == (own, not own, False)
    assert sorted(container.id for container in lab.all()) == sorted([container_id, str(newer.container_id)])


@pytest.mark.parametrize("call", ["find", "named"])
def test_a_watched_run_that_becomes_a_record_between_two_looks_is_still_reported(lab: Lab, call: str) -> None:
    following, container_id = start_watching(lab)
    lab.outside.stop(container_id, 2)
    run = Run(lab.outside.inspect(container_id))
    lab.observed.after(call, lambda _name: lab.outside.rename(container_id, run.history_name))
    result = following.follow()
    assert (result.outcome, result.container_id) == ("succeeded", container_id)


@pytest.mark.parametrize("own", [True, False], ids=["this invocation", "another one"])
@pytest.mark.parametrize("then", ["nothing", "another run of the release"])
def test_a_watched_run_that_is_removed_is_lost(lab: Lab, own: bool, then: str) -> None:
    following, container_id = start_watching(lab, own=own)
    lab.outside.stop(container_id, 0)
    lab.outside.remove(container_id)
    if then != "nothing":
        run_job(lab, short(lab, SUCCEED, invocation="c"))
    lab.observed.calls.clear()
    result = following.follow()
    assert (result.outcome, result.exit_code, result.proceed) == ("lost", None, False)
    # The action keeps the result of an attempted run for later batches.
    assert (result.attempts, result.container_id) == (1, container_id)
    assert container_id[:12] in result.diagnosis
    assert lab.observed.calls["create"] == 0


@pytest.mark.parametrize("call", ["identity", "find", "named", "inspect"])
def test_a_watched_run_is_lost_where_the_engine_goes_away(lab: Lab, call: str) -> None:
    following, container_id = start_watching(lab)
    lab.observed.breaks(call, AWAY)
    result = following.follow()
    assert (result.outcome, result.exit_code, result.attempts) == ("lost", None, 1)
    assert result.container_id == container_id
    assert str(AWAY) in result.diagnosis
    assert lab.observed.calls["create"] == 1


@pytest.mark.parametrize(
    ("moment", "call"),
    [("before", "create"), ("after", "start"), ("before", "wait"), ("after", "wait"), ("before", "logs")],
)
def test_a_module_that_is_executed_twice_runs_once(lab: Lab, moment: str, call: str) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND)
    others: list[Result] = []
    getattr(lab.observed, moment)(call, lambda *_: others.append(Follower(lab.outside, lab.clock, wanted).follow()))
    result = run_job(lab, wanted)
    assert others == [result]
    assert (result.outcome, result.changed, len(lab.all())) == ("succeeded", True, 1)


def test_a_run_is_not_lost_where_only_its_records_cannot_be_read(lab: Lab) -> None:
    following = follower(lab, short(lab, SUCCEED_LATE))
    lab.observed.after("start", lambda _id: lab.observed.breaks("named", EngineError("its answer cannot be read")))
    assert following.call_once() is None
    lab.observed.mended()
    result = following.follow()
    assert (result.outcome, result.changed) == ("succeeded", True)
    assert following.watched == {result.container_id}

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container that was created and not started: its creator may still come, and nobody else starts it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import START_GRACE
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    Follower,
    created_elsewhere,
    follower,
    run_job,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_engine, memory_lab
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock
from ansible_collections.migrate_first.docker.tests.unit.support.programs import TAKE_A_SECOND
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

OTHERS: dict[str, Any] = {
    "another execution": {},
    "another invocation": {"invocation": "b"},
    "another release": {"invocation": "b", "release": "2"},
}
others = pytest.mark.parametrize("other", OTHERS)


def wanted_in(lab: Lab) -> Request:
    return job(lab.name("job"), TAKE_A_SECOND)


def of(other: str, wanted: Request) -> Request:
    return replace(wanted, creator="another execution", **OTHERS[other])


@others
@pytest.mark.parametrize("skew", [0.0, 3600.0, -3600.0], ids=["set right", "an hour ahead", "an hour behind"])
def test_after_a_minute_nobody_will_start_it(other: str, skew: float) -> None:
    clock = MemoryClock()
    lab = Lab(memory_engine(clock, skew), clock)
    created = created_elsewhere(lab, of(other, wanted_in(lab)))
    following = follower(lab, wanted_in(lab))
    result = following.follow()
    assert (result.outcome, result.changed, result.joined) == ("succeeded", True, False)
    assert [container.id for container in lab.all()] == [result.container_id]
    assert result.container_id != created.id
    assert START_GRACE <= clock.monotonic() <= START_GRACE + 3
    assert "is about to be started" in following.sentences[0]


@pytest.mark.parametrize(("other", "changed"), [("another execution", True), ("another invocation", False)])
def test_its_creator_may_come_late(other: str, changed: bool) -> None:
    lab = memory_lab()
    created = created_elsewhere(lab, of(other, wanted_in(lab)))
    lab.observed.before("find", *[lambda _name: None] * 5, lambda _name: lab.outside.start(created.id))
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.container_id) == ("succeeded", created.id)
    assert (result.joined, result.changed) == (not changed, changed)
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 0


def test_its_creator_may_come_at_the_very_end() -> None:
    lab = memory_lab()
    created = created_elsewhere(lab, of("another invocation", wanted_in(lab)))
    lab.observed.before("remove", lab.outside.start)
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.container_id, result.joined) == ("succeeded", created.id, True)
    assert lab.observed.calls["create"] == 0


@pytest.mark.parametrize(("other", "changed"), [("another execution", True), ("another invocation", False)])
def test_a_creator_that_comes_too_late_looks_again(other: str, changed: bool) -> None:
    lab = memory_lab()
    told: list[Result] = []
    others = Follower(lab.outside, lab.clock, of(other, wanted_in(lab)))
    lab.observed.before("start", lambda _id: told.append(others.follow()))
    result = run_job(lab, wanted_in(lab))
    assert [it.changed for it in told] == [True]
    assert (result.outcome, result.container_id) == ("succeeded", told[0].container_id)
    assert (result.changed, result.reused) == (changed, not changed)
    assert len(lab.all()) == 1


def test_a_record_is_not_taken_for_one_that_nobody_has_started() -> None:
    lab = memory_lab()
    created = created_elsewhere(lab, of("another invocation", wanted_in(lab)))
    lab.clock.sleep(START_GRACE)

    def run_it(_name: str) -> None:
        lab.outside.start(created.id)
        lab.outside.wait(created.id, 30)

    lab.observed.after("find", run_it)
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.container_id, result.reused) == ("succeeded", created.id, True)


def test_another_release_may_be_first_where_the_creator_comes_too_late() -> None:
    lab = memory_lab()
    others = Follower(lab.outside, lab.clock, of("another release", wanted_in(lab)))
    lab.observed.before("start", lambda _id: others.follow())
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.reused, len(lab.all())) == ("succeeded", False, 2)


def test_one_that_cannot_be_removed_is_given_up() -> None:
    lab = memory_lab()
    created = created_elsewhere(lab, of("another invocation", wanted_in(lab)))
    lab.observed.breaks("remove", EngineError("device or resource busy"))
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.exit_code) == ("not_started", None)
    assert "device or resource busy" in result.diagnosis
    assert lab.all() == (created,)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of a job: a container that was only created, and one whose state does not last."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import SETTLE_GRACE, START_GRACE
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    Follower,
    create_elsewhere,
    follower,
    run_job,
    start_elsewhere,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_lab, memory_of
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE, TAKE_A_SECOND
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

OTHERS: dict[str, Any] = {
    "another execution": {},
    "another invocation": {"invocation": "b"},
    "another release": {"invocation": "b", "release": "2"},
}
#: The creator of the container, and whether its run is a change of this invocation.
CREATORS = pytest.mark.parametrize(("other", "changed"), [("another execution", True), ("another invocation", False)])


def wanted_in(lab: Lab) -> Request:
    return job(lab.name("job"), TAKE_A_SECOND)


def of(other: str, wanted: Request) -> Request:
    return replace(wanted, creator="another execution", **OTHERS[other])


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("skew", [0.0, 3600.0, -3600.0], ids=["clock is right", "an hour ahead", "an hour behind"])
def test_a_container_that_nobody_starts_within_a_minute_is_replaced(other: str, skew: float) -> None:
    lab = memory_lab(skew)
    created = create_elsewhere(lab, of(other, wanted_in(lab)))
    following = follower(lab, wanted_in(lab))
    result = following.follow()
    assert (result.outcome, result.changed, result.joined) == ("succeeded", True, False)
    assert [container.id for container in lab.all()] == [result.container_id]
    assert result.container_id != created.id
    assert START_GRACE <= lab.clock.monotonic() <= START_GRACE + 3
    assert "is about to be started" in following.sentences[0]


@CREATORS
def test_a_container_that_its_creator_starts_late_is_joined(other: str, changed: bool) -> None:
    lab = memory_lab()
    created = create_elsewhere(lab, of(other, wanted_in(lab)))
    lab.observed.before("find", *[lambda _name: None] * 5, lambda _name: lab.outside.start(created.id))
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.container_id) == ("succeeded", created.id)
    assert (result.joined, result.changed) == (not changed, changed)
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 0


def test_a_container_that_is_started_just_before_its_removal_is_joined() -> None:
    lab = memory_lab()
    created = create_elsewhere(lab, of("another invocation", wanted_in(lab)))
    lab.observed.before("remove", lab.outside.start)
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.container_id, result.joined) == ("succeeded", created.id, True)
    assert lab.observed.calls["create"] == 0


@CREATORS
def test_a_creator_whose_container_was_replaced_reports_the_other_run(other: str, changed: bool) -> None:
    lab = memory_lab()
    results: list[Result] = []
    others = Follower(lab.outside, lab.clock, of(other, wanted_in(lab)))
    lab.observed.before("start", lambda _id: results.append(others.follow()))
    result = run_job(lab, wanted_in(lab))
    assert [it.changed for it in results] == [True]
    assert (result.outcome, result.container_id) == ("succeeded", results[0].container_id)
    assert (result.changed, result.reused) == (changed, not changed)
    assert len(lab.all()) == 1


def test_a_creator_whose_container_was_replaced_for_another_release_runs_after_it() -> None:
    lab = memory_lab()
    others = Follower(lab.outside, lab.clock, of("another release", wanted_in(lab)))
    lab.observed.before("start", lambda _id: others.follow())
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.reused, len(lab.all())) == ("succeeded", False, 2)


def test_a_run_that_ends_before_its_container_is_removed_is_kept_and_reported() -> None:
    lab = memory_lab()
    created = create_elsewhere(lab, of("another invocation", wanted_in(lab)))
    lab.clock.sleep(START_GRACE)

    def run_it(_name: str) -> None:
        lab.outside.start(created.id)
        lab.outside.wait(created.id, 30)

    lab.observed.after("find", run_it)
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.container_id, result.reused) == ("succeeded", created.id, True)


def test_a_created_container_that_cannot_be_removed_ends_the_loop() -> None:
    lab = memory_lab()
    created = create_elsewhere(lab, of("another invocation", wanted_in(lab)))
    lab.observed.breaks("remove", EngineError("device or resource busy"))
    result = run_job(lab, wanted_in(lab))
    assert (result.outcome, result.exit_code) == ("not_started", None)
    assert "device or resource busy" in result.diagnosis
    assert lab.all() == (created,)


@pytest.mark.parametrize("state", ["restarting", "dead", "removing"])
def test_a_container_that_does_not_settle_is_lost(state: str) -> None:
    lab = memory_lab()
    found = start_elsewhere(lab, job("job", SERVE))
    memory_of(lab).containers[found.id].state = state
    result = run_job(lab, job("job", SERVE, invocation="b"))
    assert (result.outcome, result.container_id, result.exit_code) == ("lost", found.id, None)
    assert lab.clock.monotonic() == pytest.approx(SETTLE_GRACE, abs=2)


@pytest.mark.parametrize("looks_before", [0, 100], ids=["at once", "after a long wait for another release"])
def test_a_container_that_is_removed_soon_does_not_stop_the_job(looks_before: int) -> None:
    lab = memory_lab()
    found = start_elsewhere(lab, job("job", SERVE, release="2", invocation="b"))
    containers = memory_of(lab).containers
    nothing = [lambda _name: None] * looks_before
    lab.observed.before(
        "find", *nothing, lambda _name: setattr(containers[found.id], "state", "removing"), lambda _: containers.clear()
    )
    result = run_job(lab, job("job"))
    assert (result.outcome, result.changed) == ("succeeded", True)

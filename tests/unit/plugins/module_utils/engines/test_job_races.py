# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that several controllers run at the same time: a lost race is no error, and nothing runs twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import NameTaken
from ansible_collections.migrate_first.docker.plugins.module_utils._job.loop import MOST_RACES
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import Follower, run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import IGNORE_TERM, TAKE_A_SECOND
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


def test_a_controller_whose_name_is_taken_joins_the_run(lab: Lab) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND)
    others = replace(wanted, invocation="b")
    lab.observed.before("create", lambda *_: start_elsewhere(lab, others))
    result = run_job(lab, wanted)
    assert (result.outcome, result.joined, result.changed) == ("succeeded", True, False)
    assert len(lab.all()) == 1


def test_a_controller_whose_name_is_taken_by_another_release_finds_it_busy(lab: Lab) -> None:
    wanted = job(lab.name("job"), IGNORE_TERM, on_busy="fail")
    others = replace(wanted, invocation="b", release="2")
    lab.observed.before("create", lambda *_: start_elsewhere(lab, others))
    assert run_job(lab, wanted).outcome == "not_started"
    assert len(lab.all()) == 1
    assert lab.all()[0].running


@pytest.mark.parametrize(("races", "outcome"), [(MOST_RACES, "not_started"), (MOST_RACES - 1, "succeeded")])
def test_a_job_gives_up_after_many_lost_races(lab: Lab, races: int, outcome: str) -> None:
    lab.observed.before("create", *[failing(NameTaken("it is in use")) for _round in range(races)])
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.changed) == (outcome, outcome == "succeeded")
    assert (str(MOST_RACES) in result.diagnosis, lab.all() == ()) == (not result.changed, not result.changed)


@pytest.mark.parametrize("others", ["archive it", "remove it"])
def test_an_older_run_that_somebody_else_archives_or_removes_first_is_no_error(lab: Lab, others: str) -> None:
    older = run_job(lab, job(lab.name("job")))
    assert older.container_id
    archived = others == "archive it"
    if archived:
        lab.observed.before("rename", lab.outside.rename)
    else:
        lab.observed.before("rename", lambda container_id, _name: lab.outside.remove(container_id))
    result = run_job(lab, job(lab.name("job"), release="2", invocation="b"))
    assert (result.outcome, result.reused) == ("succeeded", False)
    assert len(lab.all()) == (2 if archived else 1)


def test_a_run_that_is_removed_right_after_its_start_is_lost_and_not_run_again(lab: Lab) -> None:
    def remove_it(container_id: str) -> None:
        lab.outside.wait(container_id, 30)
        lab.outside.remove(container_id)

    lab.observed.after("start", remove_it)
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code, result.changed) == ("lost", None, True)
    assert lab.observed.calls["start"] == 1
    assert lab.all() == ()


def test_a_run_that_is_removed_while_it_is_watched_is_lost(lab: Lab) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND, invocation="b")
    start_elsewhere(lab, wanted)
    lab.observed.after("wait", lambda container_id, _seconds: lab.outside.remove(container_id))
    result = run_job(lab, replace(wanted, invocation="a"))
    assert (result.outcome, result.exit_code, result.joined, result.changed) == ("lost", None, True, False)
    assert lab.observed.calls["create"] == 0


def test_a_container_that_is_removed_before_its_start_is_created_again(lab: Lab) -> None:
    lab.observed.before("start", lab.outside.remove)
    result = run_job(lab, job(lab.name("job")))
    assert result.outcome == "succeeded"
    assert len(lab.all()) == 1


@pytest.mark.parametrize("invocation", ["a", "b"], ids=["of another execution", "of another invocation"])
def test_a_success_between_the_look_and_the_creation_is_reported(lab: Lab, invocation: str) -> None:
    wanted = job(lab.name("job"))
    others: list[Result] = []

    def run_between(*_arguments: object) -> None:
        others.append(Follower(lab.outside, lab.clock, replace(wanted, invocation=invocation)).follow())
        record = Run(lab.there(wanted.name))
        lab.outside.rename(record.container.id, record.history_name)

    lab.observed.before("create", run_between)
    result = run_job(lab, wanted)
    assert (result.outcome, result.container_id) == ("succeeded", others[0].container_id)
    assert (result.changed, result.reused) == (invocation == "a", invocation != "a")
    assert lab.observed.calls["start"] == 0
    assert [container.id for container in lab.all()] == [result.container_id]

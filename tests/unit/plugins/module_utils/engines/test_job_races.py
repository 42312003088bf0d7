# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that others handle at the same time: a lost race is no error, and nothing runs twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import NameTaken
from ansible_collections.migrate_first.docker.plugins.module_utils._job.loop import MOST_RACES
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    Follower,
    create_elsewhere,
    run_job,
    start_elsewhere,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import IGNORE_TERM, TAKE_A_SECOND
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


def test_who_comes_second_to_the_name_joins(lab: Lab) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND)
    others = replace(wanted, invocation="b")
    lab.observed.before("create", lambda *_: start_elsewhere(lab, others))
    result = run_job(lab, wanted)
    assert (result.outcome, result.joined, result.changed) == ("succeeded", True, False)
    assert len(lab.all()) == 1


def test_who_comes_second_to_the_name_is_busy_with_another_release(lab: Lab) -> None:
    wanted = job(lab.name("job"), IGNORE_TERM, on_busy="fail")
    others = replace(wanted, invocation="b", release="2")
    lab.observed.before("create", lambda *_: start_elsewhere(lab, others))
    assert run_job(lab, wanted).outcome == "not_started"
    assert len(lab.all()) == 1
    assert lab.all()[0].running


def test_a_name_that_never_becomes_free_is_given_up(lab: Lab) -> None:
    lab.observed.before("create", *[failing(NameTaken("it is in use")) for _round in range(MOST_RACES)])
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.changed) == ("not_started", False)
    assert str(MOST_RACES) in result.diagnosis
    assert lab.all() == ()


def test_a_name_that_becomes_free_at_last_is_taken(lab: Lab) -> None:
    lab.observed.before("create", *[failing(NameTaken("it is in use")) for _round in range(MOST_RACES - 1)])
    assert run_job(lab, job(lab.name("job"))).outcome == "succeeded"


@pytest.mark.parametrize("others", ["keep it as the same record", "remove it"])
def test_an_older_run_that_others_put_away_first_is_put_away(lab: Lab, others: str) -> None:
    older = run_job(lab, job(lab.name("job")))
    assert older.container_id
    if others == "keep it as the same record":
        lab.observed.before("rename", lab.outside.rename)
    else:
        lab.observed.before("rename", lambda container_id, _name: lab.outside.remove(container_id))
    result = run_job(lab, job(lab.name("job"), release="2", invocation="b"))
    assert (result.outcome, result.reused) == ("succeeded", False)
    assert len(lab.all()) == (2 if others == "keep it as the same record" else 1)


def test_a_run_that_vanishes_when_it_was_started_is_lost_and_not_run_again(lab: Lab) -> None:
    def vanish(container_id: str) -> None:
        lab.outside.wait(container_id, 30)
        lab.outside.remove(container_id)

    lab.observed.after("start", vanish)
    result = run_job(lab, job(lab.name("job")))
    assert (result.outcome, result.exit_code, result.changed) == ("lost", None, True)
    assert lab.observed.calls["start"] == 1
    assert lab.all() == ()


def test_a_run_that_vanishes_while_it_is_watched_is_lost(lab: Lab) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND, invocation="b")
    start_elsewhere(lab, wanted)
    lab.observed.after("wait", lambda container_id, _seconds: lab.outside.remove(container_id))
    result = run_job(lab, replace(wanted, invocation="a"))
    assert (result.outcome, result.exit_code, result.joined, result.changed) == ("lost", None, True, False)
    assert lab.observed.calls["create"] == 0


def test_a_container_that_vanishes_before_it_was_started_is_made_anew(lab: Lab) -> None:
    lab.observed.before("start", lab.outside.remove)
    result = run_job(lab, job(lab.name("job")))
    assert result.outcome == "succeeded"
    assert len(lab.all()) == 1


def test_two_jobs_do_not_meet(lab: Lab) -> None:
    create_elsewhere(lab, job(lab.name("job.other"), invocation="b"))
    assert run_job(lab, job(lab.name("job"), keep=0)).outcome == "succeeded"
    assert [container.name for container in lab.all()] == [lab.name("job"), lab.name("job.other")]


@pytest.mark.parametrize("call", ["find", "named"])
def test_a_record_that_others_put_away_between_two_looks_is_seen(lab: Lab, call: str) -> None:
    wanted = job(lab.name("job"))
    first = run_job(lab, replace(wanted, invocation="b"))
    record = Run(lab.there(wanted.name))
    lab.observed.after(call, lambda *_: lab.outside.rename(record.container.id, record.history_name))
    result = run_job(lab, wanted)
    assert (result.outcome, result.container_id, result.reused) == ("succeeded", first.container_id, True)
    assert lab.observed.calls["start"] == 1


@pytest.mark.parametrize("invocation", ["a", "b"], ids=["of another execution", "of another invocation"])
def test_a_success_between_the_look_and_the_creation_is_seen(lab: Lab, invocation: str) -> None:
    wanted = job(lab.name("job"))
    others: list[Result] = []

    def come_between(*_arguments: object) -> None:
        others.append(Follower(lab.outside, lab.clock, replace(wanted, invocation=invocation)).follow())
        record = Run(lab.there(wanted.name))
        lab.outside.rename(record.container.id, record.history_name)

    lab.observed.before("create", come_between)
    result = run_job(lab, wanted)
    assert (result.outcome, result.container_id) == ("succeeded", others[0].container_id)
    assert (result.changed, result.reused) == (invocation == "a", invocation != "a")
    assert lab.observed.calls["start"] == 0
    assert [container.id for container in lab.all()] == [result.container_id]

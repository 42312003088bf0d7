# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job whose name is taken: joined, reported, kept as a record, or refused, and never run twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    create_elsewhere,
    foreign,
    run_job,
    start_elsewhere,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    FAIL,
    IGNORE_TERM,
    SERVE,
    SUCCEED,
    TAKE_A_SECOND,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


@pytest.mark.parametrize(
    ("program", "outcome"), [pytest.param(SUCCEED, "succeeded", id="success"), pytest.param(FAIL, "failed", id="fail")]
)
def test_one_invocation_runs_it_once(lab: Lab, program: Program, outcome: str) -> None:
    wanted = job(lab.name("job"), program)
    first, second = run_job(lab, wanted), run_job(lab, wanted)
    assert (first.outcome, second.outcome) == (outcome, outcome)
    assert (first.reused, second.reused) == (False, False)
    assert (first.changed, second.changed) == (True, True)
    assert (second.stdout, second.exit_code, second.fence) == (first.stdout, first.exit_code, first.fence)
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 1
    assert len(lab.all()) == 1


def test_an_environment_that_differs_from_batch_to_batch_is_no_other_migration(lab: Lab) -> None:
    wanted = job(lab.name("job"), container={"env": {"HOST": "h1"}})
    run_job(lab, wanted)
    batch = job(lab.name("job"), container={"env": {"HOST": "h2"}})
    assert run_job(lab, batch).outcome == "succeeded"
    assert lab.observed.calls["create"] == 1


@pytest.mark.parametrize(
    ("container", "key"),
    [
        ({"image": NEXT_IMAGE}, "image"),
        ({"command": ["sh", "-c", "echo other"]}, "command"),
        ({"entrypoint": ["env"]}, "entrypoint"),
    ],
)
def test_one_invocation_runs_no_other_work_for_the_release(lab: Lab, container: dict[str, Any], key: str) -> None:
    first = run_job(lab, job(lab.name("job")))
    second = run_job(lab, job(lab.name("job"), SUCCEED, container))
    assert (second.outcome, second.exit_code, second.changed) == ("not_started", None, False)
    assert key in second.diagnosis
    assert [container.id for container in lab.all()] == [first.container_id]


def test_a_release_that_has_migrated_does_not_migrate_again(lab: Lab) -> None:
    wanted = job(lab.name("job"), invocation="a")
    first, second = run_job(lab, wanted), run_job(lab, replace(wanted, invocation="b"))
    assert (second.outcome, second.reused, second.changed) == ("succeeded", True, False)
    assert second.container_id == first.container_id
    assert len(lab.all()) == 1


@pytest.mark.parametrize(
    ("program", "container", "fields"),
    [
        pytest.param(SUCCEED, {}, {"release": "2"}, id="another release"),
        pytest.param(SUCCEED, {}, {"release": "2", "invocation": "a"}, id="another release of this invocation"),
        pytest.param(FAIL, {}, {}, id="the release, which has failed"),
        pytest.param(SUCCEED, {"env": {"DATABASE": "b"}}, {}, id="the release, with another database"),
        pytest.param(SUCCEED, {"image": NEXT_IMAGE}, {}, id="the release, with another image"),
    ],
)
def test_what_has_run_before_is_kept_as_a_record(
    lab: Lab, program: Program, container: dict[str, Any], fields: dict[str, str]
) -> None:
    first = run_job(lab, job(lab.name("job"), program))
    second = run_job(lab, job(lab.name("job"), SUCCEED, container, **{"invocation": "b", **fields}))
    assert (second.outcome, second.reused, second.changed) == ("succeeded", False, True)
    record, run = sorted(lab.all(), key=lambda container: container.created_at)
    assert (record.id, run.id) == (first.container_id, second.container_id)
    assert run.name == lab.name("job")
    moment = f"{record.created_at:%Y%m%dT%H%M%SZ}"
    assert record.name == f"{lab.name('job')}.{moment}.{record.id[:12]}"
    assert (first.fence or 0) < (second.fence or 0)


@pytest.mark.parametrize(
    ("invocation", "own"),
    [pytest.param("a", True, id="by the one who made it"), pytest.param("b", False, id="by another")],
)
@pytest.mark.parametrize("program", [TAKE_A_SECOND, SERVE], ids=["ends", "is stopped at its deadline"])
def test_what_runs_for_the_release_is_joined(lab: Lab, invocation: str, own: bool, program: Program) -> None:
    wanted = job(lab.name("job"), program, timeout=2)
    running = start_elsewhere(lab, wanted)
    result = run_job(lab, replace(wanted, invocation=invocation))
    assert result.outcome == ("succeeded" if program is TAKE_A_SECOND else "timed_out")
    assert (result.joined, result.changed, result.container_id) == (not own, own, running.id)
    assert result.stdout == program.stdout.strip()
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 0
    assert len(lab.all()) == 1


def test_who_joins_waits_by_the_deadline_of_the_run(lab: Lab) -> None:
    wanted = job(lab.name("job"), TAKE_A_SECOND, timeout=60, invocation="b")
    start_elsewhere(lab, wanted)
    assert run_job(lab, replace(wanted, invocation="a", timeout=0.1)).outcome == "succeeded"
    assert lab.observed.calls["stop"] == 0


@pytest.mark.parametrize(
    ("container", "fields", "reason"),
    [
        pytest.param({}, {"release": "2", "on_busy": "fail"}, "for the release 1", id="for another release"),
        pytest.param({"env": {"DATABASE": "b"}}, {}, "env.DATABASE", id="with another database"),
        pytest.param({"secret_env": {"TOKEN": "hidden"}}, {}, "env.TOKEN", id="with another secret"),
        pytest.param({"image": NEXT_IMAGE}, {}, "image", id="with another image"),
        pytest.param({"user": "1000"}, {}, "user", id="as another user"),
        pytest.param({"image": NEXT_IMAGE}, {"invocation": "a"}, "image", id="for this invocation with another image"),
    ],
)
def test_what_runs_otherwise_is_left_alone(
    lab: Lab, container: dict[str, Any], fields: dict[str, str], reason: str
) -> None:
    running = start_elsewhere(lab, job(lab.name("job"), IGNORE_TERM))
    result = run_job(lab, job(lab.name("job"), IGNORE_TERM, container, **{"invocation": "b", **fields}))
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert reason in result.diagnosis
    assert "hidden" not in repr(result.returned())
    assert lab.all() == (running,)


@pytest.mark.parametrize("release", ["1", "2"])
def test_a_foreign_container_is_left_alone(lab: Lab, release: str) -> None:
    container = foreign(lab, lab.name("job"))
    result = run_job(lab, job(lab.name("job"), release=release))
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert container.id[:12] in result.diagnosis
    assert lab.all() == (container,)


def test_another_jobs_container_is_foreign(lab: Lab) -> None:
    other = create_elsewhere(lab, job(lab.name("other")))
    lab.outside.rename(other.id, lab.name("job"))
    assert run_job(lab, job(lab.name("job"))).outcome == "not_started"
    assert [container.id for container in lab.all()] == [other.id]

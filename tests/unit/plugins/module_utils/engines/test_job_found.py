# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job does about the container that it finds under its name."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.outcome import outcome_of
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    create_elsewhere,
    follower,
    foreign,
    run_job,
    start_elsewhere,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    FAIL,
    FAIL_LATE,
    IGNORE_TERM,
    SERVE,
    SUCCEED,
    SUCCEED_LATE,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


@pytest.mark.parametrize(("program", "outcome"), [(SUCCEED, "succeeded"), (FAIL, "failed")], ids=["success", "failure"])
def test_one_invocation_runs_the_job_once(lab: Lab, program: Program, outcome: str) -> None:
    first = run_job(lab, job(lab.name("job"), program, {"env": {"HOST": "h1"}}))
    # Another host's batch: within an invocation the environment is not compared.
    second = run_job(lab, job(lab.name("job"), program, {"env": {"HOST": "h2"}}))
    assert (first.outcome, second.outcome) == (outcome, outcome)
    assert (first.reused, second.reused) == (False, False)
    assert (first.changed, second.changed) == (True, True)
    assert (second.stdout, second.exit_code, second.fence) == (first.stdout, first.exit_code, first.fence)
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 1
    assert len(lab.all()) == 1


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
def test_an_earlier_run_is_kept_as_a_record(
    lab: Lab, program: Program, container: dict[str, Any], fields: dict[str, str]
) -> None:
    first = run_job(lab, job(lab.name("job"), program))
    second = run_job(lab, job(lab.name("job"), SUCCEED, container, **{"invocation": "b", **fields}))
    assert (second.outcome, second.reused, second.changed) == ("succeeded", False, True)
    record, run = sorted(lab.all(), key=lambda container: container.created_at)
    assert (record.id, run.id) == (first.container_id, second.container_id)
    assert (record.name, run.name) == (Run(record).history_name, lab.name("job"))
    assert (first.fence or 0) < (second.fence or 0)


@pytest.mark.parametrize(("invocation", "own"), [("a", True), ("b", False)], ids=["own run", "of another invocation"])
@pytest.mark.parametrize(
    ("program", "outcome"),
    [(SUCCEED_LATE, "succeeded"), (FAIL_LATE, "failed"), (SERVE, "timed_out")],
    ids=["succeeds", "fails", "is stopped at its deadline"],
)
@pytest.mark.parametrize("patience", [math.inf, 0.3], ids=["one call", "several calls"])
def test_a_run_of_the_release_is_joined(
    lab: Lab, invocation: str, own: bool, program: Program, outcome: str, patience: float
) -> None:
    # The timeout of the task that joins has no effect on the run.
    timeout = 2 if program is SERVE else 60
    running = start_elsewhere(lab, job(lab.name("job"), program, timeout=timeout))
    following = follower(lab, job(lab.name("job"), program, timeout=0.1, invocation=invocation, patience=patience))
    result = following.follow()
    assert (result.outcome, result.exit_code, result.stdout) == (outcome, program.exit_code, program.stdout.strip())
    assert (result.joined, result.reused, result.changed, result.container_id) == (not own, False, own, running.id)
    assert (following.calls > 1) == (patience < 1)
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 0
    assert lab.observed.calls["stop"] == (program is SERVE)
    assert len(lab.all()) == 1


@pytest.mark.parametrize(
    ("container", "fields", "reason"),
    [
        pytest.param({"env": {"DATABASE": "b"}}, {}, "env.DATABASE", id="with another database"),
        pytest.param({"secret_env": {"TOKEN": "hidden"}}, {}, "env.TOKEN", id="with another secret"),
        pytest.param({"image": NEXT_IMAGE}, {}, "image", id="with another image"),
        pytest.param({"user": "1000"}, {}, "user", id="as another user"),
        pytest.param({"image": NEXT_IMAGE}, {"invocation": "a"}, "image", id="for this invocation with another image"),
    ],
)
def test_a_run_with_another_definition_is_left_alone(
    lab: Lab, container: dict[str, Any], fields: dict[str, str], reason: str
) -> None:
    running = start_elsewhere(lab, job(lab.name("job"), IGNORE_TERM))
    result = run_job(lab, job(lab.name("job"), IGNORE_TERM, container, **{"invocation": "b", **fields}))
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert result.container_id == running.id
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


def test_the_container_of_another_job_is_foreign(lab: Lab) -> None:
    other = create_elsewhere(lab, job(lab.name("other")))
    lab.outside.rename(other.id, lab.name("job"))
    assert run_job(lab, job(lab.name("job"))).outcome == "not_started"
    assert [container.id for container in lab.all()] == [other.id]


def test_the_run_of_another_release_is_waited_for(lab: Lab) -> None:
    others = start_elsewhere(lab, job(lab.name("job"), SUCCEED_LATE, release="2", invocation="b"))
    following = follower(lab, job(lab.name("job")))
    # A person learns at once what the job waits for.
    assert following.call_once() is None
    assert len(following.sentences) == 1
    result = following.follow()
    assert (result.outcome, result.changed, result.joined, result.reused) == ("succeeded", True, False, False)
    assert all("for the release 2" in sentence for sentence in following.sentences)
    record, run = sorted(lab.all(), key=lambda container: container.created_at)
    assert (record.id, record.exit_code, run.id) == (others.id, 0, result.container_id)
    assert record.finished_at
    assert record.finished_at <= run.created_at


@pytest.mark.parametrize(
    ("options", "seconds"), [({"busy_timeout": 2}, 2), ({"on_busy": "fail"}, 0)], ids=["2 s", "fail"]
)
def test_the_run_of_another_release_is_not_waited_for_beyond_the_timeout(
    lab: Lab, options: dict[str, Any], seconds: float
) -> None:
    others = start_elsewhere(lab, job(lab.name("job"), IGNORE_TERM, release="2", invocation="b"))
    began = lab.clock.monotonic()
    following = follower(lab, job(lab.name("job"), **options))
    result = following.follow()
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert "for the release 2" in result.diagnosis
    assert lab.clock.monotonic() - began >= seconds
    assert bool(following.sentences) == (following.calls > 1) == (seconds > 0)
    assert lab.all() == (others,)


def test_a_run_of_another_release_that_nobody_watches_is_stopped_at_its_own_deadline(lab: Lab) -> None:
    others = start_elsewhere(lab, job(lab.name("job"), SERVE, release="2", invocation="b", timeout=1))
    assert run_job(lab, job(lab.name("job"), timeout=0.1)).outcome == "succeeded"
    record = Run(lab.outside.inspect(others.id))
    assert (outcome_of(record), lab.observed.calls["stop"]) == ("timed_out", 1)
    assert record.duration is not None
    assert record.duration >= 1


@pytest.mark.parametrize(
    ("program", "outcome"), [(SUCCEED, "superseded"), (FAIL, "succeeded")], ids=["a success", "a failure"]
)
def test_a_newer_success_supersedes_the_older_release(lab: Lab, program: Program, outcome: str) -> None:
    wanted = job(lab.name("job"))
    run_job(lab, wanted)
    run_job(lab, job(lab.name("job"), program, release="2", invocation="b"))
    lab.observed.calls.clear()
    result = run_job(lab, wanted)
    assert (result.outcome, result.proceed) == (outcome, outcome == "succeeded")
    assert lab.observed.calls["create"] == 0
    assert len(lab.all()) == 2


def test_the_older_release_runs_again_for_another_invocation(lab: Lab) -> None:
    wanted = job(lab.name("job"))
    run_job(lab, wanted)
    newer = run_job(lab, replace(wanted, release="2", invocation="b"))
    again = run_job(lab, replace(wanted, invocation="c"))
    assert (again.outcome, again.reused, again.changed) == ("succeeded", False, True)
    assert (again.fence or 0) > (newer.fence or 0)
    assert len(lab.all()) == 3

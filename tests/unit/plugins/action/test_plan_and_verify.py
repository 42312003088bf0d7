# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands beside a job: what is pending, in check mode, and whether anything still is, after a success."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import REPLY
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    DUE,
    FAILURE,
    INVOCATION,
    RESULT,
    SUCCESS,
    Action,
    earlier,
)

PLAN, VERIFY = ["migrate", "--plan"], ["migrate", "--check"]

NO_IMAGE = {**SUCCESS, "outcome": "not_started", "failed": True, "attempts": 0, "diagnosis": "there is no image."}

#: What is the job's alone.
OF_THE_JOB = {
    "release": "4711",
    "log_path": None,
    "retries": 2,
    "unchanged_output": "nothing",
    "skip": False,
    "pull": "always",
}


def asked(**options: Any) -> dict[str, Any]:
    return {**ARGUMENTS, **OF_THE_JOB, **options}


def planned(*answers: dict[str, Any], **options: Any) -> tuple[Action, dict[str, Any]]:
    action = Action(*answers, arguments=asked(plan_command=PLAN, **options), check_mode=True)
    return action, action.played()


def verified(*answers: dict[str, Any], **options: Any) -> tuple[Action, dict[str, Any]]:
    action = Action(*answers, arguments=asked(verify_command=VERIFY, **options))
    return action, action.played()


def beside(action: Action) -> dict[str, Any]:
    """Return the options of the second job that was asked for."""
    first, second = (options["module_args"] for options in action.executed)
    assert (first["name"], first["release"], first["retries"]) == ("job", "4711", 2)
    return dict(second)


def test_a_plan_is_asked_for_in_check_mode() -> None:
    _action, result = planned(DUE, {**SUCCESS, "stdout": "0004_split\n0005_drop"})
    assert (result["outcome"], result["exit_code"], result["attempts"]) == ("planned", None, 0)
    assert result["plan"] == "0004_split\n0005_drop"
    assert result["diff"] == {"before": "", "after": "0004_split\n0005_drop\n", "after_header": "pending: job"}
    assert result["ansible_facts"]["migration_jobs"]["job"]["plan"] == result["plan"]
    assert (result["name"], REPLY in result) == ("job", False)


def test_a_plan_never_touches_the_job() -> None:
    action, _result = planned(DUE, SUCCESS)
    options = beside(action)
    assert (options["name"], options["command"], options["pull"]) == ("job-plan", PLAN, "never")
    assert (options["container"], options["secret_env"]) == (ARGUMENTS["container"], ARGUMENTS["secret_env"])
    # Only the plan is run, though the task is in check mode.
    assert [call.planning for call in action.calls] == [False, True]


@pytest.mark.parametrize("outcome", ["succeeded", "not_started", "lost"])
def test_what_would_not_run_has_no_plan(outcome: str) -> None:
    action, result = planned({**SUCCESS, "outcome": outcome})
    assert (len(action.executed), result["outcome"], result["plan"]) == (1, outcome, None)


def test_without_the_image_there_is_only_a_prediction() -> None:
    _action, result = planned(DUE, NO_IMAGE)
    assert (result["outcome"], result.get("failed", False), result["plan"]) == ("planned", False, None)
    assert result["diagnosis"] == "job would run. No plan: there is no image."


def test_a_plan_that_fails_is_a_failure() -> None:
    _action, result = planned(DUE, FAILURE)
    assert (result["outcome"], result["failed"], result["plan"]) == ("failed", True, None)
    assert result["msg"] == "job cannot be planned: it exited with status 1."


def test_without_check_mode_there_is_no_plan() -> None:
    action = Action(SUCCESS, arguments=asked(plan_command=PLAN))
    assert (action.played()["plan"], len(action.executed)) == (None, 1)


def test_a_success_is_verified_by_a_job_of_its_own() -> None:
    action, result = verified(SUCCESS, {**SUCCESS, "name": "job-verify", "stdout": "nothing is pending"})
    assert {key: result[key] for key in RESULT} == RESULT
    options = beside(action)
    assert (options["name"], options["command"], options["retries"]) == ("job-verify", VERIFY, 0)
    assert (options["container"], options["pull"]) == (ARGUMENTS["container"], "never")
    assert not {"log_path", "unchanged_output"} & options.keys()


@pytest.mark.parametrize(("release", "own"), [(None, None), ("4711", f"4711, {INVOCATION}")])
def test_each_invocation_verifies_each_release_anew(release: str | None, own: str | None) -> None:
    arguments = {key: value for key, value in asked(verify_command=VERIFY).items() if key != "release"}
    arguments = {**arguments, "release": release} if release else arguments
    action = Action(SUCCESS, SUCCESS, arguments=arguments)
    action.played()
    assert action.executed[-1]["module_args"].get("release") == own


def test_what_is_not_verified_has_failed(folder: Path) -> None:
    _action, result = verified(SUCCESS, FAILURE)
    assert (result["outcome"], result["failed"], result["exit_code"], result["changed"]) == ("failed", True, 0, True)
    assert (result["stderr"], result["stdout"]) == ("0004 is pending", "")
    assert result["diagnosis"] == "job exited with status 0, but is not verified: it exited with status 1."
    assert result["container_id"] == SUCCESS["container_id"]
    # Later batches must not take it for a success.
    later = Action(SUCCESS, arguments=asked(verify_command=VERIFY))
    later.played()
    assert [earlier(call).result["outcome"] for call in later.calls] == ["failed"]


@pytest.mark.parametrize("outcome", ["not_started", "lost", "timed_out", "killed"])
def test_a_verification_that_is_no_success_proves_nothing(outcome: str) -> None:
    _action, result = verified(SUCCESS, {**FAILURE, "outcome": outcome})
    assert (result["outcome"], result["failed"]) == ("failed", True)


@pytest.mark.parametrize("outcome", ["failed", "lost", "skipped", "not_started", "superseded"])
def test_what_is_no_success_is_not_verified(outcome: str) -> None:
    action, result = verified({**SUCCESS, "outcome": outcome})
    assert (result["outcome"], len(action.executed)) == (outcome, 1)


def test_the_file_is_the_jobs_alone(tmp_path: Path) -> None:
    verified(SUCCESS, FAILURE, log_path=str(tmp_path / "job.log"))
    text = (tmp_path / "job.log").read_text()
    assert (text.count("# begin"), text.count("# end")) == (1, 1)
    assert "#   outcome: succeeded" in text

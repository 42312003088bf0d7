# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan command, which shows in check mode what is pending, and the verify command after a success."""

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
    earlier_result_of,
)

PLAN, VERIFY = ["migrate", "--plan"], ["migrate", "--check"]

NO_IMAGE = {**SUCCESS, "outcome": "not_started", "failed": True, "attempts": 0, "diagnosis": "there is no image."}

#: Options that the commands beside the job do not get.
OF_THE_JOB = {
    "release": "4711",
    "log_path": None,
    "retries": 2,
    "unchanged_output": "nothing",
    "skip": False,
    "pull": "always",
}


def arguments_with(**options: Any) -> dict[str, Any]:
    return {**ARGUMENTS, **OF_THE_JOB, **options}


def plan(*answers: dict[str, Any], **options: Any) -> tuple[Action, dict[str, Any]]:
    action = Action(*answers, arguments=arguments_with(plan_command=PLAN, **options), check_mode=True)
    return action, action.run_task()


def verify(*answers: dict[str, Any], **options: Any) -> tuple[Action, dict[str, Any]]:
    action = Action(*answers, arguments=arguments_with(verify_command=VERIFY, **options))
    return action, action.run_task()


def options_of_command(action: Action) -> dict[str, Any]:
    """Return the options of the command, which is the second job that was executed."""
    first, second = (options["module_args"] for options in action.executed)
    assert (first["name"], first["release"], first["retries"]) == ("job", "4711", 2)
    return dict(second)


def test_the_plan_command_runs_in_check_mode_and_its_output_is_the_diff() -> None:
    _action, result = plan(DUE, {**SUCCESS, "stdout": "0004_split\n0005_drop"})
    assert (result["outcome"], result["exit_code"], result["attempts"]) == ("planned", None, 0)
    assert result["plan"] == "0004_split\n0005_drop"
    assert result["diff"] == {"before": "", "after": "0004_split\n0005_drop\n", "after_header": "pending: job"}
    assert result["ansible_facts"]["migration_jobs"]["job"]["plan"] == result["plan"]
    assert (result["name"], REPLY in result) == ("job", False)


def test_the_plan_command_is_a_job_of_its_own() -> None:
    action, _result = plan(DUE, SUCCESS)
    options = options_of_command(action)
    assert (options["name"], options["command"], options["pull"]) == ("job-plan", PLAN, "never")
    assert (options["container"], options["secret_env"]) == (ARGUMENTS["container"], ARGUMENTS["secret_env"])
    # Only the plan is run, though the task is in check mode.
    assert [call.planning for call in action.calls] == [False, True]


@pytest.mark.parametrize("outcome", ["succeeded", "not_started", "lost"])
def test_a_job_that_would_not_run_has_no_plan(outcome: str) -> None:
    action, result = plan({**SUCCESS, "outcome": outcome})
    assert (len(action.executed), result["outcome"], result["plan"]) == (1, outcome, None)


def test_without_the_image_the_result_is_a_prediction_without_a_plan() -> None:
    _action, result = plan(DUE, NO_IMAGE)
    assert (result["outcome"], result.get("failed", False), result["plan"]) == ("planned", False, None)
    assert result["diagnosis"] == "job would run. No plan: there is no image."


def test_a_plan_command_that_fails_is_a_failure() -> None:
    _action, result = plan(DUE, FAILURE)
    assert (result["outcome"], result["failed"], result["plan"]) == ("failed", True, None)
    assert result["msg"] == "job cannot be planned: it exited with status 1."


def test_the_plan_command_runs_only_in_check_mode() -> None:
    action = Action(SUCCESS, arguments=arguments_with(plan_command=PLAN))
    assert (action.run_task()["plan"], len(action.executed)) == (None, 1)


def test_the_verify_command_is_a_job_of_its_own() -> None:
    action, result = verify(SUCCESS, {**SUCCESS, "name": "job-verify", "stdout": "nothing is pending"})
    assert {key: result[key] for key in RESULT} == RESULT
    options = options_of_command(action)
    assert (options["name"], options["command"], options["retries"]) == ("job-verify", VERIFY, 0)
    assert (options["container"], options["pull"]) == (ARGUMENTS["container"], "never")
    assert not {"log_path", "unchanged_output"} & options.keys()


@pytest.mark.parametrize(("release", "own"), [(None, None), ("4711", f"4711, {INVOCATION}")])
def test_each_invocation_verifies_each_release_again(release: str | None, own: str | None) -> None:
    arguments = {key: value for key, value in arguments_with(verify_command=VERIFY).items() if key != "release"}
    arguments = {**arguments, "release": release} if release else arguments
    action = Action(SUCCESS, SUCCESS, arguments=arguments)
    action.run_task()
    assert action.executed[-1]["module_args"].get("release") == own


@pytest.mark.parametrize("outcome", ["failed", "not_started", "lost", "timed_out", "killed"])
def test_a_success_that_is_not_verified_is_a_failure(outcome: str) -> None:
    _action, result = verify(SUCCESS, {**FAILURE, "outcome": outcome})
    assert (result["outcome"], result["failed"], result["exit_code"], result["changed"]) == ("failed", True, 0, True)
    assert (result["stderr"], result["stdout"]) == ("0004 is pending", "")
    assert result["diagnosis"] == "job exited with status 0, but is not verified: it exited with status 1."
    assert result["container_id"] == SUCCESS["container_id"]
    # Later batches must not take it for a success.
    later = Action(SUCCESS, arguments=arguments_with(verify_command=VERIFY))
    later.run_task()
    assert [earlier_result_of(call).result["outcome"] for call in later.calls] == ["failed"]


@pytest.mark.parametrize("outcome", ["failed", "lost", "skipped", "not_started", "superseded"])
def test_only_a_success_is_verified(outcome: str) -> None:
    action, result = verify({**SUCCESS, "outcome": outcome})
    assert (result["outcome"], len(action.executed)) == (outcome, 1)


def test_the_log_file_holds_the_output_of_the_job_alone(tmp_path: Path) -> None:
    verify(SUCCESS, FAILURE, log_path=str(tmp_path / "job.log"))
    text = (tmp_path / "job.log").read_text()
    assert (text.count("# begin"), text.count("# end")) == (1, 1)
    assert "#   outcome: succeeded" in text

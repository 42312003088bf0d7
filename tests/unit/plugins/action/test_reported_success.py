# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A success of this release that the check of the runner has reported: it is the result, and the module is not called."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    FAILURE,
    RESULT,
    SUCCESS,
    Action,
)

REPORTED = {**RESULT, "release": "4711", "reused": True, "changed": False}


def run_task(*answers: Any, reported: dict[str, Any], **options: Any) -> tuple[Action, dict[str, Any]]:
    check_mode = options.pop("check_mode", False)
    arguments = {**ARGUMENTS, "release": "4711", "internal": {"reported": reported}, **options}
    action = Action(*answers, arguments=arguments, check_mode=check_mode)
    return action, action.run_task()


def test_a_reported_success_is_returned_without_calling_the_module() -> None:
    action, result = run_task(reported=REPORTED)
    assert action.executed == []
    assert {key: result[key] for key in REPORTED} == REPORTED
    assert (result["reported"], result["host"]) == (True, "h1")
    assert result["ansible_facts"]["migration_jobs"]["job"]["container_id"] == RESULT["container_id"]


@pytest.mark.parametrize(
    "differing",
    [
        {"name": "another"},
        {"release": "4712"},
        {"outcome": "failed"},
        {"outcome": "superseded"},
        {"reused": False},
    ],
)
def test_a_report_that_is_no_reused_success_of_this_release_is_ignored(differing: dict[str, Any]) -> None:
    action, result = run_task({**SUCCESS, "duration": 4.0}, reported={**REPORTED, **differing})
    assert (len(action.executed), result["duration"], "reported" in result) == (1, 4.0, False)


def test_a_report_is_ignored_where_the_task_names_no_release() -> None:
    action, _result = run_task(SUCCESS, reported={**REPORTED, "release": None}, release=None)
    assert len(action.executed) == 1


def test_a_report_is_ignored_in_check_mode() -> None:
    action, _result = run_task(SUCCESS, reported=REPORTED, check_mode=True)
    assert len(action.executed) == 1


def test_a_reported_success_is_verified() -> None:
    action, result = run_task(FAILURE, reported=REPORTED, verify_command=["migrate", "--check"])
    assert [options["module_args"]["name"] for options in action.executed] == ["job-verify"]
    assert (result["outcome"], result["failed"]) == ("failed", True)
    assert "reported" not in action.executed[0]["module_args"]["internal"]


def test_a_report_does_not_replace_the_check_of_the_runner() -> None:
    hostvars: dict[str, Any] = {"another": {}}
    action, result = run_task(reported=REPORTED)
    assert result["outcome"] == "succeeded"
    again = Action(arguments={**ARGUMENTS, "release": "4711", "internal": {"reported": REPORTED}})
    assert again.run_task(hostvars=hostvars)["outcome"] == "not_started"
    assert action.executed == again.executed == []

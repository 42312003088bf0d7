# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another task was told of the job: taken for its result where it is that of this release, and nobody is asked."""

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


def played(*answers: Any, reported: dict[str, Any], **options: Any) -> tuple[Action, dict[str, Any]]:
    check_mode = options.pop("check_mode", False)
    arguments = {**ARGUMENTS, "release": "4711", "internal": {"reported": reported}, **options}
    action = Action(*answers, arguments=arguments, check_mode=check_mode)
    return action, action.played()


def test_nobody_is_asked() -> None:
    action, result = played(reported=REPORTED)
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
def test_what_is_no_success_of_this_release_is_no_answer(differing: dict[str, Any]) -> None:
    action, result = played({**SUCCESS, "duration": 4.0}, reported={**REPORTED, **differing})
    assert (len(action.executed), result["duration"], "reported" in result) == (1, 4.0, False)


def test_a_release_without_a_name_is_not_taken_for_another_one() -> None:
    action, _result = played(SUCCESS, reported={**REPORTED, "release": None}, release=None)
    assert len(action.executed) == 1


def test_check_mode_asks() -> None:
    action, _result = played(SUCCESS, reported=REPORTED, check_mode=True)
    assert len(action.executed) == 1


def test_it_is_verified_all_the_same() -> None:
    action, result = played(FAILURE, reported=REPORTED, verify_command=["migrate", "--check"])
    assert [options["module_args"]["name"] for options in action.executed] == ["job-verify"]
    assert (result["outcome"], result["failed"]) == ("failed", True)
    assert "reported" not in action.executed[0]["module_args"]["internal"]


def test_the_first_host_is_required_all_the_same() -> None:
    hostvars: dict[str, Any] = {"another": {}}
    action, result = played(reported=REPORTED)
    assert result["outcome"] == "succeeded"
    again = Action(arguments={**ARGUMENTS, "release": "4711", "internal": {"reported": REPORTED}})
    assert again.played(hostvars=hostvars)["outcome"] == "not_started"
    assert action.executed == again.executed == []

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command before a job: only where a run is about to begin, once for all batches, and its failure stops the job."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.tests.unit.support import actions
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    DEFINITION,
    INVOCATION,
    SUCCESS,
    Action,
    earlier_result_of,
)

DUMP = ["dump", "--all"]

DUE = {**actions.DUE, "changed": True, "container_id": None}
DUMPED = {**SUCCESS, "name": "job-before", "container_name": "job-before"}
FAILURE = {**actions.FAILURE, "name": "job-before", "container_name": "job-before"}


def arguments_with(**options: Any) -> dict[str, Any]:
    return {**ARGUMENTS, "retries": 2, "unchanged_output": "nothing", "before_command": DUMP, **options}


def run_task(*answers: dict[str, Any], check_mode: bool = False, **options: Any) -> tuple[Action, dict[str, Any]]:
    action = Action(*answers, arguments=arguments_with(**options), check_mode=check_mode)
    return action, action.run_task()


def executed_jobs(action: Action) -> list[str]:
    """Return the jobs in their order; a dry run begins with a question mark."""
    arguments = (options["module_args"] for options in action.executed)
    return [("?" if it["internal"].get("dry_run") else "") + it["name"] for it in arguments]


def test_the_before_command_runs_before_the_job() -> None:
    action, result = run_task(DUE, DUMPED, SUCCESS)
    assert executed_jobs(action) == ["?job", "job-before", "job"]
    assert (result["outcome"], result["name"], result["container_id"]) == ("succeeded", "job", SUCCESS["container_id"])
    options = action.executed[1]["module_args"]
    assert (options["command"], options["pull"], options["retries"]) == (DUMP, "never", 0)
    assert (options["container"], options["secret_env"]) == (ARGUMENTS["container"], ARGUMENTS["secret_env"])
    assert not {"log_path", "unchanged_output"} & options.keys()


def test_the_before_command_has_its_own_fact_in_each_batch() -> None:
    _action, result = run_task(DUE, DUMPED, SUCCESS)
    later, again = run_task(SUCCESS)
    assert executed_jobs(later) == ["job"]
    for returned in (result, again):
        facts = returned["ansible_facts"]["migration_jobs"]
        assert (facts["job"]["outcome"], facts["job-before"]["outcome"]) == ("succeeded", "succeeded")
        assert (facts["job-before"]["host"], "stdout" in facts["job-before"]) == ("h1", False)


@pytest.mark.parametrize(
    "dry_run",
    [
        pytest.param(SUCCESS, id="it has migrated"),
        pytest.param({**DUE, "changed": False}, id="it runs already"),
        pytest.param({**SUCCESS, "outcome": "superseded", "failed": True}, id="a newer release has migrated"),
        pytest.param({**SUCCESS, "outcome": "not_started", "failed": True}, id="it cannot be started"),
        pytest.param({"failed": True, "msg": "no such option"}, id="a wrong option"),
    ],
)
def test_the_before_command_runs_only_where_a_run_is_about_to_begin(dry_run: dict[str, Any]) -> None:
    action, result = run_task(dry_run, SUCCESS)
    assert (executed_jobs(action), result["outcome"]) == (["?job", "job"], "succeeded")


def test_the_before_command_runs_neither_in_check_mode_nor_with_skip() -> None:
    assert executed_jobs(run_task({**DUE, "outcome": "planned"}, check_mode=True)[0]) == ["job"]
    assert executed_jobs(run_task({**SUCCESS, "outcome": "skipped"}, skip=True)[0]) == ["job"]
    assert executed_jobs(run_task({**SUCCESS, "outcome": "skipped"}, skip="true")[0]) == ["job"]


@pytest.mark.parametrize("outcome", ["failed", "lost", "timed_out", "killed", "not_started"])
def test_a_failure_of_the_before_command_stops_the_job(outcome: str) -> None:
    action, result = run_task(DUE, {**FAILURE, "outcome": outcome}, SUCCESS)
    assert executed_jobs(action) == ["?job", "job-before"]
    assert (result["outcome"], result["failed"], result["exit_code"], result["image_id"]) == (
        "not_started",
        True,
        None,
        None,
    )
    assert result["diagnosis"] == (
        "job was not run, because what goes before it did not succeed: it exited with status 1."
    )
    assert (result["stderr_lines"], result["container_name"], result["name"]) == (
        ["0004 is pending"],
        "job-before",
        "job",
    )
    assert result["ansible_facts"]["migration_jobs"]["job-before"]["outcome"] == outcome


def test_a_failure_of_the_before_command_counts_for_later_batches() -> None:
    run_task(DUE, FAILURE)
    later, _result = run_task(SUCCESS)
    (call,) = later.calls
    assert (earlier_result_of(call).result["outcome"], earlier_result_of(call).definition) == (
        "not_started",
        DEFINITION,
    )


def test_a_before_command_that_was_not_started_is_tried_again() -> None:
    run_task(DUE, {**FAILURE, "outcome": "not_started", "attempts": 0})
    assert executed_jobs(run_task(DUE, DUMPED, SUCCESS)[0]) == ["?job", "job-before", "job"]


@pytest.mark.parametrize(
    ("release", "last", "own"),
    [
        (None, None, INVOCATION),
        ("4711", None, "4711"),
        ("4711", "7f2a1c9d3b5e0000", "4711, again after 7f2a1c9d3b5e"),
    ],
)
def test_the_before_command_runs_once_for_each_run_of_the_release(
    release: str | None, last: str | None, own: str
) -> None:
    options: dict[str, Any] = {"release": release} if release else {}
    action, _result = run_task({**DUE, "container_id": last}, DUMPED, SUCCESS, **options)
    assert action.executed[1]["module_args"]["release"] == own

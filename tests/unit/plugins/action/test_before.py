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
    earlier,
)

DUMP = ["dump", "--all"]

DUE = {**actions.DUE, "changed": True, "container_id": None}
DUMPED = {**SUCCESS, "name": "job-before", "container_name": "job-before"}
FAILURE = {**actions.FAILURE, "name": "job-before", "container_name": "job-before"}


def asked(**options: Any) -> dict[str, Any]:
    return {**ARGUMENTS, "retries": 2, "unchanged_output": "nothing", "before_command": DUMP, **options}


def played(*answers: dict[str, Any], check_mode: bool = False, **options: Any) -> tuple[Action, dict[str, Any]]:
    action = Action(*answers, arguments=asked(**options), check_mode=check_mode)
    return action, action.played()


def names(action: Action) -> list[str]:
    """Return what was done, in its order; a look begins with a question mark."""
    asked_for = (options["module_args"] for options in action.executed)
    return [("?" if it["internal"].get("dry_run") else "") + it["name"] for it in asked_for]


def test_it_goes_before_the_job() -> None:
    action, result = played(DUE, DUMPED, SUCCESS)
    assert names(action) == ["?job", "job-before", "job"]
    assert (result["outcome"], result["name"], result["container_id"]) == ("succeeded", "job", SUCCESS["container_id"])
    options = action.executed[1]["module_args"]
    assert (options["command"], options["pull"], options["retries"]) == (DUMP, "never", 0)
    assert (options["container"], options["secret_env"]) == (ARGUMENTS["container"], ARGUMENTS["secret_env"])
    assert not {"log_path", "unchanged_output"} & options.keys()


def test_it_has_a_fact_of_its_own_in_each_batch() -> None:
    _action, result = played(DUE, DUMPED, SUCCESS)
    later, again = played(SUCCESS)
    assert names(later) == ["job"]
    for told in (result, again):
        facts = told["ansible_facts"]["migration_jobs"]
        assert (facts["job"]["outcome"], facts["job-before"]["outcome"]) == ("succeeded", "succeeded")
        assert (facts["job-before"]["host"], "stdout" in facts["job-before"]) == ("h1", False)


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(SUCCESS, id="it has migrated"),
        pytest.param({**DUE, "changed": False}, id="it runs already"),
        pytest.param({**SUCCESS, "outcome": "superseded", "failed": True}, id="a newer one has been there"),
        pytest.param({**SUCCESS, "outcome": "not_started", "failed": True}, id="it cannot be started"),
        pytest.param({"failed": True, "msg": "no such option"}, id="it cannot be asked for"),
    ],
)
def test_it_is_for_a_run_that_is_about_to_begin(look: dict[str, Any]) -> None:
    action, result = played(look, SUCCESS)
    assert (names(action), result["outcome"]) == (["?job", "job"], "succeeded")


def test_neither_check_mode_nor_a_skip_does_it() -> None:
    assert names(played({**DUE, "outcome": "planned"}, check_mode=True)[0]) == ["job"]
    assert names(played({**SUCCESS, "outcome": "skipped"}, skip=True)[0]) == ["job"]
    assert names(played({**SUCCESS, "outcome": "skipped"}, skip="true")[0]) == ["job"]


@pytest.mark.parametrize("outcome", ["failed", "lost", "timed_out", "killed", "not_started"])
def test_its_failure_stops_the_job(outcome: str) -> None:
    action, result = played(DUE, {**FAILURE, "outcome": outcome}, SUCCESS)
    assert names(action) == ["?job", "job-before"]
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


def test_its_failure_counts_for_later_batches() -> None:
    played(DUE, FAILURE)
    later, _result = played(SUCCESS)
    (call,) = later.calls
    assert (earlier(call).result["outcome"], earlier(call).definition) == ("not_started", DEFINITION)


def test_what_was_never_begun_may_be_tried_again() -> None:
    played(DUE, {**FAILURE, "outcome": "not_started", "attempts": 0})
    assert names(played(DUE, DUMPED, SUCCESS)[0]) == ["?job", "job-before", "job"]


@pytest.mark.parametrize(
    ("release", "last", "own"),
    [
        (None, None, INVOCATION),
        ("4711", None, "4711"),
        ("4711", "7f2a1c9d3b5e0000", "4711, again after 7f2a1c9d3b5e"),
    ],
)
def test_it_belongs_to_the_release_and_after_a_run_of_that_is_done_again(
    release: str | None, last: str | None, own: str
) -> None:
    options: dict[str, Any] = {"release": release} if release else {}
    action, _result = played({**DUE, "container_id": last}, DUMPED, SUCCESS, **options)
    assert action.executed[1]["module_args"]["release"] == own

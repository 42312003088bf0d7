# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first result of a job is cached, and counts for the later forks and batches of the invocation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    DEFINITION,
    DROPPED,
    RESULT,
    SUCCESS,
    Action,
    progress_reply,
)

HOSTS: dict[str, Any] = {"hostvars": {"h1": {}, "h2": {}, "db1": {}}}


def run_later_batch(*answers: Any, host: str = "h2", **of_the_task: Any) -> tuple[dict[str, Any], Any]:
    """Return the result of a later batch, and the earlier result that its module was given."""
    action = Action(*answers, **{"delegate_to": "db1", **of_the_task})
    result = action.run_task(host, **HOSTS)
    return result, action.calls[0].earlier if action.calls else None


def run_first_batch(*answers: Any, **of_the_task: Any) -> dict[str, Any]:
    return run_later_batch(*answers, host="h1", **of_the_task)[0]


@pytest.mark.parametrize(
    ("outcome", "attempts", "kept"),
    [
        ("succeeded", 1, True),
        ("failed", 1, True),
        ("timed_out", 1, True),
        ("lost", 1, True),
        ("skipped", 0, True),
        ("not_started", 0, False),
    ],
)
def test_a_later_batch_gets_the_result_of_an_attempt(outcome: str, attempts: int, kept: bool) -> None:
    fields = {"outcome": outcome, "attempts": attempts}
    assert "definition" not in run_first_batch({**SUCCESS, **fields})
    _result, earlier = run_later_batch(SUCCESS)
    assert bool(earlier) == kept
    if kept:
        assert earlier.definition == DEFINITION
        assert {key: earlier.result[key] for key in RESULT} == {**RESULT, **fields}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(DROPPED, str(DROPPED), id="a connection that does not come back"),
        pytest.param(AnsibleError("no interpreter"), "no interpreter", id="an error of core"),
        pytest.param({"failed": True, "msg": "MODULE FAILURE", "rc": 137}, "MODULE FAILURE", id="a killed module"),
    ],
)
def test_a_job_that_was_lost_stays_lost_for_all_batches(answer: Any, words: str) -> None:
    first = run_first_batch(progress_reply("4711"), answer, arguments={**ARGUMENTS, "reconnect_timeout": 1})
    assert (first["outcome"], first["failed"], first["exit_code"]) == ("lost", True, None)
    assert words in first["diagnosis"]
    earlier = run_later_batch(SUCCESS)[1]
    # The module compares only known fields, and runs nothing: see its own tests.
    assert (earlier.result["outcome"], earlier.result["exit_code"], earlier.result["image_id"]) == ("lost", None, None)


def test_the_cached_result_holds_no_options(folder: Path) -> None:
    run_first_batch(SUCCESS)
    (file,) = folder.iterdir()
    kept = json.loads(file.read_text())
    assert kept["runner"] == "db1"
    assert "invocation" not in kept["result"]


def test_the_first_result_stays_in_the_cache() -> None:
    run_first_batch(SUCCESS)
    run_later_batch({**SUCCESS, "outcome": "superseded"})
    assert run_later_batch(SUCCESS)[1].result["outcome"] == "succeeded"


def test_a_runner_that_could_not_be_reached_is_tried_again() -> None:
    action = Action(SUCCESS, delegate_to="db1")
    action.connection.exec_command.side_effect = DROPPED
    assert action.run_task(**HOSTS)["outcome"] == "lost"
    assert run_later_batch(SUCCESS)[1] is None


def test_another_runner_is_refused() -> None:
    run_first_batch(SUCCESS)
    action = Action(SUCCESS, delegate_to="h2")
    result = action.run_task("h2", **HOSTS)
    assert (result["outcome"], result["failed"], action.executed) == ("not_started", True, [])
    assert "was run on db1" in result["diagnosis"]
    assert "h2 is its runner now" in result["diagnosis"]


@pytest.mark.parametrize("other", [{"name": "other"}, {"release": "2"}], ids=["job", "release"])
def test_another_job_or_release_has_a_cache_of_its_own(other: dict[str, str]) -> None:
    run_first_batch(SUCCESS)
    assert run_later_batch(SUCCESS, arguments={**ARGUMENTS, **other})[1] is None


def test_check_mode_neither_reads_nor_writes_the_cache(folder: Path) -> None:
    run_first_batch(SUCCESS)
    kept = [file.read_text() for file in folder.iterdir()]
    action = Action({**SUCCESS, "outcome": "planned"}, check_mode=True)
    assert action.run_task()["outcome"] == "planned"
    assert [(call.earlier, call.watching) for call in action.calls] == [(None, "")]
    assert [file.read_text() for file in folder.iterdir()] == kept

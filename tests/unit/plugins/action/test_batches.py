# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One watcher for each job of an invocation: what it has seen counts for the forks and batches that come after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    DEFINITION,
    RESULT,
    SUCCESS,
    Action,
    unfinished,
)

DROPPED = AnsibleConnectionFailure("Connection closed by remote host")

HOSTS: dict[str, Any] = {"hostvars": {"h1": {}, "h2": {}, "db1": {}}}


def later(*answers: Any, host: str = "h2", **of_the_task: Any) -> tuple[dict[str, Any], Any]:
    """Return what a later batch is told, and what its module was told of the batches before."""
    action = Action(*answers, **{"delegate_to": "db1", **of_the_task})
    result = action.played(host, **HOSTS)
    return result, action.calls[0].earlier if action.calls else None


def first(*answers: Any, **of_the_task: Any) -> dict[str, Any]:
    return later(*answers, host="h1", **of_the_task)[0]


@pytest.mark.parametrize("outcome", ["succeeded", "failed", "timed_out", "lost"])
def test_a_later_batch_knows_what_was_seen(outcome: str) -> None:
    told = first({**SUCCESS, "outcome": outcome})
    _result, seen = later(SUCCESS)
    assert seen.definition == DEFINITION
    assert {key: seen.result[key] for key in RESULT} == {**RESULT, "outcome": outcome}
    assert "definition" not in told


def test_what_is_kept_holds_no_options(folder: Path) -> None:
    first(SUCCESS)
    (file,) = folder.iterdir()
    kept = json.loads(file.read_text())
    assert kept["runner"] == "db1"
    assert "invocation" not in kept["result"]


def test_what_was_seen_first_stays() -> None:
    first(SUCCESS)
    later({**SUCCESS, "outcome": "superseded"})
    assert later(SUCCESS)[1].result["outcome"] == "succeeded"


def test_a_release_that_asks_for_no_run_is_remembered() -> None:
    first({**SUCCESS, "outcome": "skipped", "attempts": 0})
    assert later(SUCCESS)[1].result["outcome"] == "skipped"


def test_what_was_never_attempted_may_be_tried_again() -> None:
    first({**SUCCESS, "outcome": "not_started", "attempts": 0, "failed": True})
    assert later(SUCCESS)[1] is None


def test_a_job_that_was_lost_stays_lost() -> None:
    arguments = {**ARGUMENTS, "reconnect_timeout": 1}
    assert first(unfinished("4711"), DROPPED, arguments=arguments)["outcome"] == "lost"
    seen = later(SUCCESS)[1]
    # The module compares nothing of it where nothing is known, and runs nothing: see its own tests.
    assert (seen.result["outcome"], seen.result["exit_code"], seen.result["image_id"]) == ("lost", None, None)


def test_a_runner_that_was_away_from_the_beginning_may_be_tried_again() -> None:
    action = Action(SUCCESS, delegate_to="db1")
    action.connection.exec_command.side_effect = DROPPED
    assert action.played(**HOSTS)["outcome"] == "lost"
    assert later(SUCCESS)[1] is None


def test_another_runner_is_refused() -> None:
    first(SUCCESS)
    action = Action(SUCCESS, delegate_to="h2")
    result = action.played("h2", **HOSTS)
    assert (result["outcome"], result["failed"], action.executed) == ("not_started", True, [])
    assert "was run on db1" in result["diagnosis"]
    assert "h2 is its runner now" in result["diagnosis"]


@pytest.mark.parametrize("other", [{"name": "other"}, {"release": "2"}], ids=["job", "release"])
def test_another_one_is_another_matter(other: dict[str, str]) -> None:
    first(SUCCESS)
    assert later(SUCCESS, arguments={**ARGUMENTS, **other})[1] is None


def test_check_mode_remembers_nothing_and_is_told_nothing(folder: Path) -> None:
    first(SUCCESS)
    kept = [file.read_text() for file in folder.iterdir()]
    action = Action({**SUCCESS, "outcome": "planned"}, check_mode=True)
    assert action.played()["outcome"] == "planned"
    assert [(call.earlier, call.watching) for call in action.calls] == [(None, "")]
    assert [file.read_text() for file in folder.iterdir()] == kept


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(AnsibleError("no interpreter"), id="an error of core"),
        pytest.param({"failed": True, "msg": "MODULE FAILURE", "rc": 137}, id="a module that was killed"),
    ],
)
def test_a_watched_job_is_lost_for_all_whatever_ends_the_watching(answer: Any) -> None:
    assert first(unfinished("4711"), answer)["outcome"] == "lost"
    assert later(SUCCESS)[1].result["outcome"] == "lost"

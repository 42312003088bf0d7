# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin migration_job: the result of the module, and the facts of all jobs."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.tests.unit.support.actions import (
    ARGUMENTS,
    INVOCATION,
    RESULT,
    SUCCESS,
    Action,
)

#: The answer of core where the module refuses the options.
EARLY_FAILURE: dict[str, Any] = {"failed": True, "msg": "missing required arguments: name"}

OUTPUT = {"stdout", "stderr", "stdout_lines", "stderr_lines", "output_truncated"}


def run_task(answer: dict[str, Any], arguments: dict[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
    return Action(answer, arguments=arguments).run_task(ansible_facts=facts)


def test_the_task_returns_the_result_of_the_module() -> None:
    result = run_task(SUCCESS)
    by_action = {"host", "ansible_facts"}
    assert {key: result[key] for key in result.keys() - by_action} == {**RESULT, "invocation": SUCCESS["invocation"]}
    # With one of these keys, core would take it for a failure.
    assert not {"rc", "failed"} & result.keys()


@pytest.mark.parametrize(("delegate_to", "host"), [(None, "h1"), ("db1", "db1")])
def test_the_host_in_the_result_is_the_one_that_runs_the_job(delegate_to: str | None, host: str) -> None:
    action = Action(SUCCESS, delegate_to=delegate_to)
    assert action.run_task("h1", hostvars={"h1": {}, "db1": {}})["host"] == host


def test_the_module_is_called_with_the_invocation() -> None:
    action = Action(SUCCESS)
    action.run_task()
    (executed,) = action.executed
    assert executed["module_name"] == "migrate_first.docker.migration_job"
    assert {**executed["module_args"], "internal": {}} == {**ARGUMENTS, "internal": {}}
    assert action.calls[0].invocation == INVOCATION


def test_a_play_cannot_set_the_invocation() -> None:
    action = Action(SUCCESS, arguments={**ARGUMENTS, "internal": {"invocation": "forged", "watching": "4711"}})
    action.run_task()
    assert (action.calls[0].invocation, action.calls[0].watching) == (INVOCATION, "")


def test_the_arguments_of_the_task_are_not_changed() -> None:
    action = Action(SUCCESS)
    action.run_task()
    assert action._task.args == ARGUMENTS


@pytest.mark.parametrize(
    ("arguments", "name", "release", "image", "words"),
    [
        pytest.param(ARGUMENTS, "job", INVOCATION, "shop:2.0", EARLY_FAILURE["msg"], id="complete"),
        pytest.param({**ARGUMENTS, "release": "1"}, "job", "1", "shop:2.0", EARLY_FAILURE["msg"], id="with a release"),
        pytest.param({"name": "job", "container": "shop"}, "job", INVOCATION, "", "dictionary", id="no dictionary"),
        pytest.param({"name": "job", "container": {}}, "job", INVOCATION, "", "container.image", id="no image"),
        pytest.param({}, "", INVOCATION, "", "container is not given", id="without anything"),
        pytest.param({**ARGUMENTS, "retrys": 1}, "job", INVOCATION, "shop:2.0", "did you mean retries", id="unknown"),
    ],
)
def test_a_task_with_wrong_options_has_a_complete_result(
    arguments: dict[str, Any], name: str, release: str, image: str, words: object
) -> None:
    result = run_task(EARLY_FAILURE, arguments)
    assert RESULT.keys() <= result.keys()
    assert (result["failed"], result["changed"], result["outcome"]) == (True, False, "not_started")
    assert (result["exit_code"], result["stdout"]) == (None, "")
    assert str(words) in result["diagnosis"]
    assert (result["name"], result["release"], result["image"]) == (name, release, image)


def test_a_failure_without_a_message_is_not_a_success() -> None:
    result = run_task({"failed": True})
    assert (result["outcome"], result["exit_code"]) == ("not_started", None)
    assert result["diagnosis"]


def test_the_fact_is_the_result_without_its_output() -> None:
    result = run_task({**SUCCESS, "failed": True, "msg": "it failed", "warnings": ["old"], "_ansible_parsed": True})
    fact = result["ansible_facts"]["migration_jobs"]["job"]
    promised = RESULT.keys() - OUTPUT - {"changed"} | {"host"}
    assert fact == {key: result[key] for key in promised}


@pytest.mark.parametrize("answer", [SUCCESS, EARLY_FAILURE], ids=["success", "failure"])
def test_no_secret_is_in_result_or_fact(answer: dict[str, Any]) -> None:
    shown = repr(run_task(answer))
    assert "s3cret-password" not in shown
    assert "another-secret" not in shown


@pytest.mark.parametrize(
    ("known", "outcomes"),
    [
        pytest.param({}, {"job": "succeeded"}, id="the first job"),
        pytest.param(
            {"migration_jobs": {"backup": {"outcome": "failed"}}},
            {"backup": "failed", "job": "succeeded"},
            id="another job before it",
        ),
        pytest.param({"migration_jobs": {"job": {"outcome": "lost"}}}, {"job": "succeeded"}, id="the same job before"),
        pytest.param(
            {"ansible_facts": {"migration_jobs": {"backup": {"outcome": "failed"}}}},
            {"backup": "failed", "job": "succeeded"},
            id="another item of a loop before it",
        ),
    ],
)
def test_jobs_do_not_overwrite_each_other(known: dict[str, Any], outcomes: dict[str, str]) -> None:
    before = copy.deepcopy(known)
    jobs = run_task(SUCCESS, **known)["ansible_facts"]["migration_jobs"]
    assert {name: fact["outcome"] for name, fact in jobs.items()} == outcomes
    assert known == before

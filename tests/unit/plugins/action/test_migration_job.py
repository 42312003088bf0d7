# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of migration_job: the module's result, whole, and the facts of all jobs."""

from __future__ import annotations

import copy
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible_collections.migrate_first.docker.plugins.action.migration_job import ActionModule
from ansible_collections.migrate_first.docker.plugins.module_utils._container.image import Image
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.output import Output
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import of_run
from ansible_collections.migrate_first.docker.tests.unit.support.found import IMAGE_ID, exited, made_for
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

ARGUMENTS = {
    "name": "job",
    "container": {"image": "shop:2.0", "secret_env": {"TOKEN": "s3cret-password"}},
    "secret_env": {"ADMIN": "another-secret"},
}

#: The play's own ID in core: something drawn once in a process, and a number.
PLAY = "0242ac11-0002-1f3a-9c5b-0000000000ab"
INVOCATION = "0242ac11-0002-1f3a-9c5b"

JOB = job("job")
SUCCESS = {
    **of_run(JOB, "ENGINE", Image(IMAGE_ID), Run(exited(**made_for(JOB)))).with_output(Output("much")).returned(),
    "invocation": {"module_args": {"name": "job", "secret_env": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}},
}

#: What core makes of options that the module does not take.
EARLY_FAILURE = {"failed": True, "msg": "missing required arguments: name"}

OUTPUT = {"stdout", "stderr", "stdout_lines", "stderr_lines", "output_truncated"}


class Action(ActionModule):
    """The action with a module that answers what the test says."""

    def __init__(self, arguments: dict[str, Any], answer: dict[str, Any], delegate_to: str | None = None) -> None:
        task = MagicMock(args=arguments, async_val=0, delegate_to=delegate_to)
        task.get_play.return_value._uuid = PLAY
        others = ("connection", "play_context", "loader", "templar", "shared_loader_obj")
        super().__init__(task=task, **{name: MagicMock() for name in others})
        self.answer = answer
        self.executed: list[dict[str, Any]] = []

    def _execute_module(self, *_arguments: Any, **options: Any) -> dict[str, Any]:
        self.executed.append(copy.deepcopy(options))
        # As core does.
        options["module_args"]["_ansible_no_log"] = False
        return copy.deepcopy(self.answer)


def played(
    answer: dict[str, Any], arguments: dict[str, Any] | None = None, delegate_to: str | None = None, **facts: Any
) -> dict[str, Any]:
    task_vars = {"inventory_hostname": "h1", "ansible_facts": facts}
    return Action(copy.deepcopy(ARGUMENTS if arguments is None else arguments), answer, delegate_to).run(
        task_vars=task_vars
    )


def test_the_modules_result_is_the_tasks() -> None:
    result = played(SUCCESS)
    assert {key: result[key] for key in SUCCESS} == SUCCESS


@pytest.mark.parametrize(("delegate_to", "host"), [(None, "h1"), ("db1", "db1")])
def test_the_host_is_the_one_that_runs_it(delegate_to: str | None, host: str) -> None:
    assert played(SUCCESS, delegate_to=delegate_to)["host"] == host


def test_the_module_learns_which_invocation_it_belongs_to() -> None:
    action = Action(copy.deepcopy(ARGUMENTS), SUCCESS)
    action.run(task_vars={"inventory_hostname": "h1"})
    (executed,) = action.executed
    assert executed["module_name"] == "migrate_first.docker.migration_job"
    assert executed["module_args"] == {**ARGUMENTS, "invocation": INVOCATION}


def test_a_play_cannot_say_that_it_is_another_invocation() -> None:
    action = Action({**ARGUMENTS, "invocation": "forged"}, SUCCESS)
    action.run(task_vars={})
    assert action.executed[0]["module_args"]["invocation"] == INVOCATION


def test_the_arguments_of_the_task_stay_as_they_were() -> None:
    arguments = copy.deepcopy(ARGUMENTS)
    Action(arguments, SUCCESS).run(task_vars={})
    assert arguments == ARGUMENTS


@pytest.mark.parametrize(
    ("arguments", "name", "release", "image"),
    [
        pytest.param(ARGUMENTS, "job", INVOCATION, "shop:2.0", id="complete"),
        pytest.param({**ARGUMENTS, "release": "4711"}, "job", "4711", "shop:2.0", id="with a release"),
        pytest.param({"name": "job", "container": "shop:2.0"}, "job", INVOCATION, "", id="a container that is none"),
        pytest.param({"name": "job", "container": {}}, "job", INVOCATION, "", id="without an image"),
        pytest.param({}, "", INVOCATION, "", id="without anything"),
    ],
)
def test_a_module_that_could_not_begin_has_a_complete_result(
    arguments: dict[str, Any], name: str, release: str, image: str
) -> None:
    result = played(EARLY_FAILURE, arguments)
    assert SUCCESS.keys() - {"invocation"} <= result.keys()
    assert (result["failed"], result["changed"], result["outcome"]) == (True, False, "not_started")
    assert (result["exit_code"], result["stdout"]) == (None, "")
    assert result["diagnosis"] == EARLY_FAILURE["msg"]
    assert (result["name"], result["release"], result["image"]) == (name, release, image)


def test_a_module_that_says_nothing_has_not_succeeded() -> None:
    result = played({"failed": True})
    assert (result["outcome"], result["exit_code"]) == ("not_started", None)
    assert result["diagnosis"]


def test_the_fact_is_the_result_without_its_output() -> None:
    result = played({**SUCCESS, "failed": True, "msg": "it failed", "warnings": ["old"], "_ansible_parsed": True})
    fact = result["ansible_facts"]["migration_jobs"]["job"]
    promised = SUCCESS.keys() - OUTPUT - {"changed", "invocation"} | {"host"}
    assert fact == {key: result[key] for key in promised}


@pytest.mark.parametrize("answer", [SUCCESS, EARLY_FAILURE], ids=["success", "failure"])
def test_no_secret_is_in_result_or_fact(answer: dict[str, Any]) -> None:
    shown = repr(played(answer))
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
    jobs = played(SUCCESS, **known)["ansible_facts"]["migration_jobs"]
    assert {name: fact["outcome"] for name, fact in jobs.items()} == outcomes
    assert known == before


def test_no_key_makes_core_think_that_it_failed() -> None:
    assert not {"rc", "failed"} & played(SUCCESS).keys()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a job's task, and the job that they make."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import for_job
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Job
from ansible_collections.migrate_first.docker.plugins.module_utils._job.options import (
    OPTIONS,
    call_from_options,
    job_from_options,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition

CONTAINER = definition(env={"COLOUR": "blue"}, stop_timeout=3, published_ports=["80"], user="shop")


def job_from(**options: Any) -> Job:
    given = {"name": "job", "internal": {"invocation": "a"}, **options}
    validated = ArgumentSpecValidator(OPTIONS).validate(given)
    assert not validated.error_messages
    params = validated.validated_parameters
    return job_from_options(params, CONTAINER, call_from_options(params, creator="this one"))


def test_an_option_that_is_not_given_has_its_default() -> None:
    job = job_from()
    assert (job.name, job.release) == ("job", "a")
    assert (job.timeout, job.stop_timeout, job.pull, job.keep, job.max_output) == (3600.0, 30, "missing", 5, 65536)
    assert (job.on_busy, job.busy_timeout) == ("wait", 3600.0)
    assert (job.retries, job.retry_delay, job.retry_on) == (0, 5.0, ("not_started",))
    assert job.unchanged_output == ""


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        ({"release": "4711"}, "release", "4711"),
        ({"release": ""}, "release", "a"),
        ({"timeout": "15m"}, "timeout", 900.0),
        ({"timeout": "0"}, "timeout", 0.0),
        ({"stop_timeout": 5}, "stop_timeout", 5),
        ({"pull": "never"}, "pull", "never"),
        ({"keep": 0}, "keep", 0),
        ({"max_output": "1K"}, "max_output", 1024),
        ({"on_busy": "fail"}, "on_busy", "fail"),
        ({"busy_timeout": "5m"}, "busy_timeout", 300.0),
        ({"retries": 3}, "retries", 3),
        ({"retry_delay": "1m"}, "retry_delay", 60.0),
        ({"retry_on": ["killed", 3]}, "retry_on", ("killed", "3")),
        ({"retry_on": []}, "retry_on", ()),
        ({"unchanged_output": "^No migrations"}, "unchanged_output", "^No migrations"),
    ],
)
def test_an_option_reaches_its_field(options: dict[str, Any], field: str, value: object) -> None:
    assert getattr(job_from(**options), field) == value


def test_the_definition_is_that_of_the_application_with_the_options_of_the_job() -> None:
    options = {"command": "migrate --now", "entrypoint": ["tool"], "env": {"LOCK": "1"}, "secret_env": {"TOKEN": "x"}}
    assert job_from(**options).definition == for_job(CONTAINER, {**options, "stop_timeout": 30})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"timeout": "soon"}, "timeout: 'soon'"),
        ({"stop_timeout": -1}, "stop_timeout is -1"),
        ({"keep": -1}, "keep is -1"),
        ({"busy_timeout": "soon"}, "busy_timeout: 'soon'"),
        ({"reconnect_timeout": "-1"}, "reconnect_timeout: '-1'"),
        ({"retries": -1}, "retries is -1"),
        ({"retry_delay": "soon"}, "retry_delay: 'soon'"),
        ({"retry_on": ["not_started", "succeeded"]}, "retry_on: 'succeeded'"),
        ({"unchanged_output": "No migrations ("}, "unchanged_output: 'No migrations"),
        ({"internal": {}}, "migrate_first.docker.migration_job"),
        ({"env": {"LOCK": 1}}, "env.LOCK"),
        ({"command": 'echo "'}, "command"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_option(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        job_from(**options)


@pytest.mark.parametrize("option", ["on_busy", "pull"])
def test_a_value_that_is_not_a_choice_is_refused(option: str) -> None:
    validated = ArgumentSpecValidator(OPTIONS).validate({"name": "job", option: "perhaps"})
    assert option in validated.error_messages[0]

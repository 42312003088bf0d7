# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module migration_job_info: the records of a job, and of no other."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineUnreachable
from ansible_collections.migrate_first.docker.plugins.modules import migration_job_info
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import create_elsewhere, run_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE
from ansible_collections.migrate_first.docker.tests.unit.support.modules import Modules
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL, SUCCEED, TAKE_TWO_HOURS, Program
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job


def release(number: str, program: Program = SUCCEED, name: str = "job") -> Request:
    return job(name, program, release=number, invocation=number, invoked_by=f"user{number}@controller")


def records(execute: Modules, **options: Any) -> list[dict[str, Any]]:
    result = execute(migration_job_info, **{"name": "job", **options})
    assert result["changed"] is False
    listed: list[dict[str, Any]] = result["records"]
    return listed


def start_next_elsewhere(execute: Modules, wanted: Request) -> None:
    """Let another controller keep the latest run as a record, and start the next."""
    outside = execute.lab.outside
    latest = execute.lab.there("job")
    outside.rename(latest.id, "job.20260101T000000Z.0123456789ab")
    created = create_elsewhere(execute.lab, wanted)
    outside.start(created.id)


@pytest.mark.parametrize("check", [False, True], ids=["", "check mode"])
def test_all_runs_are_listed_the_newest_first(execute: Modules, check: bool) -> None:
    assert records(execute) == []
    run_job(execute.lab, release("1"))
    run_job(execute.lab, release("2", FAIL))
    start_next_elsewhere(execute, release("3", TAKE_TWO_HOURS))
    execute.lab.observed.calls.clear()
    listed = records(execute, check=check)
    # Nothing is done to the engine.
    assert execute.lab.observed.calls.keys() == {"find", "named", "now"}
    assert [(one["release"], one["outcome"], one["exit_code"]) for one in listed] == [
        ("3", None, None),
        ("2", "failed", 3),
        ("1", "succeeded", 0),
    ]
    assert [one["invoked_by"] for one in listed] == ["user3@controller", "user2@controller", "user1@controller"]
    assert [one["container_name"].count(".") for one in listed] == [0, 2, 2]
    assert listed[0]["fence"] > listed[1]["fence"] > listed[2]["fence"]
    assert (listed[0]["finished_at"], listed[0]["duration"]) == (None, None)
    assert listed[0]["started_at"]


def test_a_record_has_the_fields_of_the_result(execute: Modules) -> None:
    result = run_job(execute.lab, release("1", FAIL)).returned()
    (record,) = records(execute)
    assert {key: value for key, value in record.items() if key != "invoked_by"} == {
        key: result[key] for key in record if key != "invoked_by"
    }
    assert record["image"] == IMAGE


def test_each_field_of_a_record_is_documented(execute: Modules) -> None:
    run_job(execute.lab, release("1"))
    (record,) = records(execute)
    assert record.keys() == yaml.safe_load(migration_job_info.RETURN)["records"]["contains"].keys()


def test_a_container_that_was_only_created_has_no_outcome(execute: Modules) -> None:
    create_elsewhere(execute.lab, release("1"))
    (record,) = records(execute)
    assert (record["outcome"], record["exit_code"], record["started_at"]) == (None, None, None)


def test_a_record_of_an_older_version_lacks_image_name_and_user(execute: Modules) -> None:
    run_job(execute.lab, release("1"))
    (container,) = execute.lab.outside.containers.values()  # type: ignore[attr-defined]
    container.labels = {key: value for key, value in container.labels.items() if not key.endswith(("-by", ".image"))}
    (record,) = records(execute)
    assert (record["image"], record["invoked_by"]) == (record["image_id"], None)


def test_an_engine_that_does_not_answer_is_a_failure(execute: Modules) -> None:
    execute.connect = failing(EngineUnreachable("the engine at unix:///no.sock does not answer"))
    result = execute(migration_job_info, name="job")
    assert result["failed"]
    assert result["msg"] == "The records of job cannot be read: the engine at unix:///no.sock does not answer"


def test_an_unknown_option_is_named_with_the_option_that_was_meant(execute: Modules) -> None:
    assert "did you mean name?" in execute(migration_job_info, name="job", nane="x")["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [({}, "name is not given, and is required"), ({"name": "-job"}, "cannot be the name of a container")],
)
def test_a_wrong_name_is_refused(execute: Modules, options: dict[str, Any], words: str) -> None:
    assert words in execute(migration_job_info, **options)["msg"]

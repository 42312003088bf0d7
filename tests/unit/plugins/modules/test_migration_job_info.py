# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module migration_job_info: what the containers of a job tell, and nothing of others."""

from __future__ import annotations

from typing import Any

import yaml
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineUnreachable
from ansible_collections.migrate_first.docker.plugins.modules import migration_job_info
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import (
    create_elsewhere,
    foreign,
    run_job,
    start_elsewhere,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE
from ansible_collections.migrate_first.docker.tests.unit.support.modules import Modules
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    FAIL,
    SERVE,
    SUCCEED,
    TAKE_TWO_HOURS,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job


def release(number: str, program: Program = SUCCEED, name: str = "job") -> Request:
    return job(name, program, release=number, invocation=number, invoked_by=f"user{number}@controller")


def records(execute: Modules, **options: Any) -> list[dict[str, Any]]:
    result = execute(migration_job_info, **{"name": "job", **options})
    assert result["changed"] is False
    listed: list[dict[str, Any]] = result["records"]
    return listed


def overtaken_elsewhere(execute: Modules, wanted: Request) -> None:
    """Let another controller keep the latest run as a record, and start the next."""
    outside = execute.lab.outside
    latest = execute.lab.there("job")
    outside.rename(latest.id, "job.20260101T000000Z.0123456789ab")
    created = create_elsewhere(execute.lab, wanted)
    outside.start(created.id)


def test_without_a_run_there_is_no_record(execute: Modules) -> None:
    assert records(execute) == []


def test_all_runs_are_told_of_the_newest_first(execute: Modules) -> None:
    run_job(execute.lab, release("1"))
    run_job(execute.lab, release("2", FAIL))
    overtaken_elsewhere(execute, release("3", TAKE_TWO_HOURS))
    listed = records(execute)
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


def test_a_record_is_what_the_result_was(execute: Modules) -> None:
    result = run_job(execute.lab, release("1", FAIL)).returned()
    (record,) = records(execute)
    assert {key: value for key, value in record.items() if key != "invoked_by"} == {
        key: result[key] for key in record if key != "invoked_by"
    }
    assert record["image"] == IMAGE


def test_what_is_returned_is_written_about(execute: Modules) -> None:
    run_job(execute.lab, release("1"))
    (record,) = records(execute)
    assert record.keys() == yaml.safe_load(migration_job_info.RETURN)["records"]["contains"].keys()


def test_what_was_only_created_has_no_outcome(execute: Modules) -> None:
    create_elsewhere(execute.lab, release("1"))
    (record,) = records(execute)
    assert (record["outcome"], record["exit_code"], record["started_at"]) == (None, None, None)


def test_others_are_left_out(execute: Modules) -> None:
    foreign(execute.lab, "job")
    foreign(execute.lab, "job.20260101T000000Z.0123456789ab")
    start_elsewhere(execute.lab, release("1", SERVE, "job.other"))
    assert records(execute) == []


def test_a_record_of_before_it_was_noted_tells_no_more_than_it_can(execute: Modules) -> None:
    run_job(execute.lab, release("1"))
    (container,) = execute.lab.outside.containers.values()  # type: ignore[attr-defined]
    container.labels = {key: value for key, value in container.labels.items() if not key.endswith(("-by", ".image"))}
    (record,) = records(execute)
    assert (record["image"], record["invoked_by"]) == (record["image_id"], None)


def test_a_run_that_is_renamed_meanwhile_is_told_of_once(execute: Modules) -> None:
    run_job(execute.lab, release("1"))
    latest = execute.lab.there("job")
    execute.lab.observed.after("find", lambda _name: execute.lab.outside.rename(latest.id, "job.20260101T000000Z.01"))
    assert [one["container_id"] for one in records(execute)] == [latest.id]


def test_check_mode_tells_the_same(execute: Modules) -> None:
    run_job(execute.lab, release("1"))
    told = execute(migration_job_info, check=True, name="job")
    assert told["records"] == records(execute)


def test_nothing_is_done_to_the_engine(execute: Modules) -> None:
    run_job(execute.lab, release("1"))
    execute.lab.observed.calls.clear()
    records(execute)
    assert execute.lab.observed.calls.keys() == {"find", "named", "now"}


def test_an_engine_that_does_not_answer_is_named(execute: Modules) -> None:
    execute.connect = failing(EngineUnreachable("the engine at unix:///no.sock does not answer"))
    result = execute(migration_job_info, name="job")
    assert result["failed"]
    assert result["msg"] == "The records of job cannot be read: the engine at unix:///no.sock does not answer"


def test_a_name_that_no_job_can_have_is_refused(execute: Modules) -> None:
    assert "cannot be the name of a container" in execute(migration_job_info, name="-migration")["msg"]


def test_an_option_that_there_is_not_is_told_with_what_was_meant(execute: Modules) -> None:
    assert "did you mean name?" in execute(migration_job_info, name="job", nane="x")["msg"]


def test_the_name_is_required(execute: Modules) -> None:
    assert "name is not given, and is required" in execute(migration_job_info)["msg"]

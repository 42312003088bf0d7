# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module migration_job: options in, result out, and nothing secret in either."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import yaml
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineUnreachable
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import REPLY, Call, Reply
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import LogChunk, LogRequest
from ansible_collections.migrate_first.docker.plugins.modules import migration_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE
from ansible_collections.migrate_first.docker.tests.unit.support.modules import Modules
from ansible_collections.migrate_first.docker.tests.unit.support.observed import AWAY, failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    COUNT,
    FAIL,
    SPEAK_TWICE,
    SUCCEED,
    TAKE_TWO_HOURS,
    TELL_PASSWORD,
    Program,
)

PASSWORD = "s3cret-password"


def task_options(program: Program = SUCCEED, **options: Any) -> dict[str, Any]:
    """Return the options of a task; ``container`` is added to the container of the application."""
    container = {"image": IMAGE, **options.pop("container", {})}
    return {
        "name": "job",
        "internal": {"invocation": "a"},
        "command": program.command,
        "container": container,
        **options,
    }


def test_a_success_returns_the_result_of_the_run(execute: Modules) -> None:
    result = execute(migration_job, **task_options())
    assert (result["outcome"], result["exit_code"], result["stdout"]) == ("succeeded", 0, "done")
    assert (result["changed"], result.get("failed", False), result[REPLY]["log"]) == (True, False, None)


@pytest.mark.parametrize(
    ("check", "skip", "outcome"),
    [(True, False, "planned"), (False, True, "skipped"), (True, True, "skipped")],
)
def test_check_mode_and_skip_run_nothing(execute: Modules, check: bool, skip: bool, outcome: str) -> None:
    result = execute(migration_job, check=check, **task_options(skip=skip))
    assert (result["outcome"], result["changed"], result.get("failed", False)) == (outcome, not skip, False)
    assert execute.lab.outside.named("") == ()


def test_a_failure_fails_with_a_complete_result(execute: Modules) -> None:
    result = execute(migration_job, **task_options(FAIL))
    assert (result["failed"], result["changed"], result["outcome"]) == (True, True, "failed")
    assert (result["exit_code"], result["stderr_lines"]) == (3, ["no such column"])
    assert result["msg"] == result["diagnosis"]


def test_each_field_of_the_result_is_documented(execute: Modules) -> None:
    by_action = {"host", "ansible_facts"}
    documented = set(yaml.safe_load(migration_job.RETURN))
    # The reply is for the action, which takes it out.
    others = {"invocation", "failed", "msg", REPLY}
    assert execute(migration_job, **task_options()).keys() - others == documented - by_action
    assert execute(migration_job, **task_options(FAIL, name="other")).keys() - others == documented - by_action


def test_a_run_that_goes_on_returns_its_progress_for_the_next_call(execute: Modules) -> None:
    call = {"invocation": "a", "patience": 15}
    options = task_options(TAKE_TWO_HOURS, timeout="3h", internal=call)
    first = execute(migration_job, **options)
    (container,) = execute.lab.outside.named("")
    assert first[REPLY]["progress"] == {
        "sentence": ANY,
        "watching": container.id,
        "waiting": False,
        "running": pytest.approx(15, abs=0.1),
        "usual": None,
    }
    assert (first["changed"], "outcome" in first) == (False, False)
    execute.lab.clock.sleep(7200)
    second = execute(migration_job, **{**options, "internal": {**call, "watching": container.id}})
    assert (second["outcome"], second["changed"], second["container_id"]) == ("succeeded", True, container.id)


def test_the_options_reach_the_run(execute: Modules, tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text("SIZE=big\n")
    env_file = {"env_file": str(path)}
    options = task_options(
        COUNT, container=env_file, release="4711", max_output="12", timeout="15m", env={"COLOUR": "blue"}
    )
    result = execute(migration_job, **options)
    assert (result["release"], result["output_truncated"], len(result["stdout"])) == ("4711", True, 11)
    (container,) = execute.lab.outside.named("")
    assert {"COLOUR": "blue", "SIZE": "big"}.items() <= container.environment.items()
    assert container.labels["migrate_first.docker.deadline"] == "900"


@pytest.mark.parametrize("watching", [None, "4711"], ids=["first call", "later call"])
def test_a_job_is_lost_where_the_engine_does_not_answer(execute: Modules, watching: str | None) -> None:
    execute.connect = failing(AWAY)
    result = execute(migration_job, **task_options(internal={"invocation": "a", "watching": watching or ""}))
    assert (result["failed"], result["outcome"], result["exit_code"]) == (True, "lost", None)
    assert (result["container_id"], result["attempts"]) == (watching, int(bool(watching)))
    assert result["engine_id"] is None
    assert "the engine does not answer" in result["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (task_options(timeout="soon"), "timeout"),
        (task_options(container={"env_file": "/no/such/file"}), "container.env_file"),
        (task_options(container={"imagine": "shop"}), "imagine"),
        (task_options(pull="sometimes"), "sometimes"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_run(execute: Modules, options: dict[str, Any], words: str) -> None:
    result = execute(migration_job, **options)
    assert result["failed"]
    assert words in result["msg"]
    assert execute.lab.outside.named("") == ()


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(task_options(TELL_PASSWORD, secret_env={"PGPASSWORD": PASSWORD}), id="of the job"),
        pytest.param(
            task_options(TELL_PASSWORD, container={"secret_env": {"PGPASSWORD": PASSWORD}}), id="of the container"
        ),
        pytest.param(
            task_options(FAIL, secret_env={"A": PASSWORD}, container={"secret_env": {"B": PASSWORD}}),
            id="of both, failing",
        ),
        pytest.param(task_options(secret_env={"A": PASSWORD}, timeout="soon"), id="with a wrong option beside"),
        pytest.param(
            task_options(replicas={"name": "shop", "container": {"image": IMAGE, "secret_env": {"A": PASSWORD}}}),
            id="of the replicas that follow",
        ),
        pytest.param(
            task_options(replicas={"name": "shop", "container": {"image": "", "secret_env": {"A": PASSWORD}}}),
            id="of wrong replicas that follow",
        ),
        pytest.param(task_options(secret_env=PASSWORD), id="as no dictionary"),
        pytest.param(task_options(container={"secret_env": [PASSWORD]}), id="as a list"),
        pytest.param(task_options(container={"secret_env": {"A": PASSWORD}, "imagine": 1}), id="beside an unknown key"),
        pytest.param({**task_options(), "container": PASSWORD}, id="as the container"),
        pytest.param(
            {**task_options(), "container": [{"secret_env": {"A": PASSWORD}}]}, id="in a container that is a list"
        ),
    ],
)
@pytest.mark.parametrize("check", [False, True], ids=["", "check mode"])
def test_a_secret_is_never_shown(execute: Modules, options: dict[str, Any], check: bool) -> None:
    assert PASSWORD not in repr(execute(migration_job, check=check, **options))


def test_the_options_are_shown_without_secrets(execute: Modules) -> None:
    options = task_options(
        secret_env={"ADMIN": PASSWORD}, container={"secret_env": {"TOKEN": PASSWORD}, "user": "shop"}
    )
    shown = execute(migration_job, **options)["invocation"]["module_args"]
    assert shown["name"] == "job"
    assert shown["container"]["user"] == "shop"
    assert (list(shown["secret_env"]), list(shown["container"]["secret_env"])) == (["ADMIN"], ["TOKEN"])


def test_a_warning_is_given_where_old_records_cannot_be_removed(execute: Modules) -> None:
    away = EngineUnreachable("it is away")
    execute.lab.observed.after("logs", lambda *_asked: execute.lab.observed.breaks("named", away))
    result = execute(migration_job, **task_options())
    assert result["outcome"] == "succeeded"
    assert ["it is away" in warning for warning in execute.warnings] == [True]


def call_with_log(log: LogRequest | None = None, **fields: Any) -> dict[str, Any]:
    return Call("a", patience=0.5, log=log or LogRequest(), **fields).arguments()


def log_of(result: dict[str, Any]) -> LogChunk:
    log = Reply.take_from(dict(result)).log
    assert log
    return log


def written(result: dict[str, Any]) -> bytes:
    return b"".join(data for _stream, data in log_of(result).pieces)


def test_a_call_that_follows_the_log_gets_the_new_output(execute: Modules) -> None:
    options = task_options(SPEAK_TWICE)
    first = execute(migration_job, **{**options, "internal": call_with_log()})
    assert written(first) == b"begun\n"
    call = call_with_log(LogRequest(log_of(first).cursors), watching=first[REPLY]["progress"]["watching"])
    execute.lab.clock.sleep(3)
    second = execute(migration_job, **{**options, "internal": call})
    assert (written(second), second["outcome"], log_of(second).more) == (b"ended\n", "succeeded", False)


def test_a_call_for_the_rest_of_the_log_does_not_run_the_job(execute: Modules) -> None:
    first = execute(migration_job, **task_options(COUNT))
    request = LogRequest(whole=True, rest_of=first["container_id"])
    rest = execute(migration_job, **task_options(COUNT, internal=call_with_log(request)))
    assert written(rest) == COUNT.stdout.encode()
    assert (rest["changed"], "outcome" in rest) == (False, False)
    assert execute.lab.observed.calls["create"] == 1


@pytest.mark.parametrize("secret_env", [{"PGPASSWORD": PASSWORD}, {"URL": f"postgres://x:{PASSWORD}@db", "PIN": "0"}])
def test_the_returned_log_holds_no_secret(execute: Modules, secret_env: dict[str, str]) -> None:
    env = {"PGPASSWORD": PASSWORD} if "URL" in secret_env else {}
    result = execute(
        migration_job, **task_options(TELL_PASSWORD, env=env, secret_env=secret_env, internal=call_with_log())
    )
    assert written(result) == b"password is ********\n"
    assert (result["exit_code"], result["attempts"], result["output_truncated"]) == (0, 1, False)


def test_a_failure_returns_the_delay_before_the_next_attempt(execute: Modules) -> None:
    retried = task_options(FAIL, retries=1, retry_delay="7", retry_on=["failed"])
    assert execute(migration_job, **retried)[REPLY]["retry_after"] == 7.0
    last = execute(migration_job, **{**retried, "internal": {"invocation": "a", "attempt": 2}})
    assert (last[REPLY]["retry_after"], last["outcome"]) == (None, "failed")
    assert [container.labels["migrate_first.docker.attempt"] for container in execute.lab.outside.named("")] == [
        "2",
        "1",
    ]


def test_a_plan_is_run_in_check_mode(execute: Modules) -> None:
    planned = execute(migration_job, check=True, **task_options(internal={"invocation": "a", "planning": True}))
    assert (planned["outcome"], planned["stdout"]) == ("succeeded", "done")
    # Another batch of the same invocation has the same plan.
    again = execute(migration_job, check=True, **task_options(internal={"invocation": "a", "planning": True}))
    assert (again["container_id"], again["stdout"]) == (planned["container_id"], "done")

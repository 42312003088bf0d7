# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a job as the play sees it, and the fact that is kept of it."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, Image
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import (
    Result,
    fact,
    from_returned,
    result_of_run,
    result_without_run,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.output import Output
from ansible_collections.migrate_first.docker.tests.unit.support.found import (
    BEGAN,
    ID,
    IMAGE_ID,
    exited,
    made_for,
    running,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

JOB = job("job")
IMAGE = Image(IMAGE_ID, ("mf-test@sha256:a", "other@sha256:b"))

#: What the contract promises, whatever has happened.
PROMISED = {
    *("name", "release", "outcome", "exit_code", "diagnosis", "container_id", "container_name", "engine_id"),
    *("image", "image_id", "image_digest", "command", "attempts", "started_at", "finished_at", "duration"),
    *("stdout", "stderr", "stdout_lines", "stderr_lines", "output_truncated", "log_path", "joined", "reused"),
    *("fence", "plan", "changed"),
}


def of(container: Container) -> Result:
    run = Run(container)
    return result_of_run(JOB, "ENGINE", IMAGE, run, changed=run.invocation == JOB.invocation)


ENDED = of(exited(3, argv=("sh", "-c", "exit 3"), **made_for(JOB)))
NOTHING = result_without_run(JOB, None, "not_started", "there is no image")


@pytest.mark.parametrize("result", [ENDED, NOTHING], ids=["a run", "no run"])
def test_the_result_is_complete(result: Result) -> None:
    returned = result.returned()
    assert returned.keys() == PROMISED
    assert json.loads(json.dumps(returned)) == returned


NONE_PENDING = Output("Running migrations:\n  No migrations to apply.", "a warning")


@pytest.mark.parametrize(
    ("exit_code", "output", "pattern", "changed"),
    [
        pytest.param(0, NONE_PENDING, "", True, id="no pattern"),
        pytest.param(0, NONE_PENDING, "No migrations to apply", False, id="on standard output"),
        pytest.param(0, NONE_PENDING, r"^a warn\w+$", False, id="on standard error"),
        pytest.param(0, NONE_PENDING, r"^  No migrations", False, id="at the beginning of a line"),
        pytest.param(0, NONE_PENDING, "Applying", True, id="nowhere"),
        pytest.param(3, NONE_PENDING, "No migrations to apply", True, id="a failure"),
        pytest.param(0, Output(), "^$", False, id="no output at all"),
    ],
)
def test_a_success_that_says_so_has_changed_nothing(
    exit_code: int, output: Output, pattern: str, changed: bool
) -> None:
    ended = of(exited(exit_code, **made_for(JOB))).with_output(output, pattern)
    assert (ended.changed, ended.stdout, ended.exit_code) == (changed, output.stdout, exit_code)


def test_the_result_tells_of_the_run() -> None:
    assert {**ENDED.returned(), "diagnosis": ""} == {
        "name": "job",
        "release": "1",
        "outcome": "failed",
        "exit_code": 3,
        "diagnosis": "",
        "container_id": ID,
        "container_name": "job",
        "engine_id": "ENGINE",
        "image": "mf-test:1",
        "image_id": IMAGE_ID,
        "image_digest": "mf-test@sha256:a",
        "command": ["sh", "-c", "exit 3"],
        "attempts": 1,
        "started_at": "2026-01-01T12:00:00+00:00",
        "finished_at": "2026-01-01T12:00:02+00:00",
        "duration": 2.0,
        "stdout": "",
        "stderr": "",
        "stdout_lines": [],
        "stderr_lines": [],
        "output_truncated": False,
        "log_path": None,
        "joined": False,
        "reused": False,
        "fence": 1767268799000000,
        "plan": None,
        "changed": True,
    }


def test_without_a_run_nothing_is_made_up() -> None:
    told = {"name", "release", "outcome", "diagnosis", "image"}
    returned = NOTHING.returned()
    assert {key for key, value in returned.items() if value} == told
    assert returned["exit_code"] is None


@pytest.mark.parametrize(("invocation", "changed"), [("a", True), ("b", False)])
def test_a_change_is_what_this_invocation_has_run(invocation: str, changed: bool) -> None:
    assert of(exited(**made_for(JOB, invocation=invocation))).changed is changed


def test_a_result_with_the_key_rc_would_be_a_failure() -> None:
    assert "rc" not in {field.name for field in fields(Result)}


@pytest.mark.parametrize(
    ("outcome", "proceed"),
    [
        ("succeeded", True),
        ("planned", True),
        ("failed", False),
        ("timed_out", False),
        ("out_of_memory", False),
        ("killed", False),
        ("not_started", False),
        ("lost", False),
        ("skipped", True),
        ("superseded", False),
    ],
)
def test_only_a_known_success_a_plan_or_a_wish_goes_on(outcome: str, proceed: bool) -> None:
    assert result_without_run(JOB, "ENGINE", outcome, "").proceed is proceed


def test_output_comes_as_text_and_as_lines() -> None:
    returned = ENDED.with_output(Output("a\nb", "c", truncated=True)).returned()
    assert (returned["stdout"], returned["stdout_lines"]) == ("a\nb", ["a", "b"])
    assert (returned["stderr"], returned["stderr_lines"]) == ("c", ["c"])
    assert returned["output_truncated"] is True


def test_the_fact_is_the_result_without_its_output() -> None:
    output = {"stdout", "stderr", "stdout_lines", "stderr_lines", "output_truncated"}
    returned = ENDED.with_output(Output("much", "more", truncated=True)).returned()
    kept = {key: value for key, value in returned.items() if key not in output | {"changed"}}
    assert fact(returned) == kept


def test_a_newer_run_has_a_higher_fence() -> None:
    older = Run(running())
    newer = Run(running(created_at=BEGAN))
    assert older.fence == newer.fence - 1_000_000


def test_a_record_is_named_by_its_creation() -> None:
    run = Run(exited(**made_for(JOB)))
    assert run.history_name == "job.20260101T115959Z.0123456789ab"


@pytest.mark.parametrize("result", [ENDED, NOTHING], ids=["a run", "no run"])
def test_a_result_can_be_made_of_what_was_returned(result: Result) -> None:
    by_others = {"host": "h1", "msg": "it failed", "failed": True, "_ansible_parsed": True}
    assert from_returned({**json.loads(json.dumps(result.returned())), **by_others}) == result

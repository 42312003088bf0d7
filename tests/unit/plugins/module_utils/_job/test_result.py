# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a job as the play sees it, and the fact that is kept of it."""

from __future__ import annotations

import json

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
from ansible_collections.migrate_first.docker.tests.unit.support.found import ID, IMAGE_ID, exited, made_for
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

JOB = job("job")
IMAGE = Image(IMAGE_ID, ("mf-test@sha256:a", "other@sha256:b"))


def of(container: Container) -> Result:
    return result_of_run(JOB, "ENGINE", IMAGE, Run(container), changed=True)


ENDED = of(exited(3, argv=("sh", "-c", "exit 3"), **made_for(JOB))).with_output(Output("a\nb", "c", truncated=True))
NOTHING = result_without_run(JOB, None, "not_started", "there is no image")


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
def test_a_success_whose_output_matches_unchanged_output_is_no_change(
    exit_code: int, output: Output, pattern: str, changed: bool
) -> None:
    ended = of(exited(exit_code, **made_for(JOB))).with_output(output, pattern)
    assert (ended.changed, ended.stdout, ended.exit_code) == (changed, output.stdout, exit_code)


def test_the_result_has_all_fields_of_a_run() -> None:
    returned = ENDED.returned()
    assert json.loads(json.dumps(returned)) == returned
    # With the key rc, core would take it for a failure.
    assert {**returned, "diagnosis": ""} == {
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
        "stdout": "a\nb",
        "stderr": "c",
        "stdout_lines": ["a", "b"],
        "stderr_lines": ["c"],
        "output_truncated": True,
        "log_path": None,
        "joined": False,
        "reused": False,
        "fence": 1767268799000000,
        "plan": None,
        "changed": True,
    }


def test_the_result_without_a_run_has_the_same_fields_and_makes_nothing_up() -> None:
    returned = NOTHING.returned()
    assert returned.keys() == ENDED.returned().keys()
    assert {key for key, value in returned.items() if value} == {"name", "release", "outcome", "diagnosis", "image"}
    assert returned["exit_code"] is None


OUTCOMES = [
    "succeeded",
    "planned",
    "skipped",
    "failed",
    "timed_out",
    "out_of_memory",
    "killed",
    "not_started",
    "lost",
    "superseded",
]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_only_a_success_a_plan_or_a_skip_lets_the_release_go_on(outcome: str) -> None:
    proceed = outcome in ("succeeded", "planned", "skipped")
    assert result_without_run(JOB, "ENGINE", outcome, "").proceed is proceed


def test_the_fact_is_the_result_without_its_output() -> None:
    output = {"stdout", "stderr", "stdout_lines", "stderr_lines", "output_truncated"}
    returned = ENDED.returned()
    kept = {key: value for key, value in returned.items() if key not in output | {"changed"}}
    assert fact(returned) == kept


@pytest.mark.parametrize("result", [ENDED, NOTHING], ids=["a run", "no run"])
def test_a_result_can_be_made_from_the_returned_fields(result: Result) -> None:
    of_core = {"host": "h1", "msg": "it failed", "failed": True, "_ansible_parsed": True}
    assert from_returned({**json.loads(json.dumps(result.returned())), **of_core}) == result

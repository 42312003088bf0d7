# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attempts that are followed by another one, and the delay before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result, result_without_run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.retry import (
    RETRIABLE,
    checked,
    delay_before_retry,
    expected_delay,
)
from ansible_collections.migrate_first.docker.tests.unit.support.found import exited, made_for
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

OTHERS = job("job", invocation="others", retries=1, retry_delay=20, retry_on=("3",))


def ended(of: Request, outcome: str, exit_code: int | None = None) -> Result:
    return replace(result_without_run(of, "ENGINE", outcome, "it ended"), exit_code=exit_code, attempts=1)


@pytest.mark.parametrize(
    ("fields", "outcome", "exit_code", "seconds"),
    [
        pytest.param({}, "failed", 3, None, id="no retries"),
        pytest.param({"retries": 1}, "not_started", None, 5.0, id="by default a job that was not started"),
        pytest.param({"retries": 1}, "failed", 3, None, id="by default nothing else"),
        pytest.param({"retries": 1, "retry_on": ("failed",)}, "failed", 3, 5.0, id="an outcome"),
        pytest.param({"retries": 1, "retry_on": ("3",)}, "failed", 3, 5.0, id="an exit code"),
        pytest.param({"retries": 1, "retry_on": ("3",)}, "failed", 30, None, id="another exit code"),
        pytest.param({"retries": 1, "retry_on": ("137",)}, "out_of_memory", 137, 5.0, id="an exit code of a signal"),
        pytest.param({"retries": 1, "retry_on": ("0",)}, "succeeded", 0, None, id="no success, whatever its code"),
        pytest.param({"retries": 1, "retry_on": ("0",)}, "timed_out", 0, 5.0, id="no success, though the code is 0"),
        pytest.param({"retries": 1, "retry_on": RETRIABLE}, "lost", None, None, id="nothing that may still run"),
        pytest.param({"retries": 1, "retry_on": RETRIABLE, "attempt": 2}, "failed", 3, None, id="no more attempts"),
        pytest.param({"retries": 3, "retry_on": RETRIABLE, "attempt": 2}, "failed", 3, 10.0, id="the delay doubles"),
        pytest.param({"retries": 3, "retry_on": RETRIABLE, "attempt": 3}, "failed", 3, 20.0, id="and doubles"),
        pytest.param({"retries": 3, "retry_on": RETRIABLE, "retry_delay": 0.0}, "failed", 3, 0.0, id="no delay"),
    ],
)
def test_the_delay_before_the_next_attempt(
    fields: dict[str, Any], outcome: str, exit_code: int | None, seconds: float | None
) -> None:
    wanted = job("job", **fields)
    assert delay_before_retry(wanted, wanted.attempt, ended(wanted, outcome, exit_code)) == seconds


@pytest.mark.parametrize("flag", ["joined", "reused"])
def test_a_run_of_another_invocation_is_not_tried_again(flag: str) -> None:
    assert delay_before_retry(OTHERS, OTHERS.attempt, ended(OTHERS, "failed", 3)) == 20.0
    assert delay_before_retry(OTHERS, OTHERS.attempt, replace(ended(OTHERS, "failed", 3), **{flag: True})) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["failed", "killed", "not_started", "out_of_memory", "timed_out", "0", "137", 3])
def test_outcomes_and_exit_codes_are_accepted(word: object) -> None:
    assert checked([word]) == (str(word),)


@pytest.mark.parametrize("word", ["succeeded", "lost", "planned", "always", "-1", "1.5", "", "3 "])
def test_a_word_that_is_neither_outcome_nor_exit_code_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="retry_on"):
        checked(["failed", word])


@pytest.mark.parametrize(
    ("wanted", "exit_code", "seconds"),
    [
        pytest.param(OTHERS, 3, 20.0, id="an exit code of retry_on"),
        pytest.param(OTHERS, 4, None, id="another exit code"),
        pytest.param(OTHERS, 0, None, id="a success"),
        pytest.param(replace(OTHERS, attempt=2), 3, None, id="the last attempt"),
        pytest.param(job("job"), 3, None, id="no retries"),
    ],
)
def test_the_labels_of_a_run_say_when_the_next_attempt_is_expected(
    wanted: Request, exit_code: int, seconds: float | None
) -> None:
    assert expected_delay(Run(exited(exit_code, **made_for(wanted)))) == seconds

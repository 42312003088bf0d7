# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which attempts are followed by another one, after how long, and who waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Image
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import START_GRACE, decide
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.observed_state import ObservedState
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result, result_without_run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.retry import (
    RETRIABLE,
    checked,
    delay_before_retry,
    expected_delay,
)
from ansible_collections.migrate_first.docker.tests.unit.support.found import (
    BEGAN,
    ID,
    IMAGE_ID,
    container,
    exited,
    made_for,
    running,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

OTHERS = job("job", invocation="others", retries=1, retry_delay=20, retry_on=("3",))
#: Has watched an attempt of the other invocation.
JOINED = job("job", invocation="own", watching=ID)
IMAGE = Image(IMAGE_ID)


def ended(of: Request, outcome: str, exit_code: int | None = None) -> Result:
    return replace(result_without_run(of, "ENGINE", outcome, "it ended"), exit_code=exit_code, attempts=1)


@pytest.mark.parametrize(
    ("fields", "outcome", "exit_code", "seconds"),
    [
        pytest.param({}, "failed", 3, None, id="no retries"),
        pytest.param({"retries": 1}, "not_started", None, 5.0, id="by default what was not started"),
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
def test_what_is_tried_again(
    fields: dict[str, Any], outcome: str, exit_code: int | None, seconds: float | None
) -> None:
    wanted = job("job", **fields)
    assert delay_before_retry(wanted, wanted.attempt, ended(wanted, outcome, exit_code)) == seconds


@pytest.mark.parametrize("flag", ["joined", "reused"])
def test_what_others_have_run_is_theirs_to_try_again(flag: str) -> None:
    assert delay_before_retry(OTHERS, OTHERS.attempt, ended(OTHERS, "failed", 3)) == 20.0
    assert delay_before_retry(OTHERS, OTHERS.attempt, replace(ended(OTHERS, "failed", 3), **{flag: True})) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["failed", "killed", "not_started", "out_of_memory", "timed_out", "0", "137", 3])
def test_outcomes_and_exit_codes_can_be_tried_again(word: object) -> None:
    assert checked([word]) == (str(word),)


@pytest.mark.parametrize("word", ["succeeded", "lost", "planned", "always", "-1", "1.5", "", "3 "])
def test_what_is_neither_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="retry_on"):
        checked(["failed", word])


@pytest.mark.parametrize(
    ("wanted", "exit_code", "seconds"),
    [
        pytest.param(OTHERS, 3, 20.0, id="what is to be tried again"),
        pytest.param(OTHERS, 4, None, id="another exit code"),
        pytest.param(OTHERS, 0, None, id="a success"),
        pytest.param(replace(OTHERS, attempt=2), 3, None, id="the last attempt"),
        pytest.param(job("job"), 3, None, id="no retries"),
    ],
)
def test_a_run_tells_others_of_the_next_one(wanted: Request, exit_code: int, seconds: float | None) -> None:
    assert expected_delay(Run(exited(exit_code, **made_for(wanted)))) == seconds


def test_a_run_of_an_older_version_tells_nothing() -> None:
    fields = made_for(OTHERS)
    for label in (labels.ATTEMPT, labels.RETRY):
        del fields["labels"][label]
    run = Run(exited(3, **fields))
    assert (run.attempt, expected_delay(run)) == (1, None)


def sight(seconds: float, *later: Any) -> ObservedState:
    """Return what is seen so many seconds after the attempt that was joined has failed, with a later one or none."""
    failed = exited(3, seconds=1.0, **made_for(OTHERS))
    found, *_none = (*later, failed)
    history = (Run(failed),) if later else ()
    return ObservedState(found, history, BEGAN + timedelta(seconds=1.0 + seconds))


def second(state: Any, wanted: Request = OTHERS, **fields: Any) -> Any:
    """Return a container of the second attempt, in a state."""
    created_at = BEGAN + timedelta(seconds=10)
    return state(id="4" * 64, created_at=created_at, **made_for(replace(wanted, attempt=2)), **fields)


@pytest.mark.parametrize(
    ("seen", "step", "container_id"),
    [
        pytest.param(sight(0), "Wait", None, id="it is to come"),
        pytest.param(sight(20 + START_GRACE - 1), "Wait", None, id="it may still come"),
        pytest.param(sight(20 + START_GRACE), "Report", ID, id="it has not come"),
        pytest.param(sight(30, second(running)), "Join", "4" * 64, id="it runs"),
        pytest.param(sight(30, second(exited)), "Report", "4" * 64, id="it has succeeded"),
        pytest.param(sight(30, second(exited, exit_code=3)), "Report", "4" * 64, id="it was the last one"),
        pytest.param(sight(30, second(container)), "Wait", None, id="it is about to start"),
        pytest.param(sight(30, second(running, job("job", invocation="x"))), "Wait", None, id="somebody else's"),
    ],
)
def test_who_has_joined_waits_for_the_next_attempt(seen: ObservedState, step: str, container_id: str | None) -> None:
    decided = decide(JOINED, JOINED, IMAGE, seen)
    assert type(decided).__name__ == step
    assert container_id is None or decided.run.container.id == container_id  # type: ignore[union-attr]


def test_who_has_made_it_waits_for_nobody() -> None:
    assert (
        type(
            decide(replace(JOINED, invocation="others"), replace(JOINED, invocation="others"), IMAGE, sight(0))
        ).__name__
        == "Report"
    )


def test_an_attempt_does_not_take_an_earlier_one_for_itself() -> None:
    first = replace(OTHERS, watching="")
    assert type(decide(first, first, IMAGE, sight(0))).__name__ == "Report"
    assert type(decide(replace(first, attempt=2), replace(first, attempt=2), IMAGE, sight(0))).__name__ == "Archive"

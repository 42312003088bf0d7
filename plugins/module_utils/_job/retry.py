# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a job is tried again, and after how many seconds. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from .model import FAILED, KILLED, NOT_STARTED, OUT_OF_MEMORY, TIMED_OUT, Job, Run
from .outcome import outcome_of
from .result import Result

#: The outcomes after which nothing runs any more for certain, and which are no success.
RETRIABLE = (FAILED, KILLED, NOT_STARTED, OUT_OF_MEMORY, TIMED_OUT)


def delay_before_retry(job: Job, attempt: int, result: Result) -> float | None:
    """Return the seconds until the attempt after this one, or None where there is none."""
    if result.joined or result.reused or attempt > job.retries:
        return None
    return job.delay_after(attempt) if _matches(result.outcome, result.exit_code, job.retry_on) else None


def expected_delay(run: Run) -> float | None:
    """Return the seconds after which the invocation of a run that has ended tries again, or None where it does not."""
    delay, on = run.retry
    return delay if on and _matches(outcome_of(run), run.container.exit_code, on) else None


def checked(retry_on: Iterable[object]) -> tuple[str, ...]:
    """Return the option ``retry_on`` as texts; raise ValueError for what is neither an outcome nor an exit code."""
    words = tuple(str(word) for word in retry_on)
    for word in words:
        if word not in RETRIABLE and not word.isdigit():
            raise ValueError(f"retry_on: {word!r} is neither an exit code nor one of {', '.join(RETRIABLE)}")
    return words


def _matches(outcome: str, exit_code: int | None, on: Iterable[str]) -> bool:
    return outcome in RETRIABLE and bool({outcome, str(exit_code)} & set(on))

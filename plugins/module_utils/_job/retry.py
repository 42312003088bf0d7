# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a job is tried again, and when. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from .model import FAILED, KILLED, NOT_STARTED, OUT_OF_MEMORY, TIMED_OUT, Job, Run
from .outcome import outcome_of
from .result import Result

#: The outcomes after which it is known that nothing runs any more, and that it was no success.
RETRIABLE = (FAILED, KILLED, NOT_STARTED, OUT_OF_MEMORY, TIMED_OUT)


def again(job: Job, result: Result) -> float | None:
    """Return the seconds after which the next attempt begins, or None where there is none."""
    if result.joined or result.reused or job.attempt > job.retries:
        return None
    return job.delay if _named(result.outcome, result.exit_code, job.retry_on) else None


def awaited(run: Run) -> float | None:
    """Return the seconds after which whoever made a run that has ended tries again, or None where nobody will."""
    delay, on = run.retry
    return delay if on and _named(outcome_of(run), run.container.exit_code, on) else None


def checked(retry_on: Iterable[object]) -> tuple[str, ...]:
    """Return what a task wants to be tried again; raise ValueError for what is neither outcome nor exit code."""
    words = tuple(str(word) for word in retry_on)
    for word in words:
        if word not in RETRIABLE and not word.isdigit():
            raise ValueError(f"retry_on: {word!r} is neither an exit code nor one of {', '.join(RETRIABLE)}")
    return words


def _named(outcome: str, exit_code: int | None, on: Iterable[str]) -> bool:
    return outcome in RETRIABLE and bool({outcome, str(exit_code)} & set(on))

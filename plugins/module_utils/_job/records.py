# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a job: which is the newest, which can go, and what each tells. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .model import SUCCEEDED, Run
from .outcome import outcome_of
from .result import container_fields


def newest_first(runs: Iterable[Run]) -> list[Run]:
    """Return the runs by their fences, the newest first."""
    return sorted(runs, key=lambda run: run.fence, reverse=True)


def newest(runs: Iterable[Run]) -> Run | None:
    """Return the newest of the runs, or None where there is none."""
    return next(iter(newest_first(runs)), None)


def newest_success(runs: Iterable[Run]) -> Run | None:
    """Return the newest run that has succeeded, or None."""
    return newest(run for run in runs if run.container.state == "exited" and outcome_of(run) == SUCCEEDED)


def next_fence(runs: Iterable[Run]) -> int:
    """Return the lowest fence that a new run may have: one more than any that is recorded."""
    latest = newest(runs)
    return latest.fence + 1 if latest else 0


def surplus_records(runs: Iterable[Run], keep: int, invocation: str) -> list[Run]:
    """
    Return the records that can be removed: those beyond the newest ``keep``.

    The newest success and the records of this invocation stay in any case, because the next release and the next batches
    are decided by them.
    """
    ended = newest_first(run for run in runs if run.container.state == "exited")
    success = newest_success(ended)
    return [run for run in ended[max(keep, 0) :] if run is not success and run.invocation != invocation]


def record(run: Run) -> dict[str, Any]:
    """Return what the container of a run tells, in types that JSON has."""
    fields = container_fields(run.container)
    return {
        **{key: value for key, value in fields.items() if key != "command"},
        "release": run.release,
        "image": run.image,
        "outcome": outcome_of(run) if run.container.state == "exited" else None,
        "duration": run.duration,
        "fence": run.fence,
        "invoked_by": run.invoked_by or None,
    }

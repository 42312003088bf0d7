# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the records of a job tell, and which of them are kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from .model import SUCCEEDED, Run
from .outcome import outcome_of


def newest_first(runs: Iterable[Run]) -> list[Run]:
    """Return the runs by their fences, the newest first."""
    return sorted(runs, key=lambda run: run.fence, reverse=True)


def newest(runs: Iterable[Run]) -> Run | None:
    """Return the newest of the runs, or None where there is none."""
    return next(iter(newest_first(runs)), None)


def newest_success(runs: Iterable[Run]) -> Run | None:
    """Return the newest run that has ended with success, or None."""
    return newest(run for run in runs if run.container.state == "exited" and outcome_of(run) == SUCCEEDED)


def next_fence(runs: Iterable[Run]) -> int:
    """Return the least fence that a new run may have: one more than any that is recorded."""
    latest = newest(runs)
    return latest.fence + 1 if latest else 0


def expendable(runs: Iterable[Run], keep: int, invocation: str) -> list[Run]:
    """
    Return the records that may go: those beyond the newest ``keep``.

    The newest success and the records of this invocation stay in any case: they are what the
    next release, and this one's batches, are decided by.
    """
    ended = newest_first(run for run in runs if run.container.state == "exited")
    success = newest_success(ended)
    return [run for run in ended[max(keep, 0) :] if run is not success and run.invocation != invocation]

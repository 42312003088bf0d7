# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which records of a job are kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from .model import SUCCEEDED, Run
from .outcome import outcome_of


def newest_first(runs: Iterable[Run]) -> list[Run]:
    """Return the runs by their creation, the newest first."""
    return sorted(runs, key=lambda run: run.container.created_at, reverse=True)


def expendable(runs: Iterable[Run], keep: int, invocation: str) -> list[Run]:
    """
    Return the records that may go: those beyond the newest ``keep``.

    The newest success and the records of this invocation stay in any case: they are what the
    next release, and this one's batches, are decided by.
    """
    ended = newest_first(run for run in runs if run.ended)
    success = next((run for run in ended if outcome_of(run) == SUCCEEDED), None)
    return [run for run in ended[max(keep, 0) :] if run is not success and run.invocation != invocation]

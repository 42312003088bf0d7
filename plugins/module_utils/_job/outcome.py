# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a run that has ended. Pure."""

from __future__ import annotations

import signal

from .model import FAILED, KILLED, NOT_STARTED, OUT_OF_MEMORY, SUCCEEDED, TIMED_OUT, Run

#: The exit code of a process that SIGKILL has ended.
SIGKILLED = 128 + signal.SIGKILL


def outcome_of(run: Run) -> str:
    """
    Return the outcome of a run that has ended.

    The order matters: a process that was stopped at its deadline may exit with 0, and the
    engine's OOM flag stays set when a child was killed and the process itself went on.
    """
    container, code = run.container, run.container.exit_code
    if container.started_at is None or (container.error and container.state == "created"):
        return NOT_STARTED
    if run.deadline and run.duration is not None and run.duration >= run.deadline:
        return TIMED_OUT
    if code == 0:
        return SUCCEEDED
    if code == SIGKILLED and container.oom_killed:
        return OUT_OF_MEMORY
    return KILLED if signal_name(code) else FAILED


def signal_name(code: int | None) -> str | None:
    """Return the signal that an exit code above 128 stands for, or None."""
    try:
        return signal.Signals((code or 0) - 128).name
    except ValueError:
        return None

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is waited for while a play is under way."""

from __future__ import annotations

from support.fleet import Fleet
from support.fleet.nodes import Node, run_in
from support.waiting import wait_until
from tests.fleet.once.journal import runs


def begun(fleet: Fleet, version: str = "1", count: int = 1) -> None:
    """So many jobs of that version have begun."""
    wait_until(lambda: _count(fleet, version) >= count, f"No job of version {version} has begun", 60)


def over(fleet: Fleet, version: str = "1") -> None:
    """All jobs of that version have come to their end, and one has."""
    wait_until(
        lambda: _count(fleet, version) and all(it.end for it in runs(fleet) if it.version == version),
        f"The job of version {version} has not ended",
        60,
    )


def no_job_runs(host: Node) -> None:
    """No container of a job runs on the host."""
    listing = "docker ps --quiet --filter label=migrate_first.docker.kind=job"
    wait_until(lambda: not run_in(host, listing).strip(), f"A job still runs on {host}", 60)


def _count(fleet: Fleet, version: str) -> int:
    return sum(run.version == version for run in runs(fleet))

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of a job that an engine still has a container of, and what is told of each."""

from __future__ import annotations

from typing import Any

from .._engine.interface import Engine
from .model import Run
from .outcome import outcome_of
from .records import newest_first
from .result import of_container


def runs_of(engine: Engine, name: str) -> list[Run]:
    """Return all runs of the job, the newest first; containers of others are none, whatever their names."""
    # In this order: a run that gets its name of the history in between is seen twice, and not missed.
    found = (engine.find(name), *engine.named(f"{name}."))
    runs = (Run.of(container, name) for container in found if container)
    return newest_first({run.container.id: run for run in runs if run}.values())


def record(run: Run) -> dict[str, Any]:
    """Return what the container of a run tells of it, in types that JSON has."""
    told = of_container(run.container)
    return {
        **{key: value for key, value in told.items() if key != "command"},
        "release": run.release,
        "image": run.image,
        "outcome": outcome_of(run) if run.container.state == "exited" else None,
        "duration": run.duration,
        "fence": run.fence,
        "invoked_by": run.invoked_by or None,
    }

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine shows of a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .._engine.interface import Container, Engine
from .model import Run


@dataclass(frozen=True)
class ObservedState:
    """
    The container that has the job's name, the records of its earlier runs, and the time by the engine's clock.

    ``waited`` are the seconds for which this invocation has waited for somebody else, ``settling`` those for which the
    container has been in a state that does not last, such as removing.
    """

    found: Container | None
    history: tuple[Run, ...]
    now: datetime
    waited: float = 0.0
    settling: float = 0.0

    def runs(self, name: str) -> tuple[Run, ...]:
        """Return all runs of the job, each once: the records, and the one that has its name."""
        latest = Run.of(self.found, name) if self.found else None
        runs = (*self.history, latest) if latest else self.history
        return tuple({run.container.id: run for run in runs}.values())


def observe(engine: Engine, name: str, waited: float = 0.0, settling: float = 0.0) -> ObservedState:
    """Look at a job; containers of others are not its runs, whatever their names."""
    # The name comes first: a run that is renamed into the history in between is seen twice then, and not missed.
    found = engine.find(name)
    history = tuple(Run.of(container, name) for container in engine.named(f"{name}."))
    return ObservedState(found, tuple(run for run in history if run), engine.now(), waited, settling)

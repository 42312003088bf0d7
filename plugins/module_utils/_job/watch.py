# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for the end of a run, and stops it at its deadline."""

from __future__ import annotations

from .._engine.interface import Clock, Container, Engine, EngineError
from . import messages
from .decide import SETTLE_GRACE
from .model import Job, Run
from .observed_state import ObservedState
from .protocol import Call, Progress
from .records import newest_success

#: The longest single wait for an end, in seconds, well below the request timeout of the connection.
LONGEST_WAIT = 30.0

#: The same while the log is followed: seconds between two looks for new output.
LONGEST_WAIT_WITH_LOG = 1.0

#: Seconds between two looks at a container in a state that does not last.
SETTLE_INTERVAL = 0.2


class Watch:
    """What one execution of the module watches, for at most the seconds of the call's patience."""

    def __init__(self, engine: Engine, clock: Clock, job: Job, call: Call) -> None:
        self._engine = engine
        self._clock = clock
        self._job = job
        self._call = call
        self._began = clock.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the execution began."""
        return self._clock.monotonic() - self._began

    @property
    def patience(self) -> float:
        """Seconds until the execution has to return, 0 and less where it has to now."""
        return self._call.patience - self.elapsed

    def wait_for_exit(self, run: Run) -> Container:
        """
        Return the container when it has exited, when there is new output, or when the patience is over.

        Whether the deadline has passed is told by the engine's clock, which also tells it to whoever comes later.
        """
        container, settling = run.container, 0.0
        while container.state != "exited" and self.patience > 0:
            if container.running:
                settling = 0.0
                self._wait_or_stop(run)
            elif settling < SETTLE_GRACE:
                settling += SETTLE_INTERVAL
                self._clock.sleep(SETTLE_INTERVAL)
            else:
                raise EngineError(messages.unsettled(self._job, container))
            container = self._engine.inspect(container.id)
            if container.running and self._has_new_output(container):
                break
        return container

    def _wait_or_stop(self, run: Run) -> None:
        remaining = run.remaining(self._engine.now())
        if remaining <= 0:
            self._engine.stop(run.container.id, self._job.stop_timeout)
        else:
            longest = LONGEST_WAIT_WITH_LOG if self._call.log else LONGEST_WAIT
            self._engine.wait(run.container.id, min(remaining, longest, self.patience))

    def _has_new_output(self, container: Container) -> bool:
        if self._call.log is None:
            return False
        try:
            return self._engine.last_stamp(container.id) > self._call.log.latest
        except EngineError:
            # A log that cannot be read is reported where it is read.
            return False


def progress_of(job: Job, run: Run, state: ObservedState | None) -> Progress:
    """Return how far a run has come; without an observed state only that it runs."""
    started = run.container.started_at
    success = newest_success(state.runs(job.name)) if state else None
    return Progress(
        messages.running(job, run),
        run.container.id,
        running=(state.now - started).total_seconds() if state and started else 0.0,
        usual=success.duration if success else None,
    )

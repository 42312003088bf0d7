# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The next step for a job, by what the engine shows of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from .._engine.interface import Container, Image
from . import messages
from .model import LOST, NOT_STARTED, SUCCEEDED, SUPERSEDED, Job, Run
from .observed_state import ObservedState
from .outcome import outcome_of
from .protocol import Call
from .records import newest, newest_success, next_fence
from .retry import expected_delay

#: Seconds by the engine's clock after which nobody will start a container that was only created.
START_GRACE = 60.0

RUNNING = ("running", "paused")

#: Seconds that a container may take to leave a state that does not last, such as removing.
SETTLE_GRACE = 30.0


@dataclass(frozen=True)
class Create:
    """The name is free, and the release has not run: create the container, then look again."""

    minimum_fence: int


@dataclass(frozen=True)
class Start:
    """This very execution has created it: start it."""

    run: Run


@dataclass(frozen=True)
class Archive:
    """An older run has the name: rename it into the history, then look again."""

    run: Run


@dataclass(frozen=True)
class Abandon:
    """Its creator is gone, or was too late: remove it unless it runs by then, and look again."""

    run: Run


@dataclass(frozen=True)
class Stop:
    """It runs beyond its own deadline: stop it, then look again."""

    run: Run


@dataclass(frozen=True)
class Wait:
    """Somebody else holds the job: look again in a moment. The sentence says who, and since when."""

    sentence: str
    settling: bool = False


@dataclass(frozen=True)
class Join:
    """The job runs for this release already: wait for its end."""

    run: Run


@dataclass(frozen=True)
class Report:
    """The job has run for this release already: its outcome is the result."""

    run: Run


@dataclass(frozen=True)
class Refuse:
    """This release may not go on, and nothing is touched."""

    outcome: str
    reason: str
    container: Container | None = None


# Evaluated at run time, where the oldest Python of a host knows no other way.
Step = Union[Create, Start, Archive, Abandon, Stop, Wait, Join, Report, Refuse]


def decide(job: Job, call: Call, image: Image, state: ObservedState) -> Step:
    """Return the next step for a job whose work uses that image."""
    return _Decision(job, call, image, state).step()


@dataclass(frozen=True)
class _Decision:
    """The facts that every rule below goes by."""

    job: Job
    call: Call
    image: Image
    state: ObservedState

    def step(self) -> Step:
        found = self.state.found
        if self.call.watching:
            return self.for_watched(self.call.watching)
        if found is None:
            return self.from_history(self.state.history) or Create(next_fence(self.state.history))
        run = Run.of(found, self.job.name)
        if run is None:
            return Refuse(NOT_STARTED, messages.foreign(self.job, found), found)
        if found.state == "exited":
            return self.from_history(self.runs) or Archive(run)
        if found.state == "created":
            return self.for_created(run)
        return self.for_running(run) if found.state in RUNNING else self.for_unsettled(found)

    @property
    def runs(self) -> tuple[Run, ...]:
        return self.state.runs(self.job.name)

    def own(self, run: Run) -> bool:
        return run.invocation == self.call.invocation

    def for_watched(self, container_id: str) -> Step:
        """Once a run is watched, its end counts, wherever its container is by now; without it nothing is known."""
        run = next((run for run in self.runs if run.container.id == container_id), None)
        if run is None:
            return Refuse(LOST, messages.vanished(self.job, container_id))
        if run.container.state == "exited":
            return self.for_next_attempt(run) or Report(run)
        return Join(run) if run.container.state in RUNNING else self.for_unsettled(run.container)

    def for_next_attempt(self, run: Run) -> Step | None:
        """Where the run of another invocation has failed, and is going to be tried again, its next attempt counts."""
        delay = expected_delay(run)
        if self.own(run) or delay is None:
            return None
        later = newest(
            it
            for it in self.runs
            if (it.invocation, it.release) == (run.invocation, run.release) and it.attempt > run.attempt
        )
        if later:
            return self.for_watched(later.container.id)
        finished = run.container.finished_at or self.state.now
        expected = (self.state.now - finished).total_seconds() < delay + START_GRACE
        return Wait(messages.next_attempt(self.job, run)) if expected else None

    def for_unsettled(self, found: Container) -> Step:
        if self.state.settling < SETTLE_GRACE:
            return Wait(messages.unsettled(self.job, found), settling=True)
        return Refuse(LOST, messages.unsettled(self.job, found), found)

    def from_history(self, runs: Iterable[Run]) -> Step | None:
        """Return what the runs that have ended say about this release, or None where it has to run."""
        runs = tuple(runs)
        own = newest(
            run
            for run in runs
            if self.own(run) and run.release == self.job.release and run.attempt >= self.call.attempt
        )
        if own:
            differing, newer = own.other_work(self.job, self.image), newer_success(own, runs)
            if differing:
                return Refuse(NOT_STARTED, messages.other_definition(self.job, own, differing), own.container)
            if newer and outcome_of(own) == SUCCEEDED:
                return Refuse(SUPERSEDED, messages.superseded(self.job, newer), own.container)
            return Report(own)
        success = newest_success(runs)
        reusable = success and success.release == self.job.release and not success.differences(self.job, self.image)
        return Report(success) if success and reusable else None

    def for_created(self, run: Run) -> Step:
        """
        Only its creator may start it: whoever else did would let the job run twice.

        While it has the name, no other run can begin. So the records of now tell whether the release still has to run:
        another one may have begun and ended since the look before it was created.
        """
        if run.creator and run.creator == self.call.creator:
            history = self.state.history
            late = self.from_history(history) or run.fence < next_fence(history)
            return Abandon(run) if late else Start(run)
        age = (self.state.now - run.container.created_at).total_seconds()
        return Wait(messages.not_yet_started(self.job, run)) if age < START_GRACE else Abandon(run)

    def for_running(self, run: Run) -> Step:
        if run.release != self.job.release:
            return self.for_busy(run)
        differing = (run.other_work if self.own(run) else run.differences)(self.job, self.image)
        if differing:
            return Refuse(NOT_STARTED, messages.other_definition(self.job, run, differing), run.container)
        return Join(run)

    def for_busy(self, run: Run) -> Step:
        if run.remaining(self.state.now) <= 0:
            return Stop(run)
        if self.job.on_busy == "wait" and self.state.waited < self.job.busy_timeout:
            return Wait(messages.busy(self.job, run))
        return Refuse(NOT_STARTED, messages.busy(self.job, run), run.container)


def newer_success(run: Run, runs: Iterable[Run]) -> Run | None:
    """Return the success that is newer than a run, or None."""
    success = newest_success(runs)
    return success if success and success.fence > run.fence else None

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done next, given what the engine shows of a job. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Union

from .._engine.interface import Container, Image
from . import sentences
from .model import LOST, NOT_STARTED, SUCCEEDED, SUPERSEDED, Job, Run
from .outcome import outcome_of
from .records import newest, newest_success, next_fence
from .retry import awaited

#: Seconds by the engine's clock after which nobody will start a container that was only created.
START_GRACE = 60.0

RUNNING = ("running", "paused")

#: Seconds that a container may take to come out of a state that is none to stay in.
SETTLE_GRACE = 30.0


@dataclass(frozen=True)
class Sight:
    """
    What the engine shows: who has the job's name, the records, the time by its clock.

    ``waited`` are the seconds for which this invocation has waited already, in vain, ``settling``
    those for which the container has been in a state that is none to stay in.
    """

    found: Container | None
    history: tuple[Run, ...]
    now: datetime
    waited: float = 0.0
    settling: float = 0.0

    def runs(self, name: str) -> tuple[Run, ...]:
        """Return all runs of the job: the records, and the one that has its name."""
        latest = Run.of(self.found, name) if self.found else None
        return (*self.history, latest) if latest else self.history


@dataclass(frozen=True)
class Create:
    """The name is free, and the release is still to run: create the container, then look again."""

    floor: int


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
    """Its creator has gone, or came too late: remove it, unless it runs by then, and look again."""

    run: Run


@dataclass(frozen=True)
class Stop:
    """It runs beyond its own deadline and nobody watches it: stop it, then look again."""

    run: Run


@dataclass(frozen=True)
class Wait:
    """Somebody else is at it: look again in a moment. The sentence says at whom, and since when."""

    sentence: str
    settling: bool = False


@dataclass(frozen=True)
class Join:
    """The job runs already, for this release: wait for it, its outcome is ours."""

    run: Run


@dataclass(frozen=True)
class Report:
    """The job has run already, for this release: what it came to is the result."""

    run: Run


@dataclass(frozen=True)
class Refuse:
    """Nothing is to be touched, and this release may not go on."""

    outcome: str
    reason: str
    container: Container | None = None


# Evaluated at run time, where the oldest Python of a host knows no other way.
Step = Union[Create, Start, Archive, Abandon, Stop, Wait, Join, Report, Refuse]


def decide(job: Job, image: Image, sight: Sight) -> Step:
    """Return the next step for a job whose work uses that image."""
    found = sight.found
    if job.watching:
        return _watched(job, sight)
    if found is None:
        return _from_history(job, image, sight) or Create(next_fence(sight.history))
    run = Run.of(found, job.name)
    if run is None:
        return Refuse(NOT_STARTED, sentences.foreign(job, found), found)
    if found.state == "exited":
        return _from_history(job, image, sight) or Archive(run)
    if found.state == "created":
        return _created(job, image, run, sight)
    return _running(job, image, run, sight) if found.state in RUNNING else _unsettled(job, found, sight)


def _watched(job: Job, sight: Sight) -> Step:
    """Once watched, a run is the one whose end counts, wherever it is by now; without it nothing is known."""
    run = next((run for run in sight.runs(job.name) if run.container.id == job.watching), None)
    if run is None:
        return Refuse(LOST, sentences.vanished(job))
    if run.container.state == "exited":
        return _next_attempt(job, run, sight) or Report(run)
    return Join(run) if run.container.state in RUNNING else _unsettled(job, run.container, sight)


def _next_attempt(job: Job, run: Run, sight: Sight) -> Step | None:
    """Where another invocation's run has failed that is to be tried again, its next attempt is what counts."""
    delay = awaited(run)
    if run.invocation == job.invocation or delay is None:
        return None
    later = newest(
        it
        for it in sight.runs(job.name)
        if (it.invocation, it.release) == (run.invocation, run.release) and it.attempt > run.attempt
    )
    if later:
        return _watched(replace(job, watching=later.container.id), sight)
    ended = run.container.finished_at or sight.now
    due = (sight.now - ended).total_seconds() < delay + START_GRACE
    return Wait(sentences.tried_again(job, run)) if due else None


def _unsettled(job: Job, found: Container, sight: Sight) -> Step:
    if sight.settling < SETTLE_GRACE:
        return Wait(sentences.unsettled(job, found), settling=True)
    return Refuse(LOST, sentences.unsettled(job, found), found)


def overtaken(run: Run, runs: tuple[Run, ...]) -> Run | None:
    """Return the newer success that has overtaken a run, if there is one."""
    success = newest_success(runs)
    return success if success and success.fence > run.fence else None


def _from_history(job: Job, image: Image, sight: Sight) -> Step | None:
    """Return what a run that has ended says about this release, or None where it is to run."""
    runs = sight.runs(job.name)
    mine = newest(
        run
        for run in runs
        if (run.invocation, run.release) == (job.invocation, job.release) and run.attempt >= job.attempt
    )
    if mine:
        differing, newer = mine.other_work(job, image), overtaken(mine, runs)
        if differing:
            return Refuse(NOT_STARTED, sentences.otherwise(job, mine, differing), mine.container)
        if newer and outcome_of(mine) == SUCCEEDED:
            return Refuse(SUPERSEDED, sentences.superseded(job, newer), mine.container)
        return Report(mine)
    success = newest_success(runs)
    proven = success is not None and success.release == job.release and not success.differences(job, image)
    return Report(success) if success and proven else None


def _created(job: Job, image: Image, run: Run, sight: Sight) -> Step:
    """
    Only its creator may start it: whoever else did would let the job run twice.

    While it has the name no other run can begin, so that only the records of now tell whether the
    release is still to run: since the look before it was created, one may have begun and ended.
    """
    if run.creator and run.creator == job.creator:
        late = _from_history(job, image, replace(sight, found=None)) or run.fence < next_fence(sight.history)
        return Abandon(run) if late else Start(run)
    age = (sight.now - run.container.created_at).total_seconds()
    return Wait(sentences.unstarted(job, run)) if age < START_GRACE else Abandon(run)


def _running(job: Job, image: Image, run: Run, sight: Sight) -> Step:
    if run.release != job.release:
        return _busy(job, run, sight)
    compare = run.other_work if run.invocation == job.invocation else run.differences
    differing = compare(job, image)
    if differing:
        return Refuse(NOT_STARTED, sentences.otherwise(job, run, differing), run.container)
    return Join(run)


def _busy(job: Job, run: Run, sight: Sight) -> Step:
    if run.left(sight.now) <= 0:
        return Stop(run)
    if job.on_busy == "wait" and sight.waited < job.busy_timeout:
        return Wait(sentences.busy(job, run))
    return Refuse(NOT_STARTED, sentences.busy(job, run), run.container)

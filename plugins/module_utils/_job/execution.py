# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that brings a job to its end: look, decide, act, look again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .._engine.interface import (
    Clock,
    Container,
    Engine,
    EngineError,
    EngineUnreachable,
    Image,
    NameTaken,
    NoSuchContainer,
)
from .._logs.output import output_of
from . import retry, sentences
from .decide import SETTLE_GRACE, Abandon, Archive, Create, Join, Refuse, Report, Sight, Start, Step, Stop, Wait, decide
from .diagnosis import diagnosis_of
from .model import LOST, NOT_STARTED, PLANNED, Job, Run
from .records import expendable, newest, newest_success
from .result import Result, Unfinished, of_container, of_run, without_run

#: Races that may be lost one after another before something else must be wrong.
ROUNDS = 20

#: Seconds between two looks while somebody else is at it.
INTERVAL = 1.0

#: Seconds between two looks at a container that neither runs nor has ended.
SETTLE_INTERVAL = 0.2

#: The longest single wait for an end, in seconds, well below the connection's own patience.
SLICE = 30.0

#: The same while somebody listens: seconds between two looks for something to hear.
SLICE_LISTENING = 1.0


#: The steps after which a run is under way: who only looks takes none of them.
_BEGINS = (Create, Archive, Join)


class Execution:
    """One execution of the loop: what does not change between its steps."""

    def __init__(self, engine: Engine, clock: Clock, job: Job, engine_id: str, image: Image) -> None:
        self.engine = engine
        self.clock = clock
        self.job = job
        self.engine_id = engine_id
        self.image = image
        self.began = clock.monotonic()
        self.settling = 0.0

    def to_its_end(self) -> Result | Unfinished:
        races = 0
        while races < ROUNDS:
            try:
                step = decide(self.job, self.image, self.sight())
                told = self.planned(step) if self.job.looking and isinstance(step, _BEGINS) else self.act(step)
            except (NameTaken, NoSuchContainer):
                # A lost race is no error: look again, decide again.
                races += 1
                continue
            if told:
                return told
        raise EngineError(sentences.never_free(self.job, ROUNDS))

    def sight(self) -> Sight:
        name = self.job.name
        # First the name: what is put into the history after that look is seen there, and not missed in both.
        found = self.engine.find(name)
        history = [Run.of(container, name) for container in self.engine.named(f"{name}.")]
        return Sight(
            found=found,
            history=tuple(filter(None, history)),
            now=self.engine.now(),
            waited=self.job.waited + self.passed(),
            settling=self.settling,
        )

    def act(self, step: Step) -> Result | Unfinished | None:
        """Carry out one step, and return what is to be told, or None where it is to be looked again."""
        if isinstance(step, Refuse):
            return self.refused(step)
        if isinstance(step, Report):
            return self.reported(step.run)
        if isinstance(step, Join):
            return self.joined(step.run)
        if isinstance(step, Start):
            return self.started(step.run.container.id)
        if isinstance(step, Wait):
            return self.waited(step)
        if isinstance(step, Create):
            self.create(step.floor)
        elif isinstance(step, Archive):
            self.engine.rename(step.run.container.id, step.run.history_name)
        elif isinstance(step, Abandon):
            self.abandon(step.run)
        elif isinstance(step, Stop):
            self.engine.stop(step.run.container.id, self.job.stop_timeout)
        return None

    def planned(self, step: Step) -> Result:
        """Tell that a run would be made, or joined; of this release, tell which was the last one."""
        last = newest(run for run in self.sight().runs(self.job.name) if run.release == self.job.release)
        planned = without_run(self.job, self.engine_id, PLANNED, sentences.planned(self.job))
        return replace(
            planned,
            changed=not isinstance(step, Join),
            image_id=self.image.id or None,
            container_id=last.container.id if last else None,
        )

    def passed(self) -> float:
        return self.clock.monotonic() - self.began

    def waited(self, step: Wait) -> Unfinished | None:
        if step.settling:
            self.settling += SETTLE_INTERVAL
            self.clock.sleep(SETTLE_INTERVAL)
            return None
        self.settling = 0.0
        # At once the first time, so that a person is told for whom it waits.
        if not self.job.waited or self.passed() >= self.job.patience:
            return Unfinished(step.sentence, self.job.watching, waiting=True)
        self.clock.sleep(INTERVAL)
        return None

    def abandon(self, run: Run) -> None:
        """Without force the engine removes nothing that its creator has started by now, and lets nobody start it after."""
        # It would remove the record of one that has been started since it was seen, and has ended.
        if self.engine.inspect(run.container.id).state != "created":
            return
        try:
            self.engine.remove(run.container.id)
        except EngineUnreachable:
            raise
        except EngineError:
            if self.engine.inspect(run.container.id).state == "created":
                raise

    def create(self, floor: int) -> None:
        job = self.job
        self.engine.create(job.name, job.definition, self.image.id, job.labels(floor))

    def started(self, container_id: str) -> Result | Unfinished:
        """Start it; once that was asked for, a container that cannot be seen any more is lost, and no race."""
        refusal = self.start(container_id)
        try:
            container = self.engine.inspect(container_id)
            if not container.started_at and not self.discarded(container):
                container = self.engine.inspect(container_id)
        except EngineError as error:
            return replace(self.lost(str(error)), container_id=container_id, changed=True)
        if not container.started_at:
            refused = self.ended(Run(replace(container, error=refusal or container.error)))
            return replace(refused, attempts=0, changed=False)
        return self.watched(Run(container))

    def discarded(self, container: Container) -> bool:
        """Remove what did nothing, so that there is nothing to keep; a start that arrives late forbids it."""
        try:
            self.engine.remove(container.id)
        except EngineUnreachable:
            raise
        except EngineError:
            return False
        return True

    def start(self, container_id: str) -> str:
        """Return why the engine would not; where only its answer is lost, the container will tell."""
        try:
            self.engine.start(container_id)
        except NoSuchContainer:
            raise
        except EngineUnreachable:
            return ""
        except EngineError as error:
            return str(error)
        return ""

    def joined(self, run: Run) -> Result | Unfinished:
        told = self.watched(run)
        return told if isinstance(told, Unfinished) else replace(told, joined=not self.made(run))

    def reported(self, run: Run) -> Result:
        """Tell of a run that has ended; one that this execution's predecessors have watched is as if it had itself."""
        if self.job.watching:
            return replace(self.seen_to_its_end(run), joined=not self.made(run))
        return self.ended(run, reused=not self.made(run))

    def watched(self, run: Run) -> Result | Unfinished:
        """Wait for the end of a run, stop it at its deadline, and tell what it came to."""
        try:
            container = self.awaited(run)
        except EngineError as error:
            return replace(self.lost(str(error)), **_without_code(run.container), changed=self.made(run))
        ended = Run(container)
        # The next call looks for the next attempt of whoever made it.
        if container.state != "exited" or (retry.awaited(ended) is not None and not self.made(ended)):
            return self.unfinished(run)
        return self.seen_to_its_end(ended)

    def unfinished(self, run: Run) -> Unfinished:
        told = Unfinished(sentences.running(self.job, run), run.container.id)
        try:
            sight = self.sight()
        except EngineError:
            # The job goes on without being looked at; the next call will see.
            return told
        begun, success = run.container.started_at, newest_success(sight.runs(self.job.name))
        running = (sight.now - begun).total_seconds() if begun else 0.0
        return replace(told, running=running, usual=success.duration if success else None)

    def seen_to_its_end(self, run: Run) -> Result:
        result = self.ended(run)
        return replace(result, warnings=self.tidied()) if self.made(run) else result

    def awaited(self, run: Run) -> Container:
        """The engine's clock says whether the deadline has passed, as it says so to whoever looks later."""
        container = run.container
        settling = 0.0
        while container.state != "exited" and self.passed() < self.job.patience:
            if container.running:
                settling = 0.0
                left = run.left(self.engine.now())
                if left <= 0:
                    self.engine.stop(container.id, self.job.stop_timeout)
                else:
                    self.engine.wait(container.id, min(left, self.slice, self.job.patience - self.passed()))
            elif settling < SETTLE_GRACE:
                settling += SETTLE_INTERVAL
                self.clock.sleep(SETTLE_INTERVAL)
            else:
                raise EngineError(sentences.unsettled(self.job, container))
            container = self.engine.inspect(container.id)
            if container.running and self.has_written(container):
                break
        return container

    @property
    def slice(self) -> float:
        return SLICE if self.job.heard is None else SLICE_LISTENING

    def has_written(self, container: Container) -> bool:
        """Return whether somebody listens, and there is something to hear."""
        if self.job.heard is None:
            return False
        try:
            return self.engine.last_stamp(container.id) > self.job.heard
        except EngineError:
            # A log that cannot be read is told of where it is read.
            return False

    def ended(self, run: Run, reused: bool = False) -> Result:
        result = replace(of_run(self.job, self.engine_id, self.image, run), reused=reused)
        if result.outcome == NOT_STARTED:
            return result
        secrets = (*self.job.definition.secrets, *run.secrets)
        try:
            output = output_of(self.engine, run.container.id, secrets, self.job.max_output)
            told = result.with_output(output, self.job.unchanged_output)
            return replace(told, diagnosis=diagnosis_of(run, output))
        except EngineError as error:
            return replace(result, diagnosis=f"{result.diagnosis} {sentences.no_output(str(error))}")

    def refused(self, step: Refuse) -> Result:
        refusal = without_run(self.job, self.engine_id, step.outcome, step.reason)
        if step.container:
            refusal = replace(refusal, **_without_code(step.container))
        # What was watched was attempted, and later batches must know of it.
        return replace(refusal, container_id=self.job.watching, attempts=1) if self.job.watching else refusal

    def lost(self, cause: str) -> Result:
        lost = without_run(self.job, self.engine_id, LOST, sentences.lost(self.job, cause))
        return replace(lost, attempts=1)

    def made(self, run: Run) -> bool:
        return run.invocation == self.job.invocation

    def tidied(self) -> tuple[str, ...]:
        """Remove the records that are too many; what fails here changes no outcome."""
        try:
            runs = self.sight().runs(self.job.name)
            for run in expendable(runs, self.job.keep, self.job.invocation):
                self.engine.remove(run.container.id)
        except EngineError as error:
            return (sentences.not_tidied(self.job, str(error)),)
        return ()


def _without_code(container: Container) -> dict[str, Any]:
    """Tell of a container whose exit code is not this job's, or is not known."""
    return {**of_container(container), "exit_code": None}

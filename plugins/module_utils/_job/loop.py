# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that brings a job to its end: observe, decide, act, look again."""

from __future__ import annotations

from dataclasses import replace

from .._engine.interface import (
    Clock,
    Engine,
    EngineError,
    EngineUnreachable,
    NameTaken,
    NoSuchContainer,
)
from . import messages
from .decide import Abandon, Archive, Create, Join, Refuse, Report, Start, Step, Stop, Wait, decide
from .model import Job, Run
from .observed_state import ObservedState, observe
from .protocol import Call, Progress
from .records import surplus_records
from .result import Result
from .results import Results
from .retry import expected_delay
from .watch import SETTLE_INTERVAL, Watch, progress_of

#: Races that can be lost one after another before there must be another reason.
MOST_RACES = 20

#: Seconds between two looks while somebody else holds the job.
INTERVAL = 1.0

#: The steps that begin or join a run; a dry run ends before them.
_BEGINNINGS = (Create, Archive, Join)


class Loop:
    """One execution: what does not change between its steps."""

    def __init__(self, engine: Engine, clock: Clock, job: Job, call: Call, results: Results) -> None:
        self.engine = engine
        self.clock = clock
        self.job = job
        self.call = call
        self.results = results
        self.watch = Watch(engine, clock, job, call)
        self.settling = 0.0

    def run(self) -> Result | Progress:
        """Return the result, or the progress where the patience is over before the end."""
        races = 0
        while races < MOST_RACES:
            try:
                ended = self.step()
            except (NameTaken, NoSuchContainer):
                # A lost race is no error: look again, decide again.
                races += 1
                continue
            if ended:
                return ended
        raise EngineError(messages.never_free(self.job, MOST_RACES))

    def step(self) -> Result | Progress | None:
        """Observe, decide and act once; return None where the loop has to look again."""
        state = self.observe()
        step = decide(self.job, self.call, self.results.image, state)
        if self.call.dry_run and isinstance(step, _BEGINNINGS):
            return self.results.of_plan(step, state.runs(self.job.name))
        return self.act(step)

    def observe(self) -> ObservedState:
        """Look at the job on the engine."""
        return observe(self.engine, self.job.name, self.call.waited + self.watch.elapsed, self.settling)

    def act(self, step: Step) -> Result | Progress | None:
        """Carry out one step; return None where the loop has to look again."""
        if isinstance(step, Refuse):
            return self.results.of_refusal(step)
        if isinstance(step, Report):
            return self.report(step.run)
        if isinstance(step, Join):
            return self.join(step.run)
        if isinstance(step, Start):
            return self.start(step.run.container.id)
        if isinstance(step, Wait):
            return self.wait(step)
        if isinstance(step, Create):
            labels = self.job.labels(self.call, step.minimum_fence)
            self.engine.create(self.job.name, self.job.definition, self.results.image.id, labels)
        elif isinstance(step, Archive):
            self.engine.rename(step.run.container.id, step.run.history_name)
        elif isinstance(step, Abandon):
            self.remove_abandoned(step.run)
        elif isinstance(step, Stop):
            self.engine.stop(step.run.container.id, self.job.stop_timeout)
        return None

    def wait(self, step: Wait) -> Progress | None:
        """Let some time pass; return at once the first time, so that a person learns what it waits for."""
        if step.settling:
            self.settling += SETTLE_INTERVAL
            self.clock.sleep(SETTLE_INTERVAL)
            return None
        self.settling = 0.0
        if not self.call.waited or self.watch.patience <= 0:
            return Progress(step.sentence, self.call.watching, waiting=True)
        self.clock.sleep(INTERVAL)
        return None

    def remove_abandoned(self, run: Run) -> None:
        """Remove a container that was never started. Without force the engine keeps one that runs by now."""
        # It may have been started since it was seen, and have ended: then it is the record of a run.
        if self.engine.inspect(run.container.id).state != "created":
            return
        try:
            self.engine.remove(run.container.id)
        except EngineUnreachable:
            raise
        except EngineError:
            if self.engine.inspect(run.container.id).state == "created":
                raise

    def start(self, container_id: str) -> Result | Progress:
        """Start the run; from then on a container that cannot be seen any more is lost, and no lost race."""
        refusal = self.try_to_start(container_id)
        try:
            container = self.engine.inspect(container_id)
            if not container.started_at and not self.try_to_remove(container_id):
                container = self.engine.inspect(container_id)
        except EngineError as error:
            return replace(self.results.of_lost(str(error)), container_id=container_id, changed=True)
        if not container.started_at:
            result = self.results.of_run(Run(replace(container, error=refusal or container.error)))
            return replace(result, attempts=0, changed=False)
        return self.follow(Run(container))

    def try_to_start(self, container_id: str) -> str:
        """Return why the engine refused; where only its answer is lost, the container itself will tell."""
        try:
            self.engine.start(container_id)
        except NoSuchContainer:
            raise
        except EngineUnreachable:
            return ""
        except EngineError as error:
            return str(error)
        return ""

    def try_to_remove(self, container_id: str) -> bool:
        """Remove a container that did nothing; the engine refuses where a late start has reached it."""
        try:
            self.engine.remove(container_id)
        except EngineUnreachable:
            raise
        except EngineError:
            return False
        return True

    def join(self, run: Run) -> Result | Progress:
        """Follow a run that is under way."""
        ended = self.follow(run)
        return ended if isinstance(ended, Progress) else replace(ended, joined=not self.results.made(run))

    def report(self, run: Run) -> Result:
        """Report a run that has ended; one that an earlier execution has watched counts as watched to its end."""
        if self.call.watching:
            return replace(self.finish(run), joined=not self.results.made(run))
        return self.results.of_run(run, reused=not self.results.made(run))

    def follow(self, run: Run) -> Result | Progress:
        """Wait for the end of a run, stop it at its deadline, and return its result."""
        try:
            container = self.watch.wait_for_exit(run)
        except EngineError as error:
            return replace(self.results.of_lost(str(error), run.container), changed=self.results.made(run))
        ended = Run(container)
        # The next execution looks for the next attempt of the other invocation.
        if container.state != "exited" or (expected_delay(ended) is not None and not self.results.made(ended)):
            return self.progress(run)
        return self.finish(ended)

    def progress(self, run: Run) -> Progress:
        """Return how far the run has come; the job goes on where the engine cannot be asked for a moment."""
        try:
            return progress_of(self.job, run, self.observe())
        except EngineError:
            return progress_of(self.job, run, None)

    def finish(self, run: Run) -> Result:
        """Return the result of a run whose end was seen, and remove old records after an own one."""
        result = self.results.of_run(run)
        return replace(result, warnings=self.remove_old_records()) if self.results.made(run) else result

    def remove_old_records(self) -> tuple[str, ...]:
        """Remove surplus records. A failure here changes no outcome, and is returned as a warning."""
        try:
            for run in surplus_records(self.observe().runs(self.job.name), self.job.keep, self.call.invocation):
                self.engine.remove(run.container.id)
        except EngineError as error:
            return (messages.records_not_removed(self.job, str(error)),)
        return ()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that brings a job to its end: look, decide, act, look again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .._container.image import Image, ImageUnavailable, holding_another, resolve
from .._container.redact import redacted
from .._container.resources import ResourceMissing, require
from .._engine.interface import (
    Clock,
    Container,
    Engine,
    EngineError,
    EngineUnreachable,
    NameTaken,
    NoSuchContainer,
)
from . import sentences
from .decide import Archive, Create, Join, Refuse, Report, decide
from .model import LOST, NOT_STARTED, PLANNED, Job, Run
from .output import collect
from .records import expendable
from .result import Result, of_container, of_run, without_run

#: Races that may be lost one after another before something else must be wrong.
ROUNDS = 20

#: The longest single wait, in seconds, well below the connection's own patience.
SLICE = 30.0

#: Seconds that a container may take to come out of a state that is none to stay in, and between two looks.
SETTLE_GRACE, SETTLE_INTERVAL = 30.0, 0.2


def run(engine: Engine, clock: Clock, job: Job) -> Result:
    """
    Run the job, or join or report the run that there is, and return what came of it.

    Raises ValueError where the engine's client cannot read the definition.
    """
    return _told(engine, job, lambda engine_id: _run(engine, clock, job, engine_id))


def predict(engine: Engine, clock: Clock, job: Job) -> Result:
    """Return what a run would come to, as far as that can be known without one (check mode)."""
    return _told(engine, job, lambda engine_id: _predict(engine, clock, job, engine_id))


def _told(engine: Engine, job: Job, carry_out: Callable[[str], Result]) -> Result:
    """Turn what went wrong before the job was started into a result, and let no secret out by it."""
    engine_id = None
    try:
        engine_id = engine.identity()
        result = carry_out(engine_id)
    except ImageUnavailable as error:
        result = without_run(job, engine_id, NOT_STARTED, sentences.no_image(job, str(error)))
    except EngineUnreachable as error:
        result = without_run(job, engine_id, LOST, sentences.not_run(job, str(error)))
    except (EngineError, ResourceMissing) as error:
        result = without_run(job, engine_id, NOT_STARTED, sentences.not_run(job, str(error)))
    return replace(result, diagnosis=redacted(result.diagnosis, job.definition.secrets))


def _run(engine: Engine, clock: Clock, job: Job, engine_id: str) -> Result:
    image = resolve(engine, job.definition, job.pull)
    others = holding_another(image, job.fleet_images)
    if others:
        return without_run(job, engine_id, NOT_STARTED, sentences.other_images(job, image, others))
    require(engine, job.definition)
    return _Execution(engine, clock, job, engine_id, image).to_its_end()


def _predict(engine: Engine, clock: Clock, job: Job, engine_id: str) -> Result:
    if job.pull == "never" or engine.image(job.definition.image):
        image = resolve(engine, job.definition, "never")
        others = holding_another(image, job.fleet_images)
        if others:
            return without_run(job, engine_id, NOT_STARTED, sentences.other_images(job, image, others))
    else:
        image = Image("")
    step = decide(job, image, engine.find(job.name))
    execution = _Execution(engine, clock, job, engine_id, image)
    if isinstance(step, Report):
        return execution.ended(step.run, reused=True)
    if isinstance(step, Refuse):
        return execution.refused(step)
    planned = without_run(job, engine_id, PLANNED, sentences.planned(job))
    return replace(planned, changed=not isinstance(step, Join), image_id=image.id or None)


class _Execution:
    """One execution of the loop: what does not change between its steps."""

    def __init__(self, engine: Engine, clock: Clock, job: Job, engine_id: str, image: Image) -> None:
        self.engine = engine
        self.clock = clock
        self.job = job
        self.engine_id = engine_id
        self.image = image

    def to_its_end(self) -> Result:
        for _round in range(ROUNDS):
            step = decide(self.job, self.image, self.engine.find(self.job.name))
            if isinstance(step, Refuse):
                return self.refused(step)
            if isinstance(step, Report):
                return self.ended(step.run, reused=True)
            if isinstance(step, Join):
                return replace(self.watched(step.run.container), joined=True, changed=self.made(step.run))
            try:
                if isinstance(step, Archive):
                    self.engine.rename(step.run.container.id, step.run.history_name)
                elif isinstance(step, Create):
                    return self.started(self.created())
            except (NameTaken, NoSuchContainer):
                continue
        raise EngineError(sentences.never_free(self.job, ROUNDS))

    def created(self) -> str:
        job = self.job
        return self.engine.create(job.name, job.definition, self.image.id, job.labels())

    def started(self, container_id: str) -> Result:
        """Start it; once that was asked for, a container that cannot be seen any more is lost, and no race."""
        refusal = self.start(container_id)
        try:
            container = self.engine.inspect(container_id)
            if not container.started_at and not self.discarded(container):
                container = self.engine.inspect(container_id)
        except EngineError as error:
            lost = without_run(self.job, self.engine_id, LOST, sentences.lost(self.job, str(error)))
            return replace(lost, container_id=container_id, attempts=1, changed=True)
        if not container.started_at:
            refused = self.ended(Run(replace(container, error=refusal or container.error)))
            return replace(refused, attempts=0, changed=False)
        return replace(self.watched(container), warnings=self.tidied())

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

    def watched(self, container: Container) -> Result:
        """Wait for the end of a run, stop it at its deadline, and tell what it came to."""
        try:
            return self.ended(Run(self.awaited(Run(container))))
        except EngineError as error:
            lost = without_run(self.job, self.engine_id, LOST, sentences.lost(self.job, str(error)))
            return replace(lost, **_without_code(container), attempts=1, changed=True)

    def awaited(self, run: Run) -> Container:
        """The engine's clock says whether the deadline has passed, as it says so to whoever looks later."""
        container = run.container
        until = self.clock.monotonic() + SETTLE_GRACE
        while container.state != "exited":
            if container.running:
                left = run.left(self.engine.now())
                if left <= 0:
                    self.engine.stop(container.id, self.job.stop_timeout)
                else:
                    self.engine.wait(container.id, min(left, SLICE))
                until = self.clock.monotonic() + SETTLE_GRACE
            elif self.clock.monotonic() < until:
                self.clock.sleep(SETTLE_INTERVAL)
            else:
                raise EngineError(sentences.unsettled(container))
            container = self.engine.inspect(container.id)
        return container

    def ended(self, run: Run, reused: bool = False) -> Result:
        result = replace(of_run(self.job, self.engine_id, self.image, run), reused=reused)
        if result.outcome == NOT_STARTED:
            return result
        secrets = (*self.job.definition.secrets, *run.secrets)
        try:
            frames = self.engine.logs(run.container.id)
            return result.with_output(collect(frames, secrets, self.job.max_output))
        except EngineError as error:
            return replace(result, diagnosis=f"{result.diagnosis} {sentences.no_output(str(error))}")

    def refused(self, step: Refuse) -> Result:
        refusal = without_run(self.job, self.engine_id, step.outcome, step.reason)
        return replace(refusal, **_without_code(step.container))

    def made(self, run: Run) -> bool:
        return run.invocation == self.job.invocation

    def tidied(self) -> tuple[str, ...]:
        """Remove the records that are too many; what fails here changes no outcome."""
        job = self.job
        try:
            found = [self.engine.find(job.name), *self.engine.named(f"{job.name}.")]
            runs = [Run.of(container, job.name) for container in found if container]
            for run in expendable(filter(None, runs), job.keep, job.invocation):
                self.engine.remove(run.container.id)
        except EngineError as error:
            return (sentences.not_tidied(job, str(error)),)
        return ()


def _without_code(container: Container) -> dict[str, Any]:
    """Tell of a container whose exit code is not this job's, or is not known."""
    return {**of_container(container), "exit_code": None}

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job from a task's point of view: run it, predict it, and turn what stands in the way into a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Union

from .._engine.interface import Clock, Engine, EngineError, EngineUnreachable, Image, NoSuchContainer
from .._logs.chunk import News, news, places_of
from .._logs.redact import redacted
from .._preflight.image import ImageUnavailable, holding_another, resolve
from .._preflight.resources import ResourceMissing, require
from . import sentences
from .decide import Refuse, Report, decide
from .execution import Execution
from .model import LOST, NOT_STARTED, SKIPPED, SUCCEEDED, Job, Run, microseconds
from .records import next_fence
from .result import Result, Unfinished, without_run
from .seen import confirmed

#: A result, or that somebody has to look again.
Told = Union[Result, Unfinished]


def run(engine: Engine, clock: Clock, job: Job) -> Told:
    """
    Run the job, or join or report the run that there is, and return what came of it.

    Returns Unfinished where the job's patience ends first; the same call then goes on where this
    one was. Raises ValueError where the engine's client cannot read the definition.
    """
    return _told(engine, job, lambda engine_id: _run(engine, clock, job, engine_id))


def predict(engine: Engine, clock: Clock, job: Job) -> Told:
    """Return what a run would come to, as far as that can be known without one (check mode)."""
    return _told(engine, job, lambda engine_id: _predict(engine, clock, job, engine_id))


def reported(engine: Engine, clock: Clock, job: Job) -> Result | None:
    """Return the result of the run that would be reported as a success; None where there would be another, or none."""
    told = predict(engine, clock, job)
    return told if isinstance(told, Result) and told.outcome == SUCCEEDED else None


def skip(engine: Engine, clock: Clock, job: Job) -> Told:
    """Run nothing, and take a new fence: for replicas whose release deliberately does not migrate."""
    return _told(engine, job, lambda engine_id: _skip(engine, clock, job, engine_id))


def _told(engine: Engine, job: Job, carry_out: Callable[[str], Told]) -> Told:
    """Turn what went wrong before the job was started into a result, and let no secret out by it."""
    engine_id = None
    try:
        engine_id = engine.identity()
        told = carry_out(engine_id)
    except ImageUnavailable as error:
        told = without_run(job, engine_id, NOT_STARTED, sentences.no_image(job, str(error)))
    except (EngineError, ResourceMissing) as error:
        told = without_engine(job, engine_id, error)
    if isinstance(told, Unfinished):
        return told
    return replace(told, diagnosis=redacted(told.diagnosis, job.definition.secrets))


def without_engine(job: Job, engine_id: str | None, error: Exception) -> Result:
    """Return the result where the engine refused or did not answer: of a run that was watched, nothing is known then."""
    if job.watching:
        lost = without_run(job, engine_id, LOST, sentences.lost(job, str(error)))
        return replace(lost, container_id=job.watching, attempts=1)
    outcome = LOST if isinstance(error, EngineUnreachable) else NOT_STARTED
    return without_run(job, engine_id, outcome, sentences.not_run(job, str(error)))


def _run(engine: Engine, clock: Clock, job: Job, engine_id: str) -> Told:
    if job.watching:
        return Execution(engine, clock, job, engine_id, _image_of(engine, job.watching)).to_its_end()
    image = resolve(engine, job.definition, job.pull)
    others = holding_another(image, job.fleet_images)
    if others:
        return without_run(job, engine_id, NOT_STARTED, sentences.other_images(job, image, others))
    execution = Execution(engine, clock, job, engine_id, image)
    if job.seen:
        return confirmed(job, job.seen, engine_id, image, execution.sight())
    require(engine, job.definition)
    return execution.to_its_end()


def _image_of(engine: Engine, container_id: str) -> Image:
    """Return the image of a run: by now its reference may name another one, or none."""
    try:
        image_id = engine.inspect(container_id).image_id
    except NoSuchContainer:
        return Image("")
    return engine.image(image_id) or Image(image_id)


def _predict(engine: Engine, clock: Clock, job: Job, engine_id: str) -> Told:
    if job.pull == "never" or engine.image(job.definition.image):
        image = resolve(engine, job.definition, "never")
        others = holding_another(image, job.fleet_images)
        if others:
            return without_run(job, engine_id, NOT_STARTED, sentences.other_images(job, image, others))
    else:
        image = Image("")
    execution = Execution(engine, clock, job, engine_id, image)
    step = decide(job, image, execution.sight())
    if isinstance(step, Report):
        return execution.ended(step.run, reused=True)
    if isinstance(step, Refuse):
        return execution.refused(step)
    return execution.planned(step)


def _skip(engine: Engine, clock: Clock, job: Job, engine_id: str) -> Told:
    image = resolve(engine, job.definition, job.pull)
    sight = Execution(engine, clock, job, engine_id, image).sight()
    if job.seen:
        return confirmed(job, job.seen, engine_id, image, sight)
    fence = max(microseconds(sight.now), next_fence(sight.runs(job.name)))
    skipped = without_run(job, engine_id, SKIPPED, sentences.skipped(job))
    return replace(skipped, image_id=image.id, fence=fence)


def heard(engine: Engine, job: Job, told: Told, follow: Mapping[str, Any]) -> News | None:
    """Return what the run that was told of has written since the last time; None where none is followed."""
    if isinstance(told, Unfinished):
        container_id = told.watching
    else:
        container_id = (told.container_id or "") if told.attempts and not told.reused else ""
    return listened(engine, job, container_id, follow) if container_id else None


def listened(engine: Engine, job: Job, container_id: str, follow: Mapping[str, Any]) -> News:
    """Return what a container has written behind the places that ``follow`` names."""
    places = places_of(follow["places"])
    try:
        run = Run(engine.inspect(container_id))
    except EngineError as error:
        return News(places=places, trouble=str(error))
    secrets = (*job.definition.secrets, *run.secrets)
    return news(engine, container_id, secrets, places, follow["whole"], ended=run.container.state == "exited")

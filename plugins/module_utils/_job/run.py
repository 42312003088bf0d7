# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job from a task's point of view: run it, predict it or skip it, and turn what stands in the way into a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Union

from .._definition.definition import WORK
from .._definition.refusal import Refusal
from .._engine.interface import Clock, Engine, EngineError, EngineUnreachable, Image, NoSuchContainer
from .._logs.redact import redact
from .._preflight.image import ImageUnavailable, hosts_with_another_image, resolve
from .._preflight.resources import require
from . import messages
from .decide import Refuse, Report, decide
from .loop import Loop
from .model import LOST, NOT_STARTED, SKIPPED, SUCCEEDED, SUPERSEDED, Job, microseconds
from .observed_state import ObservedState, observe
from .protocol import Call, EarlierResult, Progress
from .records import newest_success, next_fence
from .result import Result, from_returned, result_without_run
from .results import Results

ResultOrProgress = Union[Result, Progress]


def run(engine: Engine, clock: Clock, job: Job, call: Call) -> ResultOrProgress:
    """
    Run the job, or join or report the run that there is, and return the result.

    Returns Progress where the call's patience is over before the end; the next call then goes on from there. Raises
    ValueError where the engine's client cannot read the definition.
    """
    return _guarded(engine, job, call, lambda engine_id: _run(engine, clock, job, call, engine_id))


def predict(engine: Engine, job: Job, call: Call) -> ResultOrProgress:
    """Return the result that a run would have, as far as that can be known without one (check mode)."""
    return _guarded(engine, job, call, lambda engine_id: _predict(engine, job, call, engine_id))


def recorded_success(engine: Engine, job: Job, call: Call) -> Result | None:
    """Return the result of the success that a run would report; None where it would begin or join a run, or fail."""
    result = predict(engine, job, call)
    return result if isinstance(result, Result) and result.outcome == SUCCEEDED else None


def skip(engine: Engine, job: Job, call: Call) -> ResultOrProgress:
    """Run nothing, and take a new fence: for replicas whose release deliberately does not migrate."""
    return _guarded(engine, job, call, lambda engine_id: _skip(engine, job, call, engine_id))


def result_without_engine(job: Job, call: Call, engine_id: str | None, error: Exception) -> Result:
    """Return the result where the engine refused or did not answer; nothing is known then of a run that was watched."""
    if call.watching:
        lost = result_without_run(job, engine_id, LOST, messages.lost(job, str(error)))
        return replace(lost, container_id=call.watching, attempts=1)
    outcome = LOST if isinstance(error, EngineUnreachable) else NOT_STARTED
    return result_without_run(job, engine_id, outcome, messages.not_run(job, str(error)))


def _guarded(engine: Engine, job: Job, call: Call, carry_out: Callable[[str], ResultOrProgress]) -> ResultOrProgress:
    """Turn what goes wrong before the job is started into a result, and show no secret in it."""
    engine_id = None
    try:
        engine_id = engine.identity()
        ended = carry_out(engine_id)
    except ImageUnavailable as error:
        ended = result_without_run(job, engine_id, NOT_STARTED, messages.no_image(job, str(error)))
    except (EngineError, Refusal) as error:
        ended = result_without_engine(job, call, engine_id, error)
    if isinstance(ended, Progress):
        return ended
    return replace(ended, diagnosis=redact(ended.diagnosis, job.definition.secrets))


def _run(engine: Engine, clock: Clock, job: Job, call: Call, engine_id: str) -> ResultOrProgress:
    if call.watching:
        image = _image_of(engine, call.watching)
    else:
        image = resolve(engine, job.definition, job.pull)
        refusal = _other_images(job, call, engine_id, image)
        if refusal:
            return refusal
        if call.earlier:
            return confirm(job, call.earlier, engine_id, image, observe(engine, job.name))
        require(engine, job.definition)
    return Loop(engine, clock, job, call, Results(engine, engine_id, job, call, image)).run()


def _image_of(engine: Engine, container_id: str) -> Image:
    """Return the image of a run: by now its reference may name another one, or none."""
    try:
        image_id = engine.inspect(container_id).image_id
    except NoSuchContainer:
        return Image("")
    return engine.image(image_id) or Image(image_id)


def _other_images(job: Job, call: Call, engine_id: str, image: Image) -> Result | None:
    others = hosts_with_another_image(image, call.fleet_images)
    if not others:
        return None
    return result_without_run(job, engine_id, NOT_STARTED, messages.other_images(job, image, others))


def _predict(engine: Engine, job: Job, call: Call, engine_id: str) -> ResultOrProgress:
    image = Image("")
    if job.pull == "never" or engine.image(job.definition.image):
        image = resolve(engine, job.definition, "never")
        refusal = _other_images(job, call, engine_id, image)
        if refusal:
            return refusal
    results = Results(engine, engine_id, job, call, image)
    state = observe(engine, job.name, call.waited)
    step = decide(job, call, image, state)
    if isinstance(step, Report):
        return results.of_run(step.run, reused=True)
    if isinstance(step, Refuse):
        return results.of_refusal(step)
    return results.of_plan(step, state.runs(job.name))


def _skip(engine: Engine, job: Job, call: Call, engine_id: str) -> ResultOrProgress:
    image = resolve(engine, job.definition, job.pull)
    state = observe(engine, job.name)
    if call.earlier:
        return confirm(job, call.earlier, engine_id, image, state)
    fence = max(microseconds(state.now), next_fence(state.runs(job.name)))
    skipped = result_without_run(job, engine_id, SKIPPED, messages.skipped(job))
    return replace(skipped, image_id=image.id, fence=fence)


def confirm(job: Job, earlier: EarlierResult, engine_id: str, image: Image, state: ObservedState) -> Result:
    """
    Return the result of an earlier batch again, unless this batch asks for something else, or a newer release has come.

    Within an invocation the work alone is compared: an environment may hold the host's own name.
    """
    result = from_returned(earlier.result)
    differing = [key for key in job.definition.differences(earlier.definition, {}) if key in (*WORK, "definition")]
    if result.image_id not in (None, image.id):
        differing.insert(0, "image")
    if result.engine_id not in (None, engine_id):
        differing.insert(0, "engine")
    if differing:
        refused = result_without_run(job, engine_id, NOT_STARTED, messages.other_request(job, tuple(differing)))
        return replace(refused, container_id=result.container_id, container_name=result.container_name)
    newer = newest_success(state.runs(job.name))
    if result.outcome in (SUCCEEDED, SKIPPED) and newer and newer.fence > (result.fence or 0):
        superseded = replace(result, outcome=SUPERSEDED, diagnosis=messages.superseded(job, newer))
        return replace(superseded, stdout="", stderr="")
    return replace(result, reused=True)

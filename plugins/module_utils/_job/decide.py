# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done next, given what is found under the job's name. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from .._container.image import Image
from .._engine.interface import Container
from .model import LOST, NOT_STARTED, SUCCEEDED, Job, Run
from .outcome import outcome_of


@dataclass(frozen=True)
class Create:
    """The name is free: create the container and start it."""


@dataclass(frozen=True)
class Archive:
    """An older run has the name: rename it into the history, then look again."""

    run: Run


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
    """Nothing is to be touched, and nothing is known of a success."""

    outcome: str
    reason: str
    container: Container


Step = Union[Create, Archive, Join, Report, Refuse]


def decide(job: Job, image: Image, found: Container | None) -> Step:
    """Return the next step for a job whose work uses that image."""
    if found is None:
        return Create()
    run = Run.of(found, job.name)
    if run is None:
        return Refuse(NOT_STARTED, _FOREIGN.format(name=job.name, id=found.id[:12]), found)
    if found.running:
        return _running(job, image, run)
    if run.ended:
        return _ended(job, image, run)
    if found.state == "created":
        return Refuse(NOT_STARTED, _UNSTARTED.format(name=job.name, id=found.id[:12]), found)
    return Refuse(LOST, _VANISHING.format(name=job.name, state=found.state), found)


def _running(job: Job, image: Image, run: Run) -> Step:
    if run.release != job.release:
        return _refuse(_BUSY, job, run)
    differing = run.other_work(job, image) if run.invocation == job.invocation else run.differences(job, image)
    return _refuse(_OTHERWISE, job, run, differing) if differing else Join(run)


def _ended(job: Job, image: Image, run: Run) -> Step:
    if run.release != job.release:
        return Archive(run)
    if run.invocation == job.invocation:
        differing = run.other_work(job, image)
        return _refuse(_OTHERWISE, job, run, differing) if differing else Report(run)
    proven = outcome_of(run) == SUCCEEDED and not run.differences(job, image)
    return Report(run) if proven else Archive(run)


def _refuse(reason: str, job: Job, run: Run, differing: tuple[str, ...] = ()) -> Refuse:
    words = {"name": job.name, "release": run.release, "keys": ", ".join(differing)}
    return Refuse(NOT_STARTED, reason.format(**words), run.container)


_FOREIGN = (
    "A container that is no job of this collection has the name {name} ({id}): it was left alone; "
    "rename or remove it, or give the job another name."
)
_BUSY = (
    "{name} is running for another release ({release}): nothing was started; "
    "run this release again when that one has ended."
)
_OTHERWISE = (
    "{name} has been started for this release ({release}) with another definition: it differs in "
    "{keys}; give both the same definition, or this one a release of its own."
)
_UNSTARTED = (
    "{name} was created ({id}) and has not been started: whoever created it may still start it; "
    "if nobody will, remove it (docker rm {id}) and run the release again."
)
_VANISHING = "The container of {name} is {state}: look at it on the runner (docker inspect {name})."

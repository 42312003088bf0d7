# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages about a job that has no run, or none that has ended. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .._engine.interface import Container, Image
from .model import Job, Run


def no_image(job: Job, cause: str) -> str:
    """The runner has no such image."""
    return (
        f"{job.name} was not started, because the runner does not have the image {job.definition.image}: {cause}. "
        "Nothing was changed; pull or load the image there, and run the release again."
    )


def other_images(job: Job, image: Image, others: Mapping[str, tuple[str, ...]]) -> str:
    """Hosts of the release have another image than the runner."""
    own = ", ".join((image.id, *image.digests))
    listed = "; ".join(f"{host} has {', '.join(names)}" for host, names in others.items())
    return (
        f"{job.name} was not started, because {job.definition.image} is not the same image everywhere: "
        f"the runner has {own}; {listed}. "
        "Nothing was changed; name the image by its digest, or pull it again on all hosts."
    )


def planned(job: Job) -> str:
    """Check mode, and there was no command to ask."""
    return f"{job.name} would run in {job.definition.image}. This is a prediction, nothing was run."


def not_run(job: Job, cause: str) -> str:
    """The engine refused, or did not answer, before the job was started."""
    return f"{job.name} was not run: {cause}."


def lost(job: Job, cause: str) -> str:
    """The engine or the container went away while the job was watched."""
    return (
        f"The outcome of {job.name} is not known, because contact with it was lost while it ran ({cause}): "
        f"look at it on the runner (docker inspect {job.name}) before you run the release again."
    )


def no_output(cause: str) -> str:
    """The outcome is known, but the output cannot be read."""
    return f"Its output cannot be read ({cause})."


def records_not_removed(job: Job, cause: str) -> str:
    """There are more records than wanted."""
    return f"Old records of {job.name} could not be removed ({cause})."


def never_free(job: Job, rounds: int) -> str:
    """So many races were lost that there must be another reason."""
    return (
        f"Others took the name {job.name} {rounds} times in a row, and nothing was started: "
        f"see who else uses it on this engine (docker ps -a --filter name={job.name})."
    )


def foreign(job: Job, found: Container) -> str:
    """A container of somebody else has the job's name."""
    return (
        f"A container that is no job of this collection has the name {job.name} ({found.id[:12]}). It was left alone; "
        "rename or remove it, or give the job another name."
    )


def busy(job: Job, run: Run) -> str:
    """A run of another release holds the job."""
    return (
        f"{job.name} is running for the release {run.release} since {_time(run)}: nothing was started for "
        f"{job.release}, which can run when that run has ended."
    )


def other_definition(job: Job, run: Run, differing: tuple[str, ...]) -> str:
    """The release has a run already, with another definition."""
    return (
        f"{job.name} was started for the release {run.release} already (at {_time(run)}), with another "
        f"{', '.join(differing)}: give both the same definition, or give this one a release of its own."
    )


def superseded(job: Job, newer: Run) -> str:
    """A newer release has migrated since, and this one must not undo it."""
    other = "the newer release" if newer.release != job.release else "another definition of the same release"
    return (
        f"{job.name} has succeeded for {other} {newer.release} since (at {_time(newer)}), so this rollout of "
        f"{job.release} stops here: hosts that it had not reached yet were left as they were; roll out {newer.release} "
        "instead."
    )


def other_request(job: Job, differing: tuple[str, ...]) -> str:
    """An earlier batch of the same invocation has asked for something else."""
    return (
        f"{job.name} was run for an earlier batch of this playbook with another {', '.join(differing)}: name the image "
        "by its digest, give all hosts the same runner and command, and run the release again."
    )


def skipped(job: Job) -> str:
    """The task asks for no migration."""
    return f"{job.name} was not run, because the release {job.release} asks for no migration."


def running(job: Job, run: Run) -> str:
    """The run is under way, and is watched."""
    return f"{job.name} is running since {_time(run)}."


def vanished(job: Job, container_id: str) -> str:
    """The container that was watched is gone."""
    return (
        f"The outcome of {job.name} is not known, because its container ({container_id[:12]}) was removed while it was "
        "watched: find out who removed it, and how far the job came, before you run the release again."
    )


def next_attempt(job: Job, run: Run) -> str:
    """An attempt of another invocation has failed, and its next one is expected."""
    return f"{job.name} has failed for the release {run.release} (attempt {run.attempt}), and will be tried again."


def not_yet_started(job: Job, run: Run) -> str:
    """Created, and not started: its creator may be about to start it."""
    return f"{job.name} was created for the release {run.release} at {_time(run)}, and is about to be started."


def unsettled(job: Job, found: Container) -> str:
    """A state that should not last."""
    return f"The container of {job.name} is {found.state}: look at it on the runner (docker inspect {job.name})."


def _time(run: Run) -> str:
    return f"{run.container.started_at or run.container.created_at:%Y-%m-%d %H:%M:%S} UTC"

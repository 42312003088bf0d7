# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person is told where there is no run whose end could be told of. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .._engine.interface import Container, Image
from .model import Job, Run


def no_image(job: Job, cause: str) -> str:
    """The runner has no such image."""
    return (
        f"{job.name} was not started, since the runner has no image {job.definition.image}: {cause}. "
        "Nothing was changed; pull or load the image there, and run the release again."
    )


def other_images(job: Job, image: Image, others: Mapping[str, tuple[str, ...]]) -> str:
    """Hosts of the release hold another image than the runner."""
    own = ", ".join((image.id, *image.digests))
    listed = "; ".join(f"{host} has {', '.join(names)}" for host, names in others.items())
    return (
        f"{job.name} was not started, since {job.definition.image} is not the same image everywhere: "
        f"the runner has {own}; {listed}. "
        "Nothing was changed; name the image by its digest, or pull it again on all hosts."
    )


def planned(job: Job) -> str:
    """Check mode, and nothing was asked that could answer."""
    return f"{job.name} would run in {job.definition.image}: a prediction, nothing was run."


def not_run(job: Job, cause: str) -> str:
    """The engine refused, or did not answer, before the job was started."""
    return f"{job.name} was not run: {cause}."


def lost(job: Job, cause: str) -> str:
    """The engine, or the container, went away under the one who watched."""
    return (
        f"What became of {job.name} is not known, since it was lost sight of while it ran ({cause}): "
        f"look at it on the runner (docker inspect {job.name}) before the release is run again."
    )


def no_output(cause: str) -> str:
    """The run is known, its output is not to be had."""
    return f"Its output cannot be read ({cause})."


def not_tidied(job: Job, cause: str) -> str:
    """Records that are too many stay."""
    return f"Old records of {job.name} could not be removed ({cause})."


def never_free(job: Job, rounds: int) -> str:
    """Race after race was lost: it is no race."""
    return (
        f"The name {job.name} was taken by others {rounds} times in a row, and nothing was started: "
        f"see who else handles it on this engine (docker ps -a --filter name={job.name})."
    )


def foreign(job: Job, found: Container) -> str:
    """Somebody else's container has the job's name."""
    return (
        f"A container that is no job of this collection has the name {job.name} ({found.id[:12]}): it was left alone; "
        "rename or remove it, or give the job another name."
    )


def busy(job: Job, run: Run) -> str:
    """Another release's run holds the job."""
    return (
        f"{job.name} is running for the release {run.release} since {_clock(run)}: nothing was started for "
        f"{job.release}; it can when that one has ended."
    )


def otherwise(job: Job, run: Run, differing: tuple[str, ...]) -> str:
    """The same release, asked for twice, and not the same thing."""
    return (
        f"{job.name} has been started for the release {run.release} already (at {_clock(run)}), with another "
        f"{', '.join(differing)}: give both the same definition, or this one a release of its own."
    )


def superseded(job: Job, newer: Run) -> str:
    """A newer release has migrated since; this one must not go on over it."""
    other = "the newer release" if newer.release != job.release else "another definition of the same release"
    return (
        f"{job.name} has succeeded for {other} {newer.release} since (at {_clock(newer)}), and this rollout of "
        f"{job.release} stops here: what it had not reached yet was left as it was; roll out {newer.release} instead."
    )


def otherwise_in_invocation(job: Job, differing: tuple[str, ...]) -> str:
    """An earlier batch of the same invocation has asked for something else."""
    return (
        f"{job.name} was run for an earlier batch of this playbook with another {', '.join(differing)}: name the image "
        "by its digest, give all hosts the same runner and command, and run the release again."
    )


def skipped(job: Job) -> str:
    """The release does not migrate, by its own wish."""
    return f"{job.name} was not run, since the release {job.release} asks for none."


def running(job: Job, run: Run) -> str:
    """The run is under way, and watched."""
    return f"{job.name} is running since {_clock(run)}."


def vanished(job: Job) -> str:
    """The run that was watched is not there any more, under no name."""
    return (
        f"What became of {job.name} is not known, since its container ({job.watching[:12]}) was removed while it was "
        "watched: find out who did it, and how far the job came, before the release is run again."
    )


def tried_again(job: Job, run: Run) -> str:
    """Another invocation's attempt has failed, and it will make another one."""
    return f"{job.name} has failed for the release {run.release} (attempt {run.attempt}), and is to be tried again."


def unstarted(job: Job, run: Run) -> str:
    """Created, and not started: its creator may be about to."""
    return f"{job.name} was created for the release {run.release} at {_clock(run)}, and is about to be started."


def unsettled(job: Job, found: Container) -> str:
    """A state that is none to stay in."""
    return f"The container of {job.name} is {found.state}: look at it on the runner (docker inspect {job.name})."


def _clock(run: Run) -> str:
    return f"{run.container.started_at or run.container.created_at:%Y-%m-%d %H:%M:%S} UTC"

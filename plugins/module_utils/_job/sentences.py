# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person is told where there is no run whose end could be told of. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .._container.image import Image
from .._engine.interface import Container
from .model import Job


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


def unsettled(container: Container) -> str:
    """The container is neither at work nor does it have an end that could be told of."""
    return f"its container is {container.state}"


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

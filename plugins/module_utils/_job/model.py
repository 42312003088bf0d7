# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that is wanted, and a run of one that is found."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._definition import labels
from .._definition.definition import WORK, Definition, secrets_of
from .._engine.interface import Container, Image

SUCCEEDED = "succeeded"
FAILED = "failed"
TIMED_OUT = "timed_out"
OUT_OF_MEMORY = "out_of_memory"
KILLED = "killed"
NOT_STARTED = "not_started"
LOST = "lost"
PLANNED = "planned"
SKIPPED = "skipped"
SUPERSEDED = "superseded"


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)


@dataclass(frozen=True)
class Seen:
    """A result that an earlier batch was told, and the label of the definition that it was told for."""

    result: Mapping[str, Any]
    definition: str


@dataclass(frozen=True)
class Job:
    """
    A job as a task asks for it.

    ``timeout`` and ``stop_timeout`` are seconds, ``timeout`` 0 for none. ``keep`` counts records,
    ``max_output`` bytes of each stream. ``fleet_images`` maps hosts of the release to the IDs and
    digests of the image that they hold. ``creator`` names this execution of the module, of which
    an invocation may have several, and ``invoked_by`` who runs it from where. ``on_busy`` is ``wait`` or ``fail``, ``busy_timeout`` seconds.

    ``patience`` are the seconds after which this execution returns without an end, ``waited`` those
    for which earlier ones have waited in vain, ``watching`` the ID of the container that they have
    watched, ``heard`` the stamp of the last of what it has written that they were told, None where
    nobody listens; ``seen`` is what this invocation knows already.

    ``looking`` is for an execution that only waits until a run would begin, and begins none.

    ``attempt`` counts the runs of this invocation from 1, of which there may be ``retries`` more on
    the outcomes and exit codes of ``retry_on``, the first after ``retry_delay`` seconds. A success
    whose output ``unchanged_output`` matches, where it is given, is no change.
    """

    name: str
    definition: Definition
    release: str
    invocation: str
    timeout: float = 3600.0
    stop_timeout: int = 30
    pull: str = "missing"
    keep: int = 5
    max_output: int = 65536
    fleet_images: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    creator: str = ""
    invoked_by: str = ""
    on_busy: str = "wait"
    busy_timeout: float = 3600.0
    patience: float = float("inf")
    waited: float = 0.0
    watching: str = ""
    looking: bool = False
    heard: str | None = None
    attempt: int = 1
    retries: int = 0
    retry_delay: float = 5.0
    retry_on: tuple[str, ...] = (NOT_STARTED,)
    unchanged_output: str = ""
    seen: Seen | None = None

    @property
    def delay(self) -> float:
        """Seconds between this attempt and the next one: they double."""
        return float(self.retry_delay * 2 ** (self.attempt - 1))

    def labels(self, floor: int = 0) -> dict[str, str]:
        """Return the labels of its container, whose fence is not to be below the floor."""
        return {
            labels.CREATOR: self.creator,
            labels.FENCE: str(floor),
            labels.IMAGE: self.definition.image,
            labels.INVOKED_BY: self.invoked_by,
            labels.KIND: labels.JOB,
            labels.NAME: self.name,
            labels.RELEASE: self.release,
            labels.INVOCATION: self.invocation,
            labels.DEFINITION: self.definition.label(),
            labels.DEADLINE: f"{self.timeout:g}",
            labels.ATTEMPT: str(self.attempt),
            labels.RETRY: json.dumps([self.delay, list(self.retry_on) if self.attempt <= self.retries else []]),
        }


@dataclass(frozen=True)
class Run:
    """A container of a job, read by its labels."""

    container: Container

    @classmethod
    def of(cls, container: Container, name: str) -> Run | None:
        """Return the run of that job which the container is, or None where it is a foreign one."""
        is_job = container.labels.get(labels.KIND) == labels.JOB
        return cls(container) if is_job and container.labels.get(labels.NAME) == name else None

    @property
    def release(self) -> str:
        """The release that it belongs to."""
        return self.container.labels.get(labels.RELEASE, "")

    @property
    def invocation(self) -> str:
        """The invocation that made it."""
        return self.container.labels.get(labels.INVOCATION, "")

    @property
    def deadline(self) -> float:
        """Seconds that it may run, 0 for no end."""
        return float(self.container.labels.get(labels.DEADLINE, "0"))

    @property
    def creator(self) -> str:
        """The execution of the module that created it."""
        return self.container.labels.get(labels.CREATOR, "")

    @property
    def attempt(self) -> int:
        """Which attempt of its invocation it is, from 1."""
        return int(self.container.labels.get(labels.ATTEMPT, "1"))

    @property
    def retry(self) -> tuple[float, tuple[str, ...]]:
        """After how many seconds, and on what, whoever made it tries again; on nothing where no attempt is left."""
        delay, on = json.loads(self.container.labels.get(labels.RETRY, "[0, []]"))
        return float(delay), tuple(on)

    @property
    def invoked_by(self) -> str:
        """Who has run it from where, as user@controller."""
        return self.container.labels.get(labels.INVOKED_BY, "")

    @property
    def image(self) -> str:
        """The image as it was asked for, or its ID where that was not noted."""
        return self.container.labels.get(labels.IMAGE) or self.container.image_id

    def left(self, now: datetime) -> float:
        """Return the seconds that it may still run, at a moment by the engine's clock."""
        begun = self.container.started_at
        return self.deadline - (now - begun).total_seconds() if self.deadline and begun else math.inf

    @property
    def duration(self) -> float | None:
        """Seconds between start and end by the engine's clock, None before the end."""
        begun, done = self.container.started_at, self.container.finished_at
        if begun is None or done is None:
            return None
        # Of a process that ends at once, the engine may note the end before the start.
        return max((done - begun).total_seconds(), 0.0)

    @property
    def fence(self) -> int:
        """
        A number that is higher for a newer run.

        Microseconds since 1970 at its creation, unless the clock had gone back since older runs.
        """
        return max(microseconds(self.container.created_at), int(self.container.labels.get(labels.FENCE, "0")))

    @property
    def history_name(self) -> str:
        """The name under which its record is kept when another run needs the job's name."""
        name = self.container.labels[labels.NAME]
        return f"{name}.{self.container.created_at:%Y%m%dT%H%M%SZ}.{self.container.id[:12]}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that nobody may see of what it has written."""
        return secrets_of(self.container.labels.get(labels.DEFINITION, ""), self.container.environment)

    def differences(self, job: Job, image: Image) -> tuple[str, ...]:
        """Return the keys of the definition in which it differs from what the job asks for."""
        carried = self.container.labels.get(labels.DEFINITION, "")
        keys = job.definition.differences(carried, self.container.environment)
        return ("image", *keys) if self.container.image_id != image.id else keys

    def other_work(self, job: Job, image: Image) -> tuple[str, ...]:
        """Return the differences that make it other work: image, entrypoint, command."""
        return tuple(key for key in self.differences(job, image) if key in (*WORK, "definition"))

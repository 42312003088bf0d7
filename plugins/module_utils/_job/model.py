# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job as it is asked for, and a run of it as the engine shows it. Pure."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime

from .._definition import labels
from .._definition.definition import WORK, Definition, secrets_of
from .._engine.interface import Container, Image
from .protocol import Call

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
class Job:
    """
    A job as a task asks for it. What differs from one execution of the module to the next is a Call.

    ``timeout``, ``stop_timeout`` and ``busy_timeout`` are in seconds, ``timeout`` 0 for none. ``pull`` is ``always``,
    ``missing`` or ``never``, ``on_busy`` is ``wait`` or ``fail``. ``keep`` counts records, ``max_output`` bytes of each
    stream. There may be ``retries`` more runs on the outcomes and exit codes of ``retry_on``, the first after
    ``retry_delay`` seconds. A success whose output matches ``unchanged_output`` is no change.
    """

    name: str
    definition: Definition
    release: str
    timeout: float = 3600.0
    stop_timeout: int = 30
    pull: str = "missing"
    keep: int = 5
    max_output: int = 65536
    on_busy: str = "wait"
    busy_timeout: float = 3600.0
    retries: int = 0
    retry_delay: float = 5.0
    retry_on: tuple[str, ...] = (NOT_STARTED,)
    unchanged_output: str = ""

    def delay_after(self, attempt: int) -> float:
        """Return the seconds between this attempt, counted from 1, and the next one: they double."""
        return float(self.retry_delay * 2 ** (attempt - 1))

    def labels(self, call: Call, minimum_fence: int = 0) -> dict[str, str]:
        """Return the labels of the container that this call creates."""
        retry_on = list(self.retry_on) if call.attempt <= self.retries else []
        return {
            labels.CREATOR: call.creator,
            labels.FENCE: str(minimum_fence),
            labels.IMAGE: self.definition.image,
            labels.INVOKED_BY: call.invoked_by,
            labels.KIND: labels.JOB,
            labels.NAME: self.name,
            labels.RELEASE: self.release,
            labels.INVOCATION: call.invocation,
            labels.DEFINITION: self.definition.label(),
            labels.DEADLINE: f"{self.timeout:g}",
            labels.ATTEMPT: str(call.attempt),
            labels.RETRY: json.dumps([self.delay_after(call.attempt), retry_on]),
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
        """Seconds that it may run, 0 for no deadline."""
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
        """The seconds until its invocation tries again, and the outcomes and exit codes on which it does."""
        delay, on = json.loads(self.container.labels.get(labels.RETRY, "[0, []]"))
        return float(delay), tuple(on)

    @property
    def invoked_by(self) -> str:
        """Who ran ansible-playbook and where, as user@controller."""
        return self.container.labels.get(labels.INVOKED_BY, "")

    @property
    def image(self) -> str:
        """The image as it was asked for, or its ID where the label is missing."""
        return self.container.labels.get(labels.IMAGE) or self.container.image_id

    def remaining(self, now: datetime) -> float:
        """Return the seconds until its deadline, at a moment by the engine's clock."""
        started = self.container.started_at
        return self.deadline - (now - started).total_seconds() if self.deadline and started else math.inf

    @property
    def duration(self) -> float | None:
        """Seconds between start and end by the engine's clock, None before the end."""
        started, finished = self.container.started_at, self.container.finished_at
        if started is None or finished is None:
            return None
        # The engine may note the end of a very short process before its start.
        return max((finished - started).total_seconds(), 0.0)

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
        """The values that must not be shown where it has written them."""
        return secrets_of(self.container.labels.get(labels.DEFINITION, ""), self.container.environment)

    def differences(self, job: Job, image: Image) -> tuple[str, ...]:
        """Return the keys of the definition in which it differs from what the job asks for."""
        carried = self.container.labels.get(labels.DEFINITION, "")
        keys = job.definition.differences(carried, self.container.environment)
        return ("image", *keys) if self.container.image_id != image.id else keys

    def other_work(self, job: Job, image: Image) -> tuple[str, ...]:
        """Return the differences that make it other work: image, entrypoint, command."""
        return tuple(key for key in self.differences(job, image) if key in (*WORK, "definition"))

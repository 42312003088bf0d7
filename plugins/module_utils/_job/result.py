# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a job, as the module returns it and as a fact keeps it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from .._engine.interface import Container, Image
from .._logs.output import Output
from .._preflight.image import digest_for
from .diagnosis import diagnosis_of
from .model import PLANNED, SKIPPED, SUCCEEDED, Job, Run
from .outcome import outcome_of

_OUTPUT = ("stdout", "stderr", "output_truncated")


@dataclass(frozen=True)
class Result:
    """See RETURN of the module migration_job for what each field means."""

    name: str
    release: str
    outcome: str
    diagnosis: str
    engine_id: str | None
    image: str
    image_id: str | None = None
    image_digest: str | None = None
    exit_code: int | None = None
    container_id: str | None = None
    container_name: str | None = None
    command: tuple[str, ...] = ()
    attempts: int = 0
    started_at: str | None = None
    finished_at: str | None = None
    duration: float | None = None
    stdout: str = ""
    stderr: str = ""
    output_truncated: bool = False
    log_path: str | None = None
    joined: bool = False
    reused: bool = False
    fence: int | None = None
    plan: str | None = None
    changed: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def proceed(self) -> bool:
        """Whether the play may go on: a known success, a plan in check mode, or no migration asked for."""
        return self.outcome in (SUCCEEDED, PLANNED, SKIPPED)

    def with_output(self, output: Output, unchanged: str = "") -> Result:
        """Return it with the output of the run; a success whose output matches the pattern is no change."""
        matches = unchanged and any(re.search(unchanged, text, re.MULTILINE) for text in (output.stdout, output.stderr))
        changed = self.changed and not (matches and self.outcome == SUCCEEDED)
        return replace(
            self, changed=changed, stdout=output.stdout, stderr=output.stderr, output_truncated=output.truncated
        )

    def returned(self) -> dict[str, Any]:
        """Return what the module returns, in types that JSON has."""
        values = {key: value for key, value in asdict(self).items() if key != "warnings"}
        values["command"] = list(self.command)
        values["stdout_lines"], values["stderr_lines"] = self.stdout.splitlines(), self.stderr.splitlines()
        return values


def from_returned(returned: Mapping[str, Any]) -> Result:
    """Return the result that ``Result.returned`` was made of."""
    known = {field.name: returned[field.name] for field in fields(Result) if field.name in returned}
    return Result(**{**known, "command": tuple(known.get("command", ()))})


def fact(returned: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a result that is small enough for a fact cache: no output, and none of core's keys."""
    kept = {"host", *(field.name for field in fields(Result))} - {*_OUTPUT, "changed", "warnings"}
    return {key: value for key, value in returned.items() if key in kept}


def result_without_run(job: Job, engine_id: str | None, outcome: str, diagnosis: str) -> Result:
    """Return the result where there is no run that has ended."""
    return Result(job.name, job.release, outcome, diagnosis, engine_id, job.definition.image)


def result_of_run(job: Job, engine_id: str, image: Image, run: Run, changed: bool) -> Result:
    """Return the result of a run that has ended, without its output; ``changed`` is whether this invocation made it."""
    return Result(
        name=job.name,
        release=job.release,
        outcome=outcome_of(run),
        diagnosis=diagnosis_of(run),
        engine_id=engine_id,
        image=job.definition.image,
        image_digest=digest_for(image, job.definition.image),
        attempts=1,
        duration=run.duration,
        fence=run.fence,
        changed=changed,
        **container_fields(run.container),
    )


def container_fields(container: Container) -> dict[str, Any]:
    """Return the fields of a result that describe its container."""
    return {
        "container_id": container.id,
        "container_name": container.name,
        "image_id": container.image_id,
        "exit_code": container.exit_code,
        "command": container.argv,
        "started_at": _text(container.started_at),
        "finished_at": _text(container.finished_at),
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()

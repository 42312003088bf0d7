# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results that an execution can end with: of a run, of a refusal, of a plan, or of what was lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Iterable

from .._engine.interface import Container, Engine, EngineError, Image
from .._logs.output import read_output
from . import messages
from .decide import Join, Refuse, Step
from .diagnosis import diagnosis_of
from .model import LOST, NOT_STARTED, PLANNED, Job, Run
from .protocol import Call
from .records import newest
from .result import Result, container_fields, result_of_run, result_without_run


@dataclass(frozen=True)
class Results:
    """Makes the results of one execution; the engine is asked for the output alone."""

    engine: Engine
    engine_id: str
    job: Job
    call: Call
    image: Image

    def made(self, run: Run) -> bool:
        """Return whether this invocation made the run."""
        return run.invocation == self.call.invocation

    def of_run(self, run: Run, reused: bool = False) -> Result:
        """Return the result of a run that has ended, with its output."""
        result = replace(result_of_run(self.job, self.engine_id, self.image, run, self.made(run)), reused=reused)
        if result.outcome == NOT_STARTED:
            return result
        secrets = (*self.job.definition.secrets, *run.secrets)
        try:
            output = read_output(self.engine, run.container.id, secrets, self.job.max_output)
        except EngineError as error:
            return replace(result, diagnosis=f"{result.diagnosis} {messages.no_output(str(error))}")
        with_output = result.with_output(output, self.job.unchanged_output)
        return replace(with_output, diagnosis=diagnosis_of(run, output))

    def of_refusal(self, step: Refuse) -> Result:
        """Return the result where this release may not go on."""
        result = self._without_run(step.outcome, step.reason)
        if step.container:
            result = replace(result, **_fields_without_exit_code(step.container))
        # What was watched was attempted, and later batches must know of it.
        return replace(result, container_id=self.call.watching, attempts=1) if self.call.watching else result

    def of_plan(self, step: Step, runs: Iterable[Run]) -> Result:
        """Return the result where a run would be made or joined; ``container_id`` is the release's last run."""
        last = newest(run for run in runs if run.release == self.job.release)
        return replace(
            self._without_run(PLANNED, messages.planned(self.job)),
            changed=not isinstance(step, Join),
            image_id=self.image.id or None,
            container_id=last.container.id if last else None,
        )

    def of_lost(self, cause: str, container: Container | None = None) -> Result:
        """Return the result of a run whose end nobody has seen."""
        result = replace(self._without_run(LOST, messages.lost(self.job, cause)), attempts=1)
        return replace(result, **_fields_without_exit_code(container)) if container else result

    def _without_run(self, outcome: str, diagnosis: str) -> Result:
        return result_without_run(self.job, self.engine_id, outcome, diagnosis)


def _fields_without_exit_code(container: Container) -> dict[str, Any]:
    """Describe a container whose exit code is not this job's, or is not known."""
    return {**container_fields(container), "exit_code": None}

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the run of a job has written since the action was last told."""

from __future__ import annotations

from .._engine.interface import Engine, EngineError
from .._logs.chunk import LogChunk, LogRequest, read_chunk
from .model import Job, Run
from .protocol import Progress
from .run import ResultOrProgress


def log_of(engine: Engine, job: Job, request: LogRequest, ended: ResultOrProgress) -> LogChunk | None:
    """Return what the run that an execution has watched has written; None where it has watched none."""
    if isinstance(ended, Progress):
        container_id = ended.watching
    else:
        container_id = (ended.container_id or "") if ended.attempts and not ended.reused else ""
    return log_of_container(engine, job, request, container_id) if container_id else None


def log_of_container(engine: Engine, job: Job, request: LogRequest, container_id: str) -> LogChunk:
    """Return what a container has written behind the cursors of the request."""
    try:
        run = Run(engine.inspect(container_id))
    except EngineError as error:
        return LogChunk(cursors=request.cursors, trouble=str(error))
    secrets = (*job.definition.secrets, *run.secrets)
    return read_chunk(engine, container_id, secrets, request, ended=run.container.state == "exited")

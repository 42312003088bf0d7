# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers as they may be found, with defaults for the fields that do not matter."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request

BEGAN = datetime(2026, 1, 1, 12, 0, tzinfo=timezone.utc)
ID = "0123456789abcdef" * 4
IMAGE_ID = "sha256:" + "1" * 64


def container(**fields: Any) -> Container:
    """Return a container that was created a second ago and has not been started."""
    defaults: dict[str, Any] = {
        "id": ID,
        "name": "job",
        "image_id": IMAGE_ID,
        "state": "created",
        "created_at": BEGAN - timedelta(seconds=1),
    }
    return Container(**{**defaults, **fields})


def running(**fields: Any) -> Container:
    """Return a container whose process runs."""
    return container(**{"state": "running", "started_at": BEGAN, **fields})


def exited(exit_code: int = 0, seconds: float = 2.0, **fields: Any) -> Container:
    """Return a container whose process has ended after those seconds."""
    times = {"started_at": BEGAN, "finished_at": BEGAN + timedelta(seconds=seconds)}
    return container(**{"state": "exited", "exit_code": exit_code, **times, **fields})


def made_for(request: Request, **changed: str) -> dict[str, Any]:
    """Return the fields of a container of the job; ``changed`` are labels by their last word."""
    given = {labels.PREFIX + word: value for word, value in changed.items()}
    return {"labels": {**request.labels(request), **given}, "environment": dict(request.definition.environment)}


def run(exit_code: int = 0, seconds: float = 2.0, deadline: float = 0.0, **fields: Any) -> Run:
    """Return a run that has ended."""
    return Run(exited(exit_code, seconds, labels={labels.NAME: "job", labels.DEADLINE: f"{deadline:g}"}, **fields))

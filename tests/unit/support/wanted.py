# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Definitions, jobs and replicas that a task may ask for, with defaults for the fields that do not matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import (
    Definition,
    for_job,
    from_options,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Job
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Call
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas, UpdatePolicy
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE
from ansible_collections.migrate_first.docker.tests.unit.support.programs import HEALTHY, SERVE, SUCCEED, Program

#: A healthcheck that has a result within a second.
HEALTHCHECK = {"test": ["CMD", "test", "-e", HEALTHY], "interval": "100ms", "timeout": "5s", "retries": 3}


def definition(program: Program = SUCCEED, **options: Any) -> Definition:
    """Return the definition of a container that runs the program."""
    return from_options({"image": IMAGE, "command": program.command, **options})


@dataclass(frozen=True)
class Request(Call, Job):
    """A job, and the call that asks for it, in one."""


def job(name: str, program: Program = SUCCEED, container: Mapping[str, Any] | None = None, **fields: Any) -> Request:
    """Return a job of release 1 in invocation a, to be stopped quickly."""
    defaults: dict[str, Any] = {"release": "1", "invocation": "a", "stop_timeout": 1, "pull": "never"}
    wanted = Request(name=name, definition=definition(program, **(container or {})), **{**defaults, **fields})
    return replace(wanted, definition=for_job(wanted.definition, {"stop_timeout": wanted.stop_timeout}))


def replicas(
    name: str, count: int = 2, program: Program = SERVE, container: Mapping[str, Any] | None = None, **fields: Any
) -> Replicas:
    """Return replicas of release 1, which without a healthcheck count as healthy at once."""
    options = {"stop_timeout": 1, **(container or {})}
    policy = fields.pop("update", UpdatePolicy())
    if policy.monitor is None:
        policy = replace(policy, monitor=0.0)
    defaults: dict[str, Any] = {"release": "1", "pull": "never", "update": policy}
    return Replicas(name=name, definition=definition(program, **options), count=count, **{**defaults, **fields})

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on an engine: carried out by the code under test, or there already by others' doing."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import Definition
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Clock, Container, Engine
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Job
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result, Unfinished
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import predict, run, skip
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition


class Follower:
    """
    Follows a job to its end as the action does, one call of the module after the other.

    Each call is another execution, and is told what the one before has left. ``said`` are the
    sentences of those that had to wait for somebody else, ``watched`` the containers that were
    watched, ``told`` what those calls returned that saw no end, ``calls`` counts them all.
    """

    def __init__(self, engine: Engine, clock: Clock, job: Job) -> None:
        self.said: list[str] = []
        self.watched: set[str] = set()
        self.told: list[Unfinished] = []
        self.calls = 0
        self._engine = engine
        self._clock = clock
        self._job = job

    def once(self) -> Result | None:
        """Return the result, or None where another call is needed."""
        self.calls += 1
        began = self._clock.monotonic()
        told = run(self._engine, self._clock, replace(self._job, creator=uuid4().hex))
        if isinstance(told, Result):
            return told
        self.told.append(told)
        if told.watching:
            self.watched.add(told.watching)
        if told.waiting:
            self.said.append(told.sentence)
        waited = self._job.waited + self._clock.monotonic() - began if told.waiting else 0.0
        self._job = replace(self._job, watching=told.watching, waited=waited)
        return None

    def result(self) -> Result:
        """Return the result, after as many calls as it takes."""
        while True:
            result = self.once()
            if result:
                return result


def follower(lab: Lab, job: Job) -> Follower:
    """Return somebody who can follow the job on the lab's engine."""
    return Follower(lab.engine, lab.clock, job)


def carried_out(lab: Lab, job: Job) -> Result:
    """Run the job on the lab's engine, to its end."""
    return follower(lab, job).result()


def skipped(lab: Lab, job: Job) -> Result:
    """Let the job's release go without it."""
    told = skip(lab.engine, lab.clock, job)
    assert not isinstance(told, Unfinished)
    return told


def predicted(lab: Lab, job: Job) -> Result:
    """Predict the job, and see that nothing was done to the engine."""
    before = lab.all()
    result = predict(lab.engine, lab.clock, job)
    assert not isinstance(result, Unfinished)
    assert [container.id for container in lab.all()] == [container.id for container in before]
    assert not {"create", "start", "stop", "rename", "remove", "pull"} & lab.observed.calls.keys()
    return result


def created_elsewhere(lab: Lab, job: Job) -> Container:
    """Let another controller have created the job's container."""
    image = lab.image(job.definition.image)
    return lab.outside.inspect(lab.outside.create(job.name, job.definition, image.id, job.labels()))


def running_elsewhere(lab: Lab, job: Job) -> Container:
    """Let another controller have started the job, and its process have begun."""
    container = created_elsewhere(lab, job)
    lab.outside.start(container.id)
    lab.until(lambda: any(lab.outside.logs(container.id)))
    return lab.outside.inspect(container.id)


def foreign(lab: Lab, name: str, wanted: Definition | None = None) -> Container:
    """Let somebody who knows nothing of this collection have started a container."""
    container_id = lab.outside.create(name, wanted or definition(SERVE), lab.image().id, {})
    lab.outside.start(container_id)
    return lab.outside.inspect(container_id)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on an engine: run by the code under test, or by another controller."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import Definition
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Clock, Container, Engine
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Progress
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import run, skip
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, definition


class Follower:
    """
    Follows a job to its end as the action does, one call of the module after the other.

    Each call is another execution, and goes on where the one before has stopped. ``sentences`` are those of the calls
    that had to wait for somebody else, ``watched`` the containers that were watched, ``progress`` the progress that was
    returned, ``calls`` the number of calls.
    """

    def __init__(self, engine: Engine, clock: Clock, request: Request) -> None:
        self.sentences: list[str] = []
        self.watched: set[str] = set()
        self.progress: list[Progress] = []
        self.calls = 0
        self._engine = engine
        self._clock = clock
        self._request = request

    def call_once(self) -> Result | None:
        """Return the result, or None where another call is needed."""
        self.calls += 1
        began = self._clock.monotonic()
        call = replace(self._request, creator=uuid4().hex)
        ended = run(self._engine, self._clock, call, call)
        if isinstance(ended, Result):
            return ended
        self.progress.append(ended)
        if ended.watching:
            self.watched.add(ended.watching)
        if ended.waiting:
            self.sentences.append(ended.sentence)
        waited = self._request.waited + self._clock.monotonic() - began if ended.waiting else 0.0
        self._request = replace(self._request, watching=ended.watching, waited=waited)
        return None

    def follow(self) -> Result:
        """Return the result, after as many calls as it takes."""
        while True:
            result = self.call_once()
            if result:
                return result


def follower(lab: Lab, request: Request) -> Follower:
    """Return a follower of the job on the lab's engine."""
    return Follower(lab.engine, lab.clock, request)


def run_job(lab: Lab, request: Request) -> Result:
    """Run the job on the lab's engine, to its end."""
    return follower(lab, request).follow()


def skip_job(lab: Lab, request: Request) -> Result:
    """Skip the job of a release that asks for no migration."""
    result = skip(lab.engine, request, request)
    assert not isinstance(result, Progress)
    return result


def create_elsewhere(lab: Lab, request: Request) -> Container:
    """Create the job's container as another controller does."""
    image = lab.image(request.definition.image)
    created = lab.outside.create(request.name, request.definition, image.id, request.labels(request))
    return lab.outside.inspect(created)


def start_elsewhere(lab: Lab, request: Request) -> Container:
    """Start the job as another controller does, and wait until its process has begun."""
    container = create_elsewhere(lab, request)
    lab.outside.start(container.id)
    lab.until(lambda: any(lab.outside.logs(container.id)))
    return lab.outside.inspect(container.id)


def foreign(lab: Lab, name: str, wanted: Definition | None = None) -> Container:
    """Start a container that does not belong to this collection."""
    container_id = lab.outside.create(name, wanted or definition(SERVE), lab.image().id, {})
    lab.outside.start(container_id)
    return lab.outside.inspect(container_id)

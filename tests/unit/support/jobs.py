# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on an engine: carried out by the code under test, or there already by others' doing."""

from __future__ import annotations

from ansible_collections.migrate_first.docker.plugins.module_utils._container.definition import Definition
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Job
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import predict, run
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition


def carried_out(lab: Lab, job: Job) -> Result:
    """Run the job on the lab's engine."""
    return run(lab.engine, lab.clock, job)


def predicted(lab: Lab, job: Job) -> Result:
    """Predict the job, and see that nothing was done to the engine."""
    before = lab.all()
    result = predict(lab.engine, lab.clock, job)
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

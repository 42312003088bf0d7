#!/usr/bin/python
# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: replicas
short_description: Bring the replicas of an application on one host to the wanted state
version_added: 0.1.0
author: migrate_first contributors (@migrate-first)
description:
  - Makes the containers C(NAME-1) to C(NAME-COUNT) of one host what the task says, in one execution.
  - What is missing is created, what differs in image or definition is replaced, what is over the count is
    removed, and what fits is left alone.
  - What is compared is what was asked for, not what an engine makes of it, so that another version of the engine
    replaces nothing.
  - Each new replica has to be healthy by its healthcheck, or run for a while where it has none, before the next ones
    are replaced. Where one does not come up, what ran on this host before runs again.
  - A replica that is under way is C(NAME-1.new), one that was replaced C(NAME-1.old) until all of the host are as wanted.
    An execution that is interrupted leaves them, and the next one goes on from there.
  - A replica gets its restart policy when it serves. Until then it has none, so that what was left half-way does not
    come back with the engine.
options:
  name:
    description: The name of the replicas; a number is added for each.
    type: str
    required: true
  count:
    description:
      - How many replicas the host shall have.
      - One that is added is asked by way of a network alias from its start on, healthy or not, since that is how engines
        have it. A proxy that asks for the names finds it as soon, and goes on to the next one.
    type: int
    default: 1
  state:
    description: With V(absent) all replicas of that name are removed.
    type: str
    choices: [present, absent]
    default: present
  image_id:
    description:
      - The ID of the image that the migration has run.
      - Where the host's image is known neither by it nor by O(image_digest), the task fails before it changes
        anything.
    type: str
  image_digest:
    description: The repository digest of the image that the migration has run. See O(image_id).
    type: str
  release:
    description:
      - The release that the replicas are made for, which they carry as a label.
      - It is no part of what is compared, so that replicas that fit are not replaced for it.
    type: str
    default: ""
  fence:
    description:
      - The fence of the release, as the migration has returned it. New replicas carry it as a label.
      - Where a replica is there with a higher one, a newer release has been rolled out, and nothing is changed.
      - Without one, the highest that is there is carried on.
    type: int
  ignore_fence:
    description: Whether replicas of a newer release may be replaced.
    type: bool
    default: false
  adopt:
    description:
      - Whether containers that are not this module's, but have the names of the wanted replicas, are replaced.
      - They are kept until the new ones serve, and run again where these do not. Without it, they are an error.
    type: bool
    default: false
  pull:
    description: Whether the image is pulled V(always), when it is V(missing), or V(never).
    type: str
    choices: [always, missing, never]
    default: missing
  update:
    description: How replicas are replaced, in the words of Compose and Swarm.
    type: dict
    suboptions:
      order:
        description:
          - With V(start_first) a new replica starts beside the old one. When it is healthy it takes the old one's name by
            two renames, which the DNS of a network follows at once, and then the old one is stopped.
          - With V(stop_first) the old one is stopped before the new one starts.
          - By default V(start_first), and V(stop_first) where a replica needs a port of the host, a network alias, an
            address or a network mode that the old one has. There, V(start_first) is an error, and nothing is changed.
        type: str
        choices: [start_first, stop_first]
      parallelism:
        description:
          - How many are replaced at a time. There are never more than that fewer healthy replicas than before.
          - What is missing is created all at once, before anything is replaced.
        type: int
        default: 1
      healthy_timeout:
        description:
          - Seconds that a replica may take to be healthy, or a duration such as V(2m).
          - By default what follows from its healthcheck, the start period and one round of interval and
            timeout more than its retries; without a healthcheck, 30 more than O(update.monitor).
          - One that ends, is restarted by the engine, or is called unhealthy is not waited for.
        type: str
      monitor:
        description:
          - Seconds that a replica must have run, without an end or a restart, before it counts as healthy.
          - By default 5 where it has no healthcheck, and 0 where it has one.
        type: str
      drain:
        description:
          - Seconds that a replica that was replaced runs on, with V(start_first), after its name has passed to the new one,
            because what resolves names holds on to the old address for a while.
          - By default 2 where the replicas have a network of their own, whose DNS knows their names, and 0 where not.
        type: str
      failure_action:
        description:
          - What happens where a replica does not come up.
          - With V(rollback) all that this task has replaced on this host runs again, from the very containers that
            were stopped, and what it has created is removed.
          - With V(pause) all stays as it stands. The next execution goes on from there.
        type: str
        choices: [rollback, pause]
        default: rollback
  require_resources:
    description:
      - Whether in check mode a network or a named volume that is not there is an error.
      - With V(false) it is only told in RV(missing), for a play that makes them before the replicas. Without check mode
        it is always an error, since the engine would make a volume that is empty.
    type: bool
    default: true
  migration:
    description:
      - The options of a task of M(migrate_first.docker.migration_job) for this host, with a release of its own.
      - In check mode RV(migration) tells what has become of that job already, so that a play in which nothing is to be done
        executes one module on a host.
    type: dict
extends_documentation_fragment:
  - migrate_first.docker.container
  - migrate_first.docker.engine
  - migrate_first.docker.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
  action:
    support: none
"""

EXAMPLES = r"""
- name: Serve the shop with two replicas on each host
  migrate_first.docker.replicas:
    name: shop
    count: 2
    container:
      image: registry.example.com/shop:2.0
      published_ports: ["8001-8002:8000"]
      restart_policy: unless-stopped
    image_id: "{{ migration.image_id }}"
    image_digest: "{{ migration.image_digest }}"

- name: Serve it behind a proxy, which finds the replicas by their names, and replace two at a time
  migrate_first.docker.replicas:
    name: shop
    count: 6
    container:
      image: registry.example.com/shop:2.0
      networks: [{ name: shop }]
      healthcheck: { test: [CMD, curl, --fail, "http://localhost:8000/health"], interval: 2s }
    update:
      parallelism: 2
      healthy_timeout: 1m

- name: Take the shop away
  migrate_first.docker.replicas:
    name: shop
    state: absent
    container:
      image: registry.example.com/shop:2.0
"""

RETURN = r"""
replicas:
  description: The replicas that are on the host at the end.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name of the container.
      returned: always
      type: str
      sample: shop-1
    container_id:
      description: The ID of the container.
      returned: always
      type: str
      sample: 7f2a1c9d3b5e
    image_id:
      description: The ID of its image.
      returned: always
      type: str
      sample: sha256:8d4f0b2c
    status:
      description: Its state by the engine.
      returned: always
      type: str
      sample: running
    health:
      description: V(starting), V(healthy), V(unhealthy), or null where it has no healthcheck.
      returned: always
      type: str
      sample: healthy
    action:
      description: What was done to it, V(kept), V(started), V(created), V(replaced) or V(restored).
      returned: always
      type: str
      sample: created
    published:
      description: The addresses on the host, by port of the container.
      returned: always
      type: dict
      sample: {"8000/tcp": ["0.0.0.0:8001"]}
rolled_back:
  description: Whether the update failed, and what ran on this host before runs again.
  returned: always
  type: bool
  sample: false
up_to_date:
  description:
    - Whether there was nothing to do, and nothing to wait for. Each replica was there as it is wanted, and healthy.
    - In check mode false too where a network or a volume is missing.
  returned: always
  type: bool
  sample: false
image_names:
  description:
    - The ID and the repository digests of the image that the host has as O(container.image).
    - Empty where it has none, in check mode or where it is not needed.
  returned: always
  type: list
  elements: str
  sample: [sha256:8d4f0b2c, registry.example.com/shop@sha256:51c2a7]
missing:
  description: The networks and the named volumes that O(container) names and the host has not; known in check mode.
  returned: always
  type: dict
  contains:
    networks:
      description: The names of the networks.
      returned: always
      type: list
      elements: str
      sample: [backend]
    volumes:
      description: The names of the volumes.
      returned: always
      type: list
      elements: str
      sample: [shop-media]
migration:
  description:
    - The result of M(migrate_first.docker.migration_job) where O(migration) has succeeded already, and would not be run again.
    - Null where it would, where that is not known, and where it was not asked for.
  returned: success
  type: dict
  sample: null
fence:
  description: The fence of the replicas that this task has made or would have made.
  returned: always
  type: int
  sample: 1795399201123456
"""

from typing import Any, NoReturn

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.clock import SystemClock
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.docker_engine import DockerEngine
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Engine, EngineError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.options import OPTIONS as JOB_OPTIONS
from ansible_collections.migrate_first.docker.plugins.module_utils._job.options import (
    call_from_options,
    job_from_options,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import recorded_success
from ansible_collections.migrate_first.docker.plugins.module_utils._module import ContainerModule
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.options import OPTIONS, replicas_of
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.update import Update, update


def main() -> NoReturn:
    module = ContainerModule(OPTIONS)
    migration = None
    try:
        replicas = replicas_of(module.params, module.definition())
        engine = DockerEngine(module.params)
        result = update(engine, SystemClock(), replicas, predict=module.check_mode)
        if module.check_mode and module.params["migration"]:
            migration = _reported(module, engine)
    except ValueError as error:
        module.fail(str(error))
    except EngineError as error:
        result = Update(failure=f"{module.params['name']} was not changed: {error}")
    if result.failure:
        module.fail(result.failure, **result.returned())
    module.exit_json(**result.returned(), migration=migration)


def _reported(module: ContainerModule, engine: Engine) -> dict[str, Any] | None:
    """What is wrong with the options is told by the module that they are for."""
    try:
        # It is no run's invocation, and is only there because each job has one.
        params = module.validate({**module.params["migration"], "internal": {"invocation": "check"}}, JOB_OPTIONS)
        call = call_from_options(params, creator="")
        told = recorded_success(engine, job_from_options(params, module.definition(params), call), call)
    except ValueError:
        return None
    return told.returned() if told else None


if __name__ == "__main__":
    main()

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
  - Brings the containers C(NAME-1) to C(NAME-COUNT) of one host to the wanted state, in one execution.
  - It creates the replicas that are missing, replaces those that differ in image or definition, removes those over
    the count, and leaves the others alone.
  - It compares what the tasks have asked for, not what the engine makes of it. So another version of the engine
    replaces nothing.
  - Each new replica must be healthy before the next one is replaced. Without a healthcheck it must run for a while. If one
    does not become healthy, what ran on this host before runs again.
  - A new replica has the name C(NAME-1.new) until it takes the place of the old one. The old one has the name C(NAME-1.old)
    until all replicas of the host are as wanted. An interrupted execution leaves both, and the next one goes on from there.
  - A replica gets its restart policy when it serves. Until then it has none, so that what an interrupted execution has left
    does not start again with the engine.
  - With C(--diff), the task shows the image of each replica before and after it, and its plan. The plan has one line for each
    operation, with the reason for it.
options:
  name:
    description: The name of the replicas; a number is added for each.
    type: str
    required: true
  count:
    description:
      - How many replicas the host is to have.
      - Engines send clients of a network alias to an added replica as soon as it starts, before it is healthy. A proxy that
        asks for the names of the replicas finds it as soon, and goes on to the next one.
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
      - If the image of the host has neither this ID nor O(image_digest), the task fails before it changes anything.
    type: str
  image_digest:
    description: The repository digest of the image that the migration has run. See O(image_id).
    type: str
  release:
    description:
      - The release of the replicas, which new ones carry as a label.
      - It is not compared. Another release alone replaces nothing.
    type: str
    default: ""
  fence:
    description:
      - The fence of the release, as the migration has returned it. New replicas carry it as a label.
      - If a replica with a higher fence is there, a newer release has been rolled out, and the task fails without a change.
      - By default the highest fence that is there.
    type: int
  ignore_fence:
    description: Whether replicas of a newer release may be replaced.
    type: bool
    default: false
  adopt:
    description:
      - Whether to replace containers that have the names of the wanted replicas but were not made by this module. By default
        they are an error.
      - They are kept until the new ones serve, and run again if these do not become healthy.
    type: bool
    default: false
  pull:
    description: Whether to pull the image V(always), only if it is V(missing), or V(never).
    type: str
    choices: [always, missing, never]
    default: missing
  update:
    description: How replicas are replaced, in the words of Compose and Swarm.
    type: dict
    suboptions:
      order:
        description:
          - With V(start_first) a new replica starts beside the old one. When it is healthy, it takes the name of the old one
            by two renames, which the DNS of a network follows at once. Then the old one is stopped.
          - With V(stop_first) the old one is stopped before the new one starts.
          - The default is V(start_first), or V(stop_first) if a replica needs a port of the host, a network alias, an
            address or a network mode that the old one has. In these cases V(start_first) is an error, and nothing is changed.
        type: str
        choices: [start_first, stop_first]
      parallelism:
        description:
          - How many replicas are replaced at a time. At no time are more replicas than that out of service.
          - Missing replicas are created all at once, before any are replaced.
        type: int
        default: 1
      healthy_timeout:
        description:
          - Seconds that a replica may take to be healthy, or a duration such as V(2m).
          - The default follows from its healthcheck. It is the start period, and one round of interval and timeout more than
            its retries. Without a healthcheck it is 30 more than O(update.monitor).
          - A replica fails at once if it ends, if the engine restarts it, or if its healthcheck reports it as unhealthy.
        type: str
      monitor:
        description:
          - Seconds that a replica must have run, without an end or a restart, before it counts as healthy.
          - The default is 5 without a healthcheck, and 0 with one.
        type: str
      drain:
        description:
          - Seconds that an old replica goes on running after the new one has its name, with V(start_first). Clients keep
            an address that they have looked up for a while.
          - The default is 2 if the replicas have a network of their own, whose DNS knows their names, and otherwise 0.
        type: str
      failure_action:
        description:
          - What happens if a replica does not become healthy.
          - With V(rollback) the old containers that this task has stopped on this host run again, and the new ones that
            it has created are removed.
          - With V(pause) everything is left as it is. The next execution goes on from there.
        type: str
        choices: [rollback, pause]
        default: rollback
  internal:
    description:
      - What the role R(migrate_first.docker.rollout,ansible_collections.migrate_first.docker.rollout_role) sets. It is no
        promise, and not for tasks.
    type: dict
    default: {}
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

- name: Serve it behind a proxy that finds the replicas by their names, and replace two at a time
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
  description: The replicas that are on the host at the end of the task.
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
      description: Its state, as the engine reports it.
      returned: always
      type: str
      sample: running
    health:
      description: V(starting), V(healthy), V(unhealthy), or null where it has no healthcheck.
      returned: always
      type: str
      sample: healthy
    action:
      description: What the task did with it; V(kept), V(started), V(created), V(replaced) or V(restored).
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
    - Whether each replica was there as it is wanted, and healthy, so that there was nothing to do and nothing to wait for.
    - In check mode it is also false if a network or a volume is missing.
  returned: always
  type: bool
  sample: false
image_names:
  description:
    - The ID and the repository digests of the image that the host has as O(container.image).
    - Empty if it has none, which is possible in check mode and with V(absent).
  returned: always
  type: list
  elements: str
  sample: [sha256:8d4f0b2c, registry.example.com/shop@sha256:51c2a7]
missing:
  description: The networks and the named volumes of O(container) that are not there. It is known in check mode.
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
    - For the role, in check mode. The result of the migration if it has succeeded already and would not run again.
    - Otherwise null.
  returned: success
  type: dict
  sample: null
fence:
  description: The fence of new replicas of this task, also if it has made none.
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
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.options import (
    OPTIONS,
    replicas_from_options,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.reconcile import reconcile
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.result import Result


def main() -> NoReturn:
    module = ContainerModule(OPTIONS)
    migration = None
    try:
        replicas = replicas_from_options(module.params, module.definition())
        engine = DockerEngine(module.params)
        result = reconcile(engine, SystemClock(), replicas, dry_run=module.check_mode)
        if module.check_mode and module.params["internal"].get("migration"):
            migration = _recorded_migration(module, engine)
    except ValueError as error:
        module.fail(str(error))
    except EngineError as error:
        result = Result(failure=f"{module.params['name']} was not changed: {error}")
    if result.failure:
        module.fail(result.failure, **result.returned())
    module.exit_json(**result.returned(), migration=migration)


def _recorded_migration(module: ContainerModule, engine: Engine) -> dict[str, Any] | None:
    """Return the result that the host's migration has already; wrong options are for its own module to report."""
    try:
        # It is no run's invocation, and is only there because each job has one.
        options = {**module.params["internal"]["migration"], "internal": {"invocation": "check"}}
        params = module.validate(options, JOB_OPTIONS)
        call = call_from_options(params, creator="")
        result = recorded_success(engine, job_from_options(params, module.definition(params), call), call)
    except ValueError:
        return None
    return result.returned() if result else None


if __name__ == "__main__":
    main()

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
  - Waits until each replica is healthy by its healthcheck, or runs where it has none.
  - Replacements go one after the other, each stopped before the new one starts, and stop at the first one that
    does not come up.
options:
  name:
    description: The name of the replicas; a number is added for each.
    type: str
    required: true
  count:
    description: How many replicas the host shall have.
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
  pull:
    description: Whether the image is pulled V(always), when it is V(missing), or V(never).
    type: str
    choices: [always, missing, never]
    default: missing
  require_resources:
    description:
      - Whether in check mode a network or a named volume that is not there is an error.
      - With V(false) it is only told in RV(missing), for a play that makes them before the replicas. Without check mode
        it is always an error, since the engine would make a volume that is empty.
    type: bool
    default: true
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
      description: What was done to it, V(kept), V(started), V(created) or V(replaced).
      returned: always
      type: str
      sample: created
    published:
      description: The addresses on the host, by port of the container.
      returned: always
      type: dict
      sample: {"8000/tcp": ["0.0.0.0:8001"]}
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
fence:
  description: The fence of the replicas that this task has made or would have made.
  returned: always
  type: int
  sample: 1795399201123456
"""

from typing import NoReturn

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.clock import SystemClock
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.docker_engine import DockerEngine
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.options import OPTIONS, replicas_of
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.update import Update, update
from ansible_collections.migrate_first.docker.plugins.module_utils._task import ContainerModule


def main() -> NoReturn:
    module = ContainerModule(OPTIONS)
    try:
        result = _result(module)
    except ValueError as error:
        module.fail(str(error))
    if result.failure:
        module.fail(result.failure, **result.returned())
    module.exit_json(**result.returned())


def _result(module: ContainerModule) -> Update:
    replicas = replicas_of(module.params, module.definition())
    try:
        return update(DockerEngine(module.params), SystemClock(), replicas, predict=module.check_mode)
    except EngineError as error:
        return Update(failure=f"{replicas.name} was not changed: {error}")


if __name__ == "__main__":
    main()

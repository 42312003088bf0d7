#!/usr/bin/python
# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: migration_job_info
short_description: List the runs of a migration
version_added: 0.1.0
author: migrate_first contributors (@migrate-first)
description:
  - Lists what is known of the runs of a job of M(migrate_first.docker.migration_job), on the host that has run it.
  - A record is the container of a run. There is one for each run that the engine still has a container of, under
    the name of the job or, for older ones, C(NAME.UTC.ID). How many are kept is said by
    O(migrate_first.docker.migration_job#module:keep).
  - Logs are not returned. C(docker logs) shows them by the name of the container.
options:
  name:
    description: The name of the job.
    type: str
    required: true
extends_documentation_fragment:
  - migrate_first.docker.engine
  - migrate_first.docker.attributes
attributes:
  check_mode:
    support: full
    details: Nothing is ever changed.
  diff_mode:
    support: none
  idempotent:
    support: full
  action:
    support: none
seealso:
  - module: migrate_first.docker.migration_job
"""

EXAMPLES = r"""
- name: Look at the migrations of the shop
  migrate_first.docker.migration_job_info:
    name: shop-migration
  delegate_to: app1.example.com
  run_once: true
  register: history

- name: Show the release that has migrated last
  ansible.builtin.debug:
    msg: "{{ history.records | selectattr('outcome', 'eq', 'succeeded') | map(attribute='release') | first }}"
"""

RETURN = r"""
records:
  description: The runs, the newest first. None where there was none, or where the host is not the runner.
  returned: success
  type: list
  elements: dict
  contains:
    container_id:
      description: The ID of the run's container.
      returned: always
      type: str
      sample: 7f2a1c9d3b5e
    container_name:
      description: The name of the run's container.
      returned: always
      type: str
      sample: shop-migration
    release:
      description: The release that the run belongs to.
      returned: always
      type: str
      sample: build-4711
    image:
      description: The image as it was asked for, or its ID where a record does not say.
      returned: always
      type: str
      sample: registry.example.com/shop:2.0
    image_id:
      description: The ID of the image that ran.
      returned: always
      type: str
      sample: sha256:8d4f0b2c
    outcome:
      description:
        - The outcome of the run, see RV(migrate_first.docker.migration_job#module:outcome). Null where it has not ended.
        - It is what the container tells. That a run was V(lost) to the one who watched it is known to him alone.
      returned: always
      type: str
      sample: succeeded
    exit_code:
      description: The exit status, where the container has exited; otherwise null, never 0.
      returned: always
      type: int
      sample: 0
    started_at:
      description: When the process was started, in UTC by the engine's clock (ISO 8601); null where it was not.
      returned: always
      type: str
      sample: "2026-11-23T02:00:01.123456+00:00"
    finished_at:
      description: When it had exited, in UTC by the engine's clock (ISO 8601); null where it has not.
      returned: always
      type: str
      sample: "2026-11-23T02:00:03.223456+00:00"
    duration:
      description: Seconds between the two.
      returned: always
      type: float
      sample: 2.1
    fence:
      description: A number that is higher for a newer run.
      returned: always
      type: int
      sample: 1795399201123456
    invoked_by:
      description: Who has run it from where, as user and controller; null where a record does not say.
      returned: always
      type: str
      sample: deploy@ci-runner-3
"""

from typing import NoReturn

from ansible_collections.migrate_first.docker.plugins.module_utils._arguments import engine_spec
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.name import checked
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.docker_engine import DockerEngine
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.observed_state import observe
from ansible_collections.migrate_first.docker.plugins.module_utils._job.records import newest_first, record
from ansible_collections.migrate_first.docker.plugins.module_utils._module import EngineModule


def main() -> NoReturn:
    module = EngineModule(engine_spec({"name": {"type": "str", "required": True}}))
    try:
        name = checked(module.params["name"])
        runs = observe(DockerEngine(module.params), name).runs(name)
    except ValueError as error:
        module.fail_json(str(error))
    except EngineError as error:
        module.fail_json(f"The records of {module.params['name']} cannot be read: {error}")
    module.exit_json(changed=False, records=[record(run) for run in newest_first(runs)])


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: migration_job
short_description: Run a database migration once, in a container of the new image
version_added: 0.1.0
author: migrate_first contributors (@migrate-first)
description:
  - Runs a job, such as a database migration, in a container of the application's own new image with the
    application's own configuration, waits for its end, and reports the outcome.
  - The container has a fixed name, and the engine refuses a second one of that name. The container is
    therefore the lock, and when it has exited it is the record of the run.
  - A run of the same release that is found running is joined, one that has succeeded is reused. A run of
    another release is kept as a record under the name C(NAME.UTC.ID).
  - The task fails where the outcome is not V(succeeded). Its result is complete in both cases.
options:
  name:
    description: The name of the job, and of its container.
    type: str
    required: true
  command:
    description: The command to run instead of the container's, as a string (split as a shell does it) or a list.
    type: raw
  entrypoint:
    description: The entrypoint to use instead of the container's.
    type: list
    elements: str
  env:
    description: Environment variables for the job alone, added to those of O(container.env). Values are strings.
    type: dict
  secret_env:
    description: Like O(env), with values that are never shown. See O(container.secret_env).
    type: dict
  release:
    description:
      - The release that the run belongs to, for example a commit or the number of a build.
      - By default this invocation of C(ansible-playbook). With a release of your own, a repeated invocation
        does not migrate again once the release has migrated.
    type: str
  timeout:
    description:
      - How long one run may take, as seconds (V(900)) or with units (V(15m)). V(0) is for no deadline.
      - At the deadline the container is stopped, and the outcome is V(timed_out).
    type: str
    default: "3600"
  stop_timeout:
    description: Seconds between the stop signal and SIGKILL, when the run has to be stopped.
    type: int
    default: 30
  pull:
    description: Whether the image is pulled on the runner V(always), when it is V(missing) there, or V(never).
    type: str
    choices: [always, missing, never]
    default: missing
  keep:
    description:
      - How many records of ended runs are kept, this one included.
      - The newest success and the records of this invocation are never removed.
    type: int
    default: 5
  max_output:
    description: How much of the end of each output stream is returned, in bytes (V(65536)) or with a unit (V(64K)).
    type: bytes
    default: 64K
  on_busy:
    description:
      - What to do while a run of another release holds the job, V(wait) or V(fail).
      - That run is never stopped, unless its own deadline has passed.
    type: str
    choices: [wait, fail]
    default: wait
  busy_timeout:
    description: How long to wait for another release, as seconds or with units.
    type: str
    default: "3600"
  reconnect_timeout:
    description:
      - How long a lost connection to the runner is tried again, as seconds or with units.
      - The job goes on meanwhile. When the time has passed, the outcome is V(lost).
    type: str
    default: "300"
  skip:
    description:
      - Runs nothing, and takes a new fence. The outcome is V(skipped).
      - It is for a deliberate return to an older image, whose tool may not know the newer schema.
    type: bool
    default: false
  retries:
    description: How many more runs there may be, on the outcomes and exit codes of O(retry_on). Each keeps its record.
    type: int
    default: 0
  retry_delay:
    description: How long after a run the next one begins, as seconds or with units. It doubles each time.
    type: str
    default: "5"
  retry_on:
    description:
      - The outcomes V(failed), V(killed), V(not_started), V(out_of_memory), V(timed_out) and the exit codes after which
        there is another run.
    type: list
    elements: str
    default: [not_started]
  unchanged_output:
    description:
      - A regular expression such as C(No migrations to apply). Where the output of a success matches it, the task reports no
        change.
    type: str
  plan_command:
    description:
      - The command that shows the pending migrations without running them, as a string or a list.
      - In check mode it runs in the new image, as the job C(NAME-plan), and its output is RV(plan) and the diff. Without
        it, and where the image does not exist there yet, check mode only predicts.
    type: raw
  before_command:
    description:
      - The command that runs before a run, such as a backup, as a string or a list.
      - It runs in the same image, as the job C(NAME-before), when a run is about to begin and no run of another release
        holds the job. It does not run where the release has migrated, where its run is joined, in check mode, and with
        O(skip).
      - Where it does not succeed, the job is not run. The outcome is V(not_started), with the output of this command.
      - A release that is run again after a failure runs it again, because the data may have changed.
    type: raw
  verify_command:
    description:
      - A command that ends with status 0 where nothing is pending any more, as a string or a list.
      - It runs after a success in the same image, as the job C(NAME-verify). Another status makes the outcome V(failed).
    type: raw
  live:
    description:
      - Whether the log is shown while the job runs, on standard error, each line with the runner's and the job's name.
      - Under C(no_log) it is never shown. While a job writes nothing, a sign of life is shown every 30 seconds.
    type: bool
    default: true
  log_path:
    description:
      - A file on the controller that gets the whole log while the job runs, between a header and a footer.
      - It is created with mode 0600, and appended to. A file that cannot be written is an error before the job starts.
      - Lines that the engine rotates away before they can be read are not in it.
    type: path
  internal:
    description:
      - Internal values of the role R(migrate_first.docker.rollout,ansible_collections.migrate_first.docker.rollout_role)
        and the action plugin. Do not use it in tasks, it can change at any time.
    type: dict
    default: {}
extends_documentation_fragment:
  - migrate_first.docker.container
  - migrate_first.docker.engine
  - migrate_first.docker.attributes
attributes:
  check_mode:
    support: full
    details: Nothing is run. The outcome is V(planned) where a run would be made.
  diff_mode:
    support: partial
    details: In check mode, the output of O(plan_command).
  idempotent:
    support: partial
    details: A release that has migrated does not migrate again; without O(release) each invocation is a release.
  action:
    support: full
"""

EXAMPLES = r"""
- name: Migrate the database of the shop
  migrate_first.docker.migration_job:
    name: shop-migration
    container:
      image: registry.example.com/shop:2.0
      env:
        DATABASE_URL: postgres://shop@db.example.com/shop
      secret_env:
        PGPASSWORD: "{{ vault_shop_db_password }}"
    command: python manage.py migrate --noinput
    timeout: 15m
  delegate_to: app1.example.com
  run_once: true

- name: Learn the exit status without failing
  migrate_first.docker.migration_job:
    name: shop-check
    container:
      image: registry.example.com/shop:2.0
    command: [python, manage.py, migrate, --check]
  register: check
  failed_when: check.exit_code not in [0, 1]
"""

RETURN = r"""
name:
  description: The job's name.
  returned: always
  type: str
  sample: shop-migration
release:
  description: The release that the run belongs to.
  returned: always
  type: str
  sample: build-4711
outcome:
  description:
    - The outcome of the job.
    - V(succeeded), it exited with 0. V(failed), it exited with another status. V(timed_out), it was stopped at its
      deadline. V(out_of_memory), the kernel killed it at its memory limit. V(killed), a signal ended it that its
      deadline did not send. V(not_started), the process was never started. V(lost), nobody knows.
    - V(superseded), it had succeeded, and a newer release has succeeded since.
    - V(planned) in check mode, where a run would be made. V(skipped) where O(skip) asked for none.
  returned: always
  type: str
  sample: succeeded
exit_code:
  description: The exit status, where the container has exited; otherwise null, never 0.
  returned: always
  type: int
  sample: 0
diagnosis:
  description: One sentence for a person, with what to do next.
  returned: always
  type: str
  sample: shop-migration succeeded after 2.1 s.
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
host:
  description: The inventory name of the runner, the host whose engine ran the job.
  returned: always
  type: str
  sample: app1.example.com
engine_id:
  description: The ID of the runner's engine.
  returned: always
  type: str
  sample: 3FZQ:W4YP:6UVV:ZLMG
image:
  description: The image as it was asked for.
  returned: always
  type: str
  sample: registry.example.com/shop:2.0
image_id:
  description: The ID of the image that ran.
  returned: always
  type: str
  sample: sha256:8d4f0b2c
image_digest:
  description: The repository digest of the image that ran; null for an image that was built on the host.
  returned: always
  type: str
  sample: registry.example.com/shop@sha256:51c2a7
command:
  description: What ran, entrypoint and arguments.
  returned: always
  type: list
  elements: str
  sample: [python, manage.py, migrate, --noinput]
attempts:
  description: How many runs were made for this result.
  returned: always
  type: int
  sample: 1
started_at:
  description: When the process was started, in UTC by the engine's clock (ISO 8601).
  returned: always
  type: str
  sample: "2026-11-23T02:00:01.123456+00:00"
finished_at:
  description: When it had exited, in UTC by the engine's clock (ISO 8601).
  returned: always
  type: str
  sample: "2026-11-23T02:00:03.223456+00:00"
duration:
  description: Seconds between the two.
  returned: always
  type: float
  sample: 2.1
stdout:
  description: The end of the standard output, O(max_output) at most, without the values of O(secret_env).
  returned: always
  type: str
  sample: "  Applying shop.0004_split_name... OK"
stdout_lines:
  description: The same as lines.
  returned: always
  type: list
  elements: str
  sample: ["  Applying shop.0004_split_name... OK"]
stderr:
  description: The end of the standard error, like RV(stdout).
  returned: always
  type: str
  sample: ""
stderr_lines:
  description: The same as lines.
  returned: always
  type: list
  elements: str
  sample: []
output_truncated:
  description: Whether one of the streams was longer than O(max_output).
  returned: always
  type: bool
  sample: false
log_path:
  description: The file on the controller that holds the whole log; null where there is none.
  returned: always
  type: str
  sample: null
joined:
  description: Whether a run that was under way was joined.
  returned: always
  type: bool
  sample: false
reused:
  description: Whether a run that had ended before was reported.
  returned: always
  type: bool
  sample: false
fence:
  description: A number that is higher for a newer run, by the runner's clock; null where there was no run.
  returned: always
  type: int
  sample: 1795399201123456
plan:
  description: What a plan command has printed, in check mode; null where there is none.
  returned: always
  type: str
  sample: null
changed:
  description: Whether this invocation made a run, however often the module had to be executed for it.
  returned: always
  type: bool
  sample: true
ansible_facts:
  description: The result without its output, by the job's name.
  returned: always
  type: dict
  contains:
    migration_jobs:
      description: One entry for each job of this invocation, that of O(before_command) too.
      returned: always
      type: dict
      sample: {"shop-migration": {"outcome": "succeeded", "exit_code": 0}}
"""

from typing import NoReturn
from uuid import uuid4

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.clock import SystemClock
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.docker_engine import DockerEngine
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.log import log_of, log_of_container
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Job
from ansible_collections.migrate_first.docker.plugins.module_utils._job.options import (
    OPTIONS,
    call_from_options,
    job_from_options,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Call, Progress, Reply
from ansible_collections.migrate_first.docker.plugins.module_utils._job.retry import delay_before_retry
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import (
    ResultOrProgress,
    predict,
    result_without_engine,
    run,
    skip,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import LogChunk
from ansible_collections.migrate_first.docker.plugins.module_utils._module import ContainerModule


def main() -> NoReturn:
    module = ContainerModule(OPTIONS)
    try:
        call = call_from_options(module.params, creator=uuid4().hex)
        job = job_from_options(module.params, module.definition(), call)
        reply, ended = _execute(module, job, call)
    except ValueError as error:
        module.fail(str(error))
    if isinstance(ended, Progress):
        module.exit_json(changed=False, **reply.returned())
    for warning in ended.warnings:
        module.warn(warning)
    if ended.proceed:
        module.exit_json(**ended.returned(), **reply.returned())
    module.fail(ended.diagnosis, **ended.returned(), **reply.returned())


def _execute(module: ContainerModule, job: Job, call: Call) -> tuple[Reply, ResultOrProgress]:
    try:
        engine = DockerEngine(module.params)
    except EngineError as error:
        return _reply(job, call, result_without_engine(job, call, None, error))
    if call.log and call.log.rest_of:
        nothing = Progress("")
        return Reply(nothing, log_of_container(engine, job, call.log, call.log.rest_of)), nothing
    if module.params["skip"]:
        return _reply(job, call, skip(engine, job, call))
    # A plan command changes nothing, and is run in check mode.
    if module.check_mode and not call.planning:
        ended = predict(engine, job, call)
    else:
        ended = run(engine, SystemClock(), job, call)
    return _reply(job, call, ended, log_of(engine, job, call.log, ended) if call.log else None)


def _reply(
    job: Job, call: Call, ended: ResultOrProgress, log: LogChunk | None = None
) -> tuple[Reply, ResultOrProgress]:
    if isinstance(ended, Progress):
        return Reply(ended, log), ended
    return Reply(None, log, job.definition.label(), delay_before_retry(job, call.attempt, ended)), ended


if __name__ == "__main__":
    main()

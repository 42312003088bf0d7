# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several controllers at once: of one release, one container is made, whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, docker_lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL, TAKE_A_SECOND
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

MANY = 6


@pytest.mark.parametrize("before", [False, True], ids=["first run", "after another release"])
@pytest.mark.parametrize("invocations", [["a"] * MANY, list("abcdef")], ids=["forks of one", "different ones"])
def test_one_of_many_runs_it(lab: Lab, invocations: list[str], before: bool) -> None:
    if before:
        run_job(lab, job(lab.name("job"), FAIL, release="0", invocation="z"))
    together = Barrier(MANY)

    def carry_out(invocation: str) -> Result:
        own = docker_lab()
        together.wait()
        return run_job(own, job(lab.name("job"), TAKE_A_SECOND, invocation=invocation))

    with ThreadPoolExecutor(MANY) as pool:
        results = list(pool.map(carry_out, invocations))

    runs = [container for container in lab.all() if container.labels["migrate_first.docker.release"] == "1"]
    assert len(runs) == 1
    assert len(lab.all()) == (2 if before else 1)
    assert runs[0].exit_code == 0
    assert {(result.outcome, result.container_id) for result in results} == {("succeeded", runs[0].id)}
    # What an invocation has run is its own, however often the module is executed for it.
    makers = [result for result in results if not result.joined and not result.reused]
    assert len(makers) == (MANY if len(set(invocations)) == 1 else 1)

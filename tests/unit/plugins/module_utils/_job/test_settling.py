# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A state that a container may pass through: some time is given to it, whatever was waited for before."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import SETTLE_GRACE
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, running_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_engine
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock, MemoryEngine
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


@pytest.fixture
def engine() -> MemoryEngine:
    return memory_engine(MemoryClock())


def being_removed(engine: MemoryEngine) -> None:
    for container in engine.containers.values():
        container.state = "removing"


@pytest.mark.parametrize("state", ["restarting", "dead", "removing"])
def test_one_that_does_not_settle_is_lost(engine: MemoryEngine, state: str) -> None:
    lab = Lab(engine, engine.clock)
    found = running_elsewhere(lab, job("job", SERVE))
    engine.containers[found.id].state = state
    result = run_job(lab, job("job", SERVE, invocation="b"))
    assert (result.outcome, result.container_id, result.exit_code) == ("lost", found.id, None)
    assert engine.clock.monotonic() == pytest.approx(SETTLE_GRACE, abs=2)


@pytest.mark.parametrize("long_before", [0, 100], ids=["at once", "after a long wait for another release"])
def test_one_that_is_gone_soon_is_no_reason_to_stop(engine: MemoryEngine, long_before: int) -> None:
    lab = Lab(engine, engine.clock)
    running_elsewhere(lab, job("job", SERVE, release="2", invocation="b"))
    lab.observed.before(
        "find", *[lambda _: None] * long_before, lambda _: being_removed(engine), lambda _: engine.containers.clear()
    )
    result = run_job(lab, job("job"))
    assert (result.outcome, result.changed) == ("succeeded", True)

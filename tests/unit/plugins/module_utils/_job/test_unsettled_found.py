# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container that neither runs nor has exited: it is looked at again, and what stays so is lost."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import SETTLE_GRACE
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_engine
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock, MemoryEngine
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


@pytest.fixture
def engine() -> MemoryEngine:
    return memory_engine(MemoryClock())


def let(engine: MemoryEngine, state: str) -> None:
    (container,) = engine.containers.values()
    container.state, container.exit_code = state, None


def test_one_that_is_being_removed_is_lost(engine: MemoryEngine) -> None:
    lab = Lab(engine, engine.clock)
    lab.observed.before("wait", lambda *_: let(engine, "removing"))
    lab.observed.after("inspect", lambda *_: None, lambda *_: engine.containers.clear())
    result = run_job(lab, job("job", SERVE))
    assert (result.outcome, result.exit_code) == ("lost", None)
    assert engine.clock.monotonic() < SETTLE_GRACE


@pytest.mark.parametrize("state", ["dead", "removing"])
def test_one_that_stays_so_is_lost_after_a_while(engine: MemoryEngine, state: str) -> None:
    lab = Lab(engine, engine.clock)
    lab.observed.before("wait", lambda *_: let(engine, state))
    result = run_job(lab, job("job", SERVE))
    assert (result.outcome, result.exit_code) == ("lost", None)
    assert f"The container of job is {state}" in result.diagnosis
    assert engine.clock.monotonic() == pytest.approx(SETTLE_GRACE, abs=1)

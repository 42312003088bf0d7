# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The executor: several tracks at the same time, and what happens to the others where one fails."""

from __future__ import annotations

from typing import cast

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    Engine,
    EngineError,
    NameTaken,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.executor import Executor, NotHealthy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replica, UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.operations import (
    CREATED,
    Create,
    Start,
    WaitUntilHealthy,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.plan import Track
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas


@pytest.fixture
def lab() -> Lab:
    return memory_lab()


def wanted(lab: Lab, count: int) -> tuple[Replica, ...]:
    return replicas("shop", count).wanted(lab.image())


def creation(replica: Replica) -> Track:
    steps = (Create(replica, replica.name), Start(CREATED), WaitUntilHealthy(CREATED))
    return Track(replica.name, "created", steps)


def executor(lab: Lab) -> Executor:
    return Executor(cast(Engine, lab.observed), lab.clock, UpdatePolicy())


def names(lab: Lab) -> list[str]:
    return [container.name for container in lab.outside.named("shop-") if container.running]


def test_a_replica_that_neither_becomes_healthy_nor_ends_fails_in_time(lab: Lab) -> None:
    (replica,) = wanted(lab, 1)
    container_id = lab.outside.create(replica.name, replica.definition, replica.image.id, replica.labels)
    track = Track("shop-1", "kept", (WaitUntilHealthy(container_id),))
    began = lab.clock.monotonic()
    with pytest.raises(NotHealthy, match="shop-1 was not healthy within 35 s; it wrote nothing"):
        executor(lab).execute([(track,)])
    assert 35 <= lab.clock.monotonic() - began < 36


def test_the_other_tracks_of_a_stage_go_on_and_no_later_stage_begins(lab: Lab) -> None:
    first, second, third = map(creation, wanted(lab, 3))
    lab.observed.before("create", failing(EngineError("no space left on device")))
    loop = executor(lab)
    with pytest.raises(EngineError, match="no space left"):
        loop.execute([(first, second), (third,)])
    assert names(lab) == ["shop-2"]
    assert loop.progress.actions == {"shop-2": "created"}


def test_all_stages_are_executed_where_failures_are_only_collected(lab: Lab) -> None:
    first, second = map(creation, wanted(lab, 2))
    lab.observed.before("create", failing(EngineError("no space left on device")))
    assert [str(error) for error in executor(lab).execute_all([(first,), (second,)])] == ["no space left on device"]
    assert names(lab) == ["shop-2"]


def test_a_failure_is_reported_before_a_lost_race(lab: Lab) -> None:
    lost, failed = failing(NameTaken("shop-1 is taken")), failing(EngineError("no space left on device"))
    lab.observed.before("create", lost, failed)
    with pytest.raises(EngineError, match="no space left"):
        executor(lab).execute([tuple(map(creation, wanted(lab, 2)))])


@pytest.mark.parametrize(("cancel_waits", "seconds"), [(True, 0.0), (False, 5.0)])
def test_no_replica_is_waited_for_after_another_one_has_failed(lab: Lab, cancel_waits: bool, seconds: float) -> None:
    began = lab.clock.monotonic()
    lab.observed.before("create", failing(EngineError("no space left on device")))
    with pytest.raises(EngineError, match="no space left"):
        executor(lab).execute([tuple(map(creation, wanted(lab, 2)))], cancel_waits)
    assert seconds <= lab.clock.monotonic() - began < seconds + 1


def test_a_log_that_cannot_be_read_hides_no_failure(lab: Lab) -> None:
    (replica,) = wanted(lab, 1)
    container_id = lab.outside.create(replica.name, replica.definition, replica.image.id, replica.labels)
    lab.observed.breaks("logs", EngineError("the log is gone"))
    with pytest.raises(NotHealthy, match=r"within 35 s \(its log cannot be read: the log is gone\)"):
        executor(lab).execute([(Track("shop-1", "kept", (WaitUntilHealthy(container_id),)),)])

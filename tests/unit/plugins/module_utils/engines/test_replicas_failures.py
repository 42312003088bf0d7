# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas that do not become healthy: the update ends there, and what served before goes on serving."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    EngineError,
    EngineUnreachable,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.reconcile import reconcile
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.lab import NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.ports import free_ports
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    CRASH,
    FAIL_LATE,
    NO_SUCH_PROGRAM,
    SERVE,
    SERVE_HEALTHY,
    SERVE_HEALTHY_LATE,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import HEALTHCHECK, replicas

PATIENT = {"healthcheck": {**HEALTHCHECK, "retries": 100}}
IMPATIENT = {"healthcheck": HEALTHCHECK}


def run_update(
    lab: Lab, count: int, program: Program = SERVE_HEALTHY, container: dict[str, Any] | None = None, **policy: Any
) -> Result:
    wanted = replicas(lab.name("shop"), count, program, container or PATIENT, update=UpdatePolicy(**policy))
    return reconcile(lab.engine, lab.clock, wanted)


def test_an_update_waits_until_each_replica_is_healthy(lab: Lab) -> None:
    result = run_update(lab, 2, SERVE_HEALTHY_LATE)
    assert result.failure == ""
    assert [replica["health"] for replica in result.replicas] == ["healthy", "healthy"]


@pytest.mark.parametrize("order", ["start_first", "stop_first"])
def test_the_next_one_is_not_stopped_before_the_last_one_is_healthy(lab: Lab, order: str) -> None:
    run_update(lab, 2)
    healthy: list[int] = []

    def look(*_arguments: object) -> None:
        healthy.append(sum(container.health == "healthy" for container in lab.all()))

    lab.observed.before("stop", look, look)
    assert run_update(lab, 2, SERVE_HEALTHY_LATE, order=order).failure == ""
    # With start_first the new one serves by then, beside the one that is to be stopped.
    assert healthy == ([3, 3] if order == "start_first" else [2, 2])


#: Replicas that fail: the program, the container, and words of the message.
BROKEN = [
    pytest.param(SERVE, IMPATIENT, "unhealthy; its last lines:\n  | up\n", id="unhealthy"),
    pytest.param(CRASH, PATIENT, "status 3 instead of serving; its last lines:\n  | no database\n", id="crashing"),
    pytest.param(SERVE, {"command": NO_SUCH_PROGRAM}, NO_SUCH_PROGRAM[0], id="not startable"),
]


@pytest.mark.parametrize("order", ["start_first", "stop_first"])
@pytest.mark.parametrize(("program", "container", "words"), BROKEN)
def test_what_ran_before_runs_again_if_a_replica_fails(
    lab: Lab, program: Program, container: dict[str, Any], words: str, order: str
) -> None:
    run_update(lab, 3, container={**PATIENT, "restart_policy": "always"})
    before = lab.all()
    result = run_update(lab, 3, program, {**container, "restart_policy": "always"}, order=order)
    assert words in result.failure
    assert "was rolled back: what ran on this host before runs again" in result.failure
    assert (result.changed, result.rolled_back) == (True, True)
    after = lab.all()
    assert [(it.id, it.name, it.restart_policy) for it in after] == [
        (it.id, it.name, it.restart_policy) for it in before
    ]
    assert [it.health for it in after] == ["healthy"] * 3
    # Of what served all the time, nothing was even stopped.
    touched = [it.started_at for it in after] != [it.started_at for it in before]
    assert not touched or order == "stop_first"


def test_all_that_was_replaced_runs_again_if_a_later_one_fails(lab: Lab) -> None:
    run_update(lab, 3)
    before = lab.all()
    lab.observed.before("create", lambda *_: None, lambda *_: None, failing(EngineError("no space left on device")))
    result = run_update(lab, 3, container={**PATIENT, "image": NEXT_IMAGE})
    assert "no space left on device" in result.failure
    assert [replica["action"] for replica in result.replicas] == ["restored", "restored", "kept"]
    assert [(it.id, it.health) for it in lab.all()] == [(it.id, "healthy") for it in before]


@pytest.mark.parametrize("order", ["start_first", "stop_first"])
def test_a_failed_update_stays_as_it_is_with_failure_action_pause(lab: Lab, order: str) -> None:
    run_update(lab, 3)
    before = lab.all()
    paused = run_update(lab, 3, SERVE, IMPATIENT, order=order, failure_action="pause")
    assert "stays as it is on this host (failure_action is pause)" in paused.failure
    assert (paused.changed, paused.rolled_back) == (True, False)
    suffixes = {"start_first": ["", ".new"], "stop_first": ["", ".old"]}[order]
    there = [lab.name(f"shop-1{suffix}") for suffix in suffixes] + [lab.name("shop-2"), lab.name("shop-3")]
    assert [it.name for it in lab.all()] == there
    # The next release goes on from there. This one is the release from before, so what ran is restored.
    assert run_update(lab, 3).failure == ""
    assert [(it.id, it.health) for it in lab.all()] == [(it.id, "healthy") for it in before]


def test_a_replica_without_a_healthcheck_that_ends_soon_has_failed(lab: Lab) -> None:
    """It has to run for the seconds of monitor."""
    run_update(lab, 2, container={"stop_timeout": 1})
    before = lab.all()
    result = run_update(lab, 2, FAIL_LATE, {"stop_timeout": 1}, monitor=5.0)
    assert "status 4 instead of serving; its last lines:\n  | begun\n" in result.failure
    assert [it.id for it in lab.all()] == [it.id for it in before]


def test_a_crash_loop_is_not_waited_for(lab: Lab) -> None:
    """A replica that is as wanted, and crashes again and again."""
    container = {**PATIENT, "restart_policy": "always"}
    run_update(lab, 1, SERVE_HEALTHY, container)
    lab.outside.stop(lab.all()[0].id, 1)
    lab.outside.remove(lab.all()[0].id)
    wanted = replicas(lab.name("shop"), 1, CRASH, container)
    replica = wanted.wanted(lab.image())[0]
    looping = lab.outside.create(replica.name, replica.definition, replica.image.id, replica.labels)
    lab.outside.start(looping)
    lab.until(lambda: lab.outside.inspect(looping).restarts > 0)
    began = lab.clock.monotonic()
    result = reconcile(lab.engine, lab.clock, wanted)
    assert "ends again and again" in result.failure
    assert "no database" in result.failure
    assert lab.clock.monotonic() - began < 10


def test_an_added_replica_that_fails_is_removed(lab: Lab) -> None:
    run_update(lab, 1)
    before = lab.all()
    result = run_update(lab, 3, SERVE, IMPATIENT)
    assert any(f"{lab.name(name)} runs, but its healthcheck" in result.failure for name in ("shop-2", "shop-3"))
    assert [(it.id, it.health) for it in lab.all()] == [(before[0].id, "healthy")]


def test_an_unhealthy_replica_that_fits_is_a_failure(lab: Lab) -> None:
    run_update(lab, 1, SERVE, IMPATIENT, failure_action="pause")
    result = run_update(lab, 1, SERVE, IMPATIENT)
    assert lab.name("shop-1") in result.failure
    assert "Nothing of" in result.failure
    assert (result.changed, result.rolled_back) == (False, False)


def test_one_over_the_count_that_had_to_make_room_runs_again(lab: Lab) -> None:
    first, *_others, last = free_ports(4)
    run_update(
        lab, 3, SERVE_HEALTHY, {**PATIENT, "restart_policy": "always", "published_ports": [f"{first}-{last - 1}:80"]}
    )
    before = lab.all()
    # What is now the second one's port was the third one's.
    result = run_update(lab, 2, SERVE, {**IMPATIENT, "published_ports": [f"{first + 1}-{last}:80"]})
    assert result.rolled_back
    assert lab.observed.calls["stop"] > 1
    after = lab.all()
    assert [(it.id, it.health, it.restart_policy) for it in after] == [
        (it.id, "healthy", it.restart_policy) for it in before
    ]


def test_a_refusal_of_the_engine_leaves_the_old_replicas_running(lab: Lab) -> None:
    run_update(lab, 2)
    before = lab.all()
    lab.observed.before("create", failing(EngineError("no space left on device")))
    result = run_update(lab, 2, container={**PATIENT, "image": NEXT_IMAGE})
    assert "no space left on device" in result.failure
    assert (result.changed, result.rolled_back) == (False, False)
    assert [(it.id, it.running) for it in lab.all()] == [(it.id, True) for it in before]


def test_an_engine_that_goes_away_during_an_update_is_reported(lab: Lab) -> None:
    lab.observed.after("create", lambda *_: lab.observed.breaks("named", EngineUnreachable("it is away")))
    lab.observed.before("start", failing(EngineUnreachable("it is away")))
    result = run_update(lab, 2)
    assert "it is away" in result.failure
    assert (result.changed, result.replicas) == (True, [])


def test_an_engine_that_is_away_from_the_beginning_is_an_error(lab: Lab) -> None:
    lab.observed.breaks("named", EngineUnreachable("it is away"))
    with pytest.raises(EngineUnreachable):
        run_update(lab, 2)
    assert lab.all() == ()


def test_an_old_replica_that_somebody_else_removes_is_replaced(lab: Lab) -> None:
    run_update(lab, 1)

    def gone(container_id: str, _seconds: int) -> None:
        lab.outside.stop(container_id, 1)
        lab.outside.remove(container_id)

    lab.observed.before("stop", gone)
    result = run_update(lab, 1, container={**PATIENT, "image": NEXT_IMAGE})
    assert result.failure == ""
    assert lab.all()[0].image_id == lab.image(NEXT_IMAGE).id

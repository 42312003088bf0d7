# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas that do not come up: the update ends there, and what served before goes on serving."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    EngineError,
    EngineUnreachable,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.update import Update, update
from ansible_collections.migrate_first.docker.tests.unit.support.lab import NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.ports import free_ports
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    CRASH,
    NO_SUCH_PROGRAM,
    SERVE,
    SERVE_HEALTHY,
    SERVE_HEALTHY_LATE,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import HEALTHCHECK, replicas

PATIENT = {"healthcheck": {**HEALTHCHECK, "retries": 100}}
IMPATIENT = {"healthcheck": HEALTHCHECK}


def updated(lab: Lab, count: int, program: Program = SERVE_HEALTHY, container: dict[str, Any] | None = None) -> Update:
    return update(lab.engine, lab.clock, replicas(lab.name("shop"), count, program, container or PATIENT))


def test_each_is_healthy_in_the_end(lab: Lab) -> None:
    result = updated(lab, 2, SERVE_HEALTHY_LATE)
    assert result.failure == ""
    assert [replica["health"] for replica in result.replicas] == ["healthy", "healthy"]


def test_the_next_is_not_taken_away_before_the_last_is_healthy(lab: Lab) -> None:
    updated(lab, 2)
    health: list[tuple[str | None, ...]] = []

    def look(*_arguments: object) -> None:
        health.append(tuple(container.health for container in lab.all()))

    lab.observed.before("stop", look, look)
    assert updated(lab, 2, SERVE_HEALTHY_LATE).failure == ""
    assert health == [("healthy", "healthy"), ("healthy", "healthy")]


@pytest.mark.parametrize(
    ("program", "container", "status", "word"),
    [
        pytest.param(SERVE, IMPATIENT, "running", "unhealthy", id="unhealthy"),
        pytest.param(CRASH, PATIENT, "exited", "status 3", id="crashing"),
    ],
)
def test_one_that_does_not_come_up_is_the_last(
    lab: Lab, program: Program, container: dict[str, Any], status: str, word: str
) -> None:
    updated(lab, 3)
    before = lab.all()
    result = updated(lab, 3, program, container)
    assert lab.name("shop-1") in result.failure
    assert word in result.failure
    assert result.changed
    assert [(replica["action"], replica["status"]) for replica in result.replicas] == [
        ("replaced", status),
        ("kept", "running"),
        ("kept", "running"),
    ]
    assert [container.id for container in lab.all()[1:]] == [container.id for container in before[1:]]
    assert all(container.health == "healthy" for container in lab.all()[1:])


def test_one_that_cannot_be_started_leaves_nothing_behind(lab: Lab) -> None:
    updated(lab, 3)
    before = lab.all()
    result = updated(lab, 3, SERVE, {"command": NO_SUCH_PROGRAM})
    assert lab.name("shop-1") in result.failure
    assert NO_SUCH_PROGRAM[0] in result.failure
    assert [container.id for container in lab.all()] == [container.id for container in before[1:]]


def test_new_ones_that_do_not_come_up_leave_the_old_ones(lab: Lab) -> None:
    updated(lab, 1)
    before = lab.all()
    result = updated(lab, 3, SERVE, IMPATIENT)
    assert lab.name("shop-2") in result.failure
    assert lab.all()[0].id == before[0].id
    assert lab.all()[0].health == "healthy"


def test_one_that_fits_and_is_unhealthy_is_a_failure(lab: Lab) -> None:
    updated(lab, 1, SERVE, IMPATIENT)
    result = updated(lab, 1, SERVE, IMPATIENT)
    assert lab.name("shop-1") in result.failure
    assert not result.changed


def test_a_taken_host_port_is_named(lab: Lab) -> None:
    (port,) = free_ports(1)
    ports = {"published_ports": [f"127.0.0.1:{port}:8000"]}
    other = replicas(lab.name("other"), 1, container=ports)
    update(lab.engine, lab.clock, other)
    result = updated(lab, 1, SERVE, ports)
    assert str(port) in result.failure
    assert lab.there(lab.name("other-1")).running


def test_an_engine_that_refuses_half_way_leaves_the_rest(lab: Lab) -> None:
    updated(lab, 2)
    before = lab.all()
    lab.observed.before("create", failing(EngineError("no space left on device")))
    result = updated(lab, 2, container={**PATIENT, "image": NEXT_IMAGE})
    assert "no space left on device" in result.failure
    assert result.changed
    assert [container.id for container in lab.all()] == [before[1].id]
    assert lab.all()[0].running


def test_an_engine_that_goes_away_half_way_is_told(lab: Lab) -> None:
    lab.observed.after("create", lambda *_: lab.observed.breaks("named", EngineUnreachable("it is away")))
    lab.observed.before("start", failing(EngineUnreachable("it is away")))
    result = updated(lab, 2)
    assert "it is away" in result.failure
    assert (result.changed, result.replicas) == (True, [])


def test_an_engine_that_is_away_from_the_beginning_is_an_error(lab: Lab) -> None:
    lab.observed.breaks("named", EngineUnreachable("it is away"))
    with pytest.raises(EngineUnreachable):
        updated(lab, 2)
    assert lab.all() == ()


def test_one_that_others_remove_meanwhile_is_replaced_all_the_same(lab: Lab) -> None:
    updated(lab, 1)

    def gone(container_id: str, _seconds: int) -> None:
        lab.outside.stop(container_id, 1)
        lab.outside.remove(container_id)

    lab.observed.before("stop", gone)
    result = updated(lab, 1, container={**PATIENT, "image": NEXT_IMAGE})
    assert result.failure == ""
    assert lab.all()[0].image_id == lab.image(NEXT_IMAGE).id

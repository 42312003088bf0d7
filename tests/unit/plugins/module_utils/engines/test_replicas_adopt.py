# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers that other tools have made under the names of replicas: replaced on demand, and not lost."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import RestartPolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.reconcile import reconcile
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.interrupted import Killed
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import foreign
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import CRASH, SERVE, Program
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition, replicas

ORDERS = pytest.mark.parametrize("order", ["start_first", "stop_first"])


def made_by_others(lab: Lab) -> list[str]:
    wanted = definition(SERVE, restart_policy="unless-stopped", stop_timeout=1)
    return [foreign(lab, lab.name(f"shop-{number}"), wanted).id for number in (1, 2)]


def updated(lab: Lab, order: str, program: Program = SERVE, **fields: Any) -> Result:
    wanted = replicas(lab.name("shop"), 2, program, update=UpdatePolicy(order), **{"adopt": True, **fields})
    return reconcile(lab.engine, lab.clock, wanted)


@ORDERS
def test_they_are_replaced(lab: Lab, order: str) -> None:
    others = made_by_others(lab)
    result = updated(lab, order)
    assert (result.failure, result.changed) == ("", True)
    assert [replica["action"] for replica in result.replicas] == ["replaced", "replaced"]
    assert [it.name for it in lab.all()] == [lab.name("shop-1"), lab.name("shop-2")]
    assert not {it.id for it in lab.all()} & set(others)


@ORDERS
def test_they_run_again_where_the_new_ones_do_not_come_up(lab: Lab, order: str) -> None:
    others = made_by_others(lab)
    result = updated(lab, order, CRASH)
    assert result.rolled_back
    assert [(it.id, it.running, it.restart_policy) for it in lab.all()] == [
        (container_id, True, RestartPolicy("unless-stopped")) for container_id in others
    ]


@ORDERS
@pytest.mark.parametrize("adopt", [True, False])
def test_an_adoption_that_was_interrupted_goes_on(lab: Lab, order: str, adopt: bool) -> None:
    """One that is to be replaced is known by what was made to replace it, whatever it was called by then."""
    made_by_others(lab)
    lab.outside.stop(lab.there(lab.name("shop-2")).id, 1)
    lab.outside.remove(lab.there(lab.name("shop-2")).id)
    for call in ("stop", "rename"):
        lab.observed.after(call, failing(Killed()))
    with pytest.raises(Killed):
        updated(lab, order)
    assert len(lab.all()) == 3
    lab.observed.forget()
    assert updated(lab, order, adopt=adopt).failure == ""
    assert [it.name for it in lab.all()] == [lab.name("shop-1"), lab.name("shop-2")]


def test_the_restart_policy_of_one_that_was_put_aside_is_remembered(lab: Lab) -> None:
    (first, second) = made_by_others(lab)
    lab.observed.after("stop", failing(Killed()))
    with pytest.raises(Killed):
        updated(lab, "stop_first")
    assert lab.outside.inspect(first).restart_policy == RestartPolicy()
    lab.observed.forget()
    assert updated(lab, "stop_first", CRASH).rolled_back
    assert [(it.id, it.running, it.restart_policy) for it in lab.all()] == [
        (container_id, True, RestartPolicy("unless-stopped")) for container_id in (first, second)
    ]

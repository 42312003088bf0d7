# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers that other tools have made under the names of replicas are replaced on demand, and not lost."""

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


def make_foreign(lab: Lab) -> list[str]:
    wanted = definition(SERVE, restart_policy="unless-stopped", stop_timeout=1)
    return [foreign(lab, lab.name(f"shop-{number}"), wanted).id for number in (1, 2)]


def run_update(lab: Lab, order: str, program: Program = SERVE, **fields: Any) -> Result:
    # On a busy machine, one that crashes may be seen running for a moment.
    policy = UpdatePolicy(order, monitor=1.0 if program is CRASH else None)
    wanted = replicas(lab.name("shop"), 2, program, update=policy, **{"adopt": True, **fields})
    return reconcile(lab.engine, lab.clock, wanted)


@ORDERS
def test_foreign_containers_are_replaced(lab: Lab, order: str) -> None:
    others = make_foreign(lab)
    result = run_update(lab, order)
    assert (result.failure, result.changed) == ("", True)
    assert [replica["action"] for replica in result.replicas] == ["replaced", "replaced"]
    assert [it.name for it in lab.all()] == [lab.name("shop-1"), lab.name("shop-2")]
    assert not {it.id for it in lab.all()} & set(others)


@ORDERS
def test_foreign_containers_run_again_if_the_new_ones_fail(lab: Lab, order: str) -> None:
    others = make_foreign(lab)
    result = run_update(lab, order, CRASH)
    assert result.rolled_back
    assert [(it.id, it.running, it.restart_policy) for it in lab.all()] == [
        (container_id, True, RestartPolicy("unless-stopped")) for container_id in others
    ]


@ORDERS
@pytest.mark.parametrize("adopt", [True, False])
def test_an_interrupted_adoption_goes_on(lab: Lab, order: str, adopt: bool) -> None:
    """The label of the new container names the one that it replaces, whatever that is called by then."""
    make_foreign(lab)
    lab.outside.stop(lab.there(lab.name("shop-2")).id, 1)
    lab.outside.remove(lab.there(lab.name("shop-2")).id)
    for call in ("stop", "rename"):
        lab.observed.after(call, failing(Killed()))
    with pytest.raises(Killed):
        run_update(lab, order)
    assert len(lab.all()) == 3
    lab.observed.forget()
    assert run_update(lab, order, adopt=adopt).failure == ""
    assert [it.name for it in lab.all()] == [lab.name("shop-1"), lab.name("shop-2")]


def test_the_restart_policy_of_a_stopped_foreign_container_is_restored(lab: Lab) -> None:
    (first, second) = make_foreign(lab)
    lab.observed.after("stop", failing(Killed()))
    with pytest.raises(Killed):
        run_update(lab, "stop_first")
    assert lab.outside.inspect(first).restart_policy == RestartPolicy()
    lab.observed.forget()
    assert run_update(lab, "stop_first", CRASH).rolled_back
    assert [(it.id, it.running, it.restart_policy) for it in lab.all()] == [
        (container_id, True, RestartPolicy("unless-stopped")) for container_id in (first, second)
    ]

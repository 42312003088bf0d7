# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host that runs the job must be the one that all batches, and all plays with a limit, choose."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible_collections.migrate_first.docker.tests.unit.support.actions import ARGUMENTS, SUCCESS, Action

FIRST = {**ARGUMENTS, "internal": {"runner": "first"}}


class HostVars(dict):  # type: ignore[type-arg]
    """The variables of all hosts, with the inventory behind them as core has it."""

    def __init__(self, limit: str | None = None) -> None:
        self._inventory = InventoryManager(loader=DataLoader(), sources="h1,h2,h3,")
        super().__init__((str(host), {}) for host in self._inventory.get_hosts())
        self._inventory.subset(limit)


def run_task(runner: str, limit: str | None, arguments: dict[str, Any], order: str | None = None) -> tuple[str, Action]:
    action = Action(SUCCESS, arguments=arguments)
    action.play.hosts, action.play.order = "all", order
    facts = {"ansible_limit": limit} if limit else {}
    return str(action.run_task(runner, hostvars=HostVars(limit), **facts)["diagnosis"]), action


@pytest.mark.parametrize(
    ("runner", "limit", "order"),
    [
        pytest.param("h1", None, None, id="no limit"),
        pytest.param("h2", None, None, id="another host without a limit"),
        pytest.param("h1", "h1,h2", None, id="a limit with the first host"),
        pytest.param("h3", "h2,h3", "reverse_inventory", id="a limit with the first host, in another order"),
    ],
)
def test_the_first_host_runs_the_job(runner: str, limit: str | None, order: str | None) -> None:
    _diagnosis, action = run_task(runner, limit, FIRST, order)
    assert len(action.executed) == 1


def test_another_first_host_because_of_a_limit_is_refused() -> None:
    diagnosis, action = run_task("h2", "h2,h3", FIRST)
    assert "first host of the play is h2, and without it h1" in diagnosis
    assert action.executed == []


def test_a_runner_that_was_named_may_be_outside_the_limit() -> None:
    _diagnosis, action = run_task("h2", "h2,h3", ARGUMENTS)
    assert len(action.executed) == 1


def test_a_host_that_is_not_in_the_inventory_is_refused() -> None:
    action = Action(SUCCESS, delegate_to="elsewhere")
    result = action.run_task("h1", hostvars=HostVars())
    assert (result["outcome"], result["failed"], action.executed) == ("not_started", True, [])
    assert "elsewhere" in result["diagnosis"]
    action.connection.reset.assert_not_called()

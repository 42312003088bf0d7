# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An update on the fleet is cut off in the middle, and run again: with the controller, with a host's engine."""

from __future__ import annotations

from typing import Any

import pytest

from support.fleet import Fleet, faults
from tests.fleet import playing
from tests.fleet.playing import Container
from tests.fleet.serving import app
from tests.fleet.serving.app import ONE, TWO
from tests.fleet.serving.client import Client
from tests.fleet.serving.engine_proxy import AFTER, HELD
from tests.fleet.serving.proxied import VARIABLES, go_on, proxies, reached

#: The changes of an update of two replicas: a newcomer is created, started, two names are swapped, the old one is stopped,
#: and at the end both old ones are removed.
CHANGES = 12

#: Each host is cut off at another change, so that four plays reach all.
AT = [(first, first + 4, first + 8) for first in range(1, CHANGES // 3 + 1)]

ALWAYS: dict[str, Any] = {"rollout_replica_container": {"restart_policy": "always"}}


@pytest.mark.parametrize("order", ["start_first", "stop_first"])
@pytest.mark.parametrize("moment", [AFTER, HELD])
@pytest.mark.parametrize("numbers", AT, ids=lambda numbers: "-".join(map(str, numbers)))
def test_a_killed_controller(fleet: Fleet, client: Client, order: str, moment: str, numbers: tuple[int, ...]) -> None:
    """The modules that it has begun on the hosts are killed with it; or they go on without it, beside those of the next."""
    _rolled_out(fleet, app.variables(ONE, order))
    with client, proxies(fleet.hosts, *numbers, moment=moment):
        with playing.controller(fleet, app.variables(TWO, order, **VARIABLES)) as controller:
            reached(fleet.hosts)
            controller.kill()
        if moment == HELD:
            go_on(fleet.hosts)
        _rolled_out(fleet, app.variables(TWO, order))
        client.sees_only("2")
    assert client.failed == []
    for containers in _there(fleet):
        assert [(it.name, it.state) for it in containers] == [("app-1", "running"), ("app-2", "running")]


@pytest.mark.parametrize("order", ["start_first", "stop_first"])
def test_there_are_no_more_changes(fleet: Fleet, order: str) -> None:
    _rolled_out(fleet, app.variables(ONE, order))
    with proxies(fleet.hosts, CHANGES + 1):
        _rolled_out(fleet, app.variables(TWO, order, **VARIABLES))


# The restart policies are changes too: here an old one was just stopped, or the new one started after that.
@pytest.mark.parametrize(("order", "number"), [("start_first", 7), ("stop_first", 3), ("stop_first", 6)])
def test_an_engine_that_restarts(fleet: Fleet, order: str, number: int) -> None:
    """What was stopped on purpose does not run afterwards, though all are always to be restarted."""
    host = fleet["h1"]
    _rolled_out(fleet, app.variables(ONE, order, **ALWAYS))
    with (
        proxies(fleet.hosts, number),
        playing.controller(fleet, app.variables(TWO, order, **ALWAYS, **VARIABLES)) as controller,
    ):
        reached(fleet.hosts)
        stopped = {it.id for it in _there(fleet)[0] if it.state != "running"}
        faults.restart_engine(host, kill=True)
        controller.ended()
    assert stopped
    assert not stopped & {it.id for it in _there(fleet)[0] if it.state == "running"}
    _rolled_out(fleet, app.variables(TWO, order, **ALWAYS))
    faults.restart_engine(host, kill=True)
    for containers in _there(fleet):
        assert [(it.name, it.state) for it in containers] == [("app-1", "running"), ("app-2", "running")]


def _rolled_out(fleet: Fleet, variables: dict[str, object]) -> None:
    done = playing.play(fleet, variables)
    assert done.status == 0, done.output


def _there(fleet: Fleet) -> list[list[Container]]:
    return [[it for it in host.containers if app.is_replica(it.name)] for host in playing.look(fleet)]

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An update on the fleet is cut off in the middle, and run again: with the controller, with a host's engine."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fleet import Fleet, faults, playing
from tests.fleet.playing import Container
from tests.fleet.serving import app
from tests.fleet.serving.app import ONE, TWO
from tests.fleet.serving.client import Client
from tests.fleet.serving.proxied import VARIABLES, killed, proxies

# In start_first the 3rd change takes the old one's name away, and the 5th stops it; in stop_first the 2nd stops it, and
# the 5th starts the new one.
AT = [("start_first", 3), ("start_first", 5), ("stop_first", 2), ("stop_first", 5)]

ALWAYS: dict[str, Any] = {"rollout_replica_container": {"restart_policy": "always"}}


@pytest.mark.parametrize(("order", "number"), AT)
def test_a_killed_controller(fleet: Fleet, client: Client, order: str, number: int) -> None:
    """The modules that it has begun on the hosts are killed with it."""
    _rolled_out(fleet, app.variables(ONE, order))
    with client:
        with (
            proxies(fleet.hosts, number),
            playing.controller(fleet, app.variables(TWO, order, **VARIABLES)) as controller,
        ):
            killed(fleet.hosts)
            controller.kill()
        _rolled_out(fleet, app.variables(TWO, order))
        client.sees_only("2")
    assert client.failed == []
    for containers in _there(fleet):
        assert [(it.name, it.state) for it in containers] == [("app-1", "running"), ("app-2", "running")]


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
        killed(fleet.hosts)
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

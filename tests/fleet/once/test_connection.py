# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection to the runner breaks while the migration runs: it goes on, and is found again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from support.fleet import Fleet, faults
from support.fleet.nodes import Node
from tests.fleet import playing
from tests.fleet.once import awaiting, plays
from tests.fleet.once.promises import kept, replicas

ALL = [["1", "1"]] * 3
NONE: list[list[str]] = [[]] * 3

#: How long the job takes: longer than each of the faults.
SECONDS = 15


def kill_sessions(host: Node) -> None:
    """Once, and once more when it has been taken up again."""
    faults.kill_sessions(host)


def sshd_away(host: Node) -> None:
    """Nobody gets in for ten seconds."""
    faults.stop_sshd(host, sessions=True)
    time.sleep(10)
    faults.start_sshd(host)


def silent(host: Node) -> None:
    """Every packet is dropped for half a minute, and no connection is closed."""
    faults.silence(host)
    time.sleep(30)
    faults.unsilence(host)


@pytest.mark.parametrize(
    ("fault", "seconds", "env"),
    [
        pytest.param(kill_sessions, 8, {}, id="sessions killed"),
        pytest.param(kill_sessions, 8, {"ANSIBLE_SSH_RETRIES": "3"}, id="sessions killed and core tries again"),
        pytest.param(kill_sessions, 8, {"ANSIBLE_PIPELINING": "0"}, id="sessions killed without pipelining"),
        pytest.param(sshd_away, SECONDS, {}, id="sshd away for ten seconds"),
        pytest.param(silent, 20, {}, id="silent for half a minute"),
    ],
)
def test_the_job_goes_on(fleet: Fleet, fault: Callable[[Node], None], seconds: float, env: dict[str, str]) -> None:
    with playing.controller(fleet, plays.variables(seconds=seconds), env=env) as controller:
        awaiting.begun(fleet)
        fault(fleet["h1"])
        done = controller.ended()
    assert done.status == 0, done.output
    assert [run.status for run in kept(fleet)] == [0]
    assert replicas(fleet) == ALL


def test_a_runner_that_does_not_come_back_is_lost(fleet: Fleet) -> None:
    options: dict[str, Any] = {"rollout_migration": {"reconnect_timeout": "5s"}}
    with playing.controller(fleet, plays.variables(seconds=SECONDS, **options)) as controller:
        awaiting.begun(fleet)
        faults.stop_sshd(fleet["h1"], sessions=True)
        try:
            done = controller.ended()
        finally:
            faults.start_sshd(fleet["h1"])
    assert done.status != 0
    assert "Outcome: lost, on h1" in done.message
    assert replicas(fleet) == NONE


@pytest.mark.parametrize("kill", [False, True], ids=["restarted", "killed"])
def test_an_engine_that_restarts_is_never_a_success(fleet: Fleet, kill: bool) -> None:
    with playing.controller(fleet, plays.variables(seconds=8)) as controller:
        awaiting.begun(fleet)
        faults.restart_engine(fleet["h1"], kill=kill)
        done = controller.ended()
    assert done.status != 0
    assert "Outcome: lost, on h1" in done.message
    assert replicas(fleet) == NONE
    kept(fleet)

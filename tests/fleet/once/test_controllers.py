# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Controllers that die, and controllers that are several."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from typing import Any

import pytest

from support.fleet import Fleet
from tests.fleet import playing
from tests.fleet.once import awaiting, plays
from tests.fleet.once.promises import kept, replicas

ALL = [["1", "1"]] * 3


@pytest.mark.parametrize(
    ("number", "ended"),
    [
        pytest.param(signal.SIGKILL, False, id="SIGKILL"),
        pytest.param(signal.SIGTERM, False, id="SIGTERM"),
        pytest.param(signal.SIGINT, False, id="SIGINT"),
        pytest.param(signal.SIGKILL, True, id="SIGKILL, and it has ended by then"),
    ],
)
@pytest.mark.parametrize("release", [None, "build-1"], ids=["default release", "explicit release"])
def test_a_killed_controller(fleet: Fleet, number: signal.Signals, release: str | None, ended: bool) -> None:
    named: dict[str, Any] = {"rollout_release": release} if release else {}
    variables = plays.variables(seconds=5, **named)
    with playing.controller(fleet, variables) as controller:
        awaiting.begun(fleet)
        controller.kill(number)
    if ended:
        awaiting.over(fleet)
    done = playing.play(fleet, variables)
    assert done.status == 0, done.output
    found = kept(fleet, successes=1 if release else 2)
    assert [run.status for run in found] == ([0] if release else [0, 0])
    assert replicas(fleet) == ALL
    if not release and not ended:
        assert "app-migration is running for the release" in done.output


@pytest.mark.parametrize("count", [2, 5])
def test_several_controllers_with_one_release(fleet: Fleet, count: int) -> None:
    variables = plays.variables(seconds=5, rollout_release="build-1", rollout_serial=3)
    with ExitStack() as stack:
        controllers = [stack.enter_context(playing.controller(fleet, variables)) for _number in range(count)]
        done = [controller.ended() for controller in controllers]
    assert [run.status for run in kept(fleet)] == [0]
    assert replicas(fleet) == ALL
    assert any(it.status == 0 for it in done), done[0].output


@pytest.mark.parametrize("count", [2, 5])
def test_several_controllers_with_different_releases(fleet: Fleet, count: int) -> None:
    releases = [plays.variables("12"[number % 2], seconds=2, rollout_serial=3) for number in range(count)]
    with ExitStack() as stack:
        controllers = [stack.enter_context(playing.controller(fleet, variables)) for variables in releases]
        done = [controller.ended() for controller in controllers]
    found = kept(fleet, successes=count)
    assert [run.status for run in found] == [0] * count, [it.output for it in done]
    last = found[-1].version
    assert replicas(fleet) == [[last, last]] * 3, [it.message for it in done]


def test_a_deadline_that_passed_unwatched_is_kept_by_the_next(fleet: Fleet) -> None:
    options: dict[str, Any] = {"rollout_migration": {"timeout": "4s", "stop_timeout": 1}}
    with playing.controller(fleet, plays.variables(seconds=600, **options)) as controller:
        awaiting.begun(fleet)
        controller.kill()
    done = playing.play(fleet, plays.variables("2"))
    assert done.status == 0, done.output
    assert [(run.version, run.status) for run in kept(fleet)] == [("1", None), ("2", 0)]
    assert replicas(fleet) == [["2", "2"]] * 3


def test_who_may_not_wait_fails(fleet: Fleet) -> None:
    with playing.controller(fleet, plays.variables(seconds=10)) as controller:
        awaiting.begun(fleet)
        done = playing.play(fleet, plays.variables("2", rollout_migration={"on_busy": "fail"}))
        assert done.status != 0
        assert "app-migration is running for the release" in done.message
        assert controller.ended().status == 0
    assert [(run.version, run.status) for run in kept(fleet)] == [("1", 0)]
    assert replicas(fleet) == ALL


def test_a_controller_whose_clock_is_an_hour_off(fleet: Fleet) -> None:
    ahead = playing.play(fleet, plays.variables("1"), wrapper=["faketime", "-f", "+1h"])
    assert ahead.status == 0, ahead.output
    behind = playing.play(fleet, plays.variables("2"), wrapper=["faketime", "-f", "-1h"])
    assert behind.status == 0, behind.output
    assert [(run.version, run.status) for run in kept(fleet)] == [("1", 0), ("2", 0)]
    assert replicas(fleet) == [["2", "2"]] * 3

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes before a release and after it is done once, and after it only where every host has the release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.fleet import Fleet, run_in
from tests.fleet import playing
from tests.fleet.once import plays
from tests.fleet.once.plays import play, role
from tests.fleet.once.promises import replicas

READ = 'cat "/var/lib/docker/volumes/$1/_data/phases" 2>/dev/null || true'

START = role("start_replicas")
FINISH = role("finish")

SHAPES: dict[str, list[plays.Play]] = {
    "serial": [play(role(), serial=1), play(FINISH)],
    "free": [play(role(), strategy="free"), play(FINISH)],
    "twice": [play(role("migrate")), play(START), play([*START, *FINISH, *FINISH])],
}


def _variables(*, before: str = "true", **others: object) -> dict[str, Any]:
    def note(word: str, end: str = "true") -> list[str]:
        return ["sh", "-c", f"sleep 0.5; echo {word} >>/data/phases; {end}"]

    commands = {
        "rollout_before_command": note("before", before),
        "rollout_migration_command": note("migration"),
        "rollout_after_command": note("after"),
    }
    return {**plays.variables(), **commands, **others}


def _noted(fleet: Fleet) -> list[str]:
    return [word for host in fleet.hosts for word in run_in(host, READ, playing.VOLUME).split()]


@pytest.mark.parametrize("shape", SHAPES)
def test_each_is_done_once(fleet: Fleet, tmp_path: Path, shape: str) -> None:
    playbook = plays.write(tmp_path, SHAPES[shape])
    done = playing.play(fleet, _variables(), playbooks=[playbook])
    assert done.status == 0, done.output
    assert _noted(fleet) == ["before", "migration", "after"], done.output


@pytest.mark.parametrize("shape", SHAPES)
def test_what_fails_before_stops_all(fleet: Fleet, tmp_path: Path, shape: str) -> None:
    playbook = plays.write(tmp_path, SHAPES[shape])
    done = playing.play(fleet, _variables(before="exit 3"), playbooks=[playbook])
    assert done.status != 0
    assert _noted(fleet) == ["before"], done.output
    assert replicas(fleet) == [[]] * 3


def test_two_controllers_of_a_release_do_each_once(fleet: Fleet) -> None:
    release = _variables(rollout_release="first")
    with playing.controller(fleet, release) as one, playing.controller(fleet, release) as other:
        assert [one.ended().status, other.ended().status] == [0, 0], one.output + other.output
    assert _noted(fleet) == ["before", "migration", "after"]


def test_a_limit_finishes_nothing(fleet: Fleet) -> None:
    done = playing.play(fleet, _variables(rollout_migration_host="h1"), "--limit", "h1,h2")
    assert done.status == 0, done.output
    assert "--limit leaves hosts out" in done.output
    assert _noted(fleet) == ["before", "migration"]


def test_a_host_that_has_failed_is_named_and_finishes_nothing(fleet: Fleet, tmp_path: Path) -> None:
    fails = {"name": "Fail", "ansible.builtin.fail": {}, "when": "inventory_hostname == 'h2'"}
    playbook = plays.write(tmp_path, [play([*role(), fails]), play(FINISH)])
    done = playing.play(fleet, _variables(), playbooks=[playbook])
    assert done.status != 0
    assert "h2 has failed, or cannot be reached" in done.message
    assert _noted(fleet) == ["before", "migration"]

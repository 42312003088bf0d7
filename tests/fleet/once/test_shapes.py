# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever shape a play has, the migration runs once, and before all replicas. The naive way is seen to break it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.fleet import Fleet
from tests.fleet import playing
from tests.fleet.once import plays
from tests.fleet.once.plays import Play, Tasks, naive, play, role
from tests.fleet.once.promises import Broken, kept, replicas

ALL = [["1", "1"]] * 3

Plays = Callable[[Tasks], list[Play]]


def one(**keys: Any) -> Plays:
    """One play with those keys."""
    return lambda tasks: [play(tasks, **keys)]


@dataclass(frozen=True)
class Shape:
    """`breaks`: how often the naive way migrates in this shape, where that is more than once."""

    name: str
    plays: Plays
    options: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    breaks: bool = False


SHAPES = (
    Shape("linear", one()),
    Shape("serial 1", one(serial=1), breaks=True),
    Shape("serial 1 and then all", one(serial=[1, "100%"]), breaks=True),
    Shape("free", one(strategy="free"), breaks=True),
    Shape("host_pinned with two forks", one(strategy="host_pinned"), ("--forks", "2"), breaks=True),
    Shape("serial 1 with free", one(serial=1, strategy="free"), breaks=True),
    Shape("two plays", lambda tasks: [play(tasks), play(tasks)], breaks=True),
    Shape("listed twice", lambda tasks: [play([*tasks, *tasks])], breaks=True),
    Shape("in reverse order", one(order="reverse_inventory", serial=2), breaks=True),
    Shape("facts gathered", one(gather_facts=True)),
    Shape(
        "no facts injected", one(gather_facts=True, serial=1), env={"ANSIBLE_INJECT_FACT_VARS": "False"}, breaks=True
    ),
)


def _id(shape: Shape) -> str:
    return shape.name.replace(" ", "-")


@pytest.mark.parametrize("shape", SHAPES, ids=_id)
def test_runs_once(fleet: Fleet, tmp_path: Path, shape: Shape) -> None:
    playbook = plays.write(tmp_path, shape.plays(role()))
    done = playing.play(fleet, plays.variables(seconds=1), *shape.options, playbooks=[playbook], env=shape.env)
    assert done.status == 0, done.output
    assert [run.succeeded for run in kept(fleet)] == [True], done.output
    assert replicas(fleet) == ALL
    assert playing.answers(fleet) == ["1"] * 6


@pytest.mark.parametrize("shape", SHAPES, ids=_id)
def test_a_failure_counts_for_all(fleet: Fleet, tmp_path: Path, shape: Shape) -> None:
    playbook = plays.write(tmp_path, shape.plays(role()))
    done = playing.play(fleet, plays.variables(status=3), *shape.options, playbooks=[playbook], env=shape.env)
    assert done.status != 0
    assert [run.status for run in kept(fleet)] == [3], done.output
    assert replicas(fleet) == [[]] * 3


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.breaks], ids=_id)
def test_the_naive_way_breaks(fleet: Fleet, tmp_path: Path, shape: Shape) -> None:
    playbook = plays.write(tmp_path, shape.plays(naive()))
    done = playing.play(fleet, plays.variables(seconds=1), *shape.options, playbooks=[playbook], env=shape.env)
    assert done.status == 0, done.output
    with pytest.raises(Broken, match="once"):
        kept(fleet)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that are not there, not meant, or reached otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.fleet import Fleet, faults
from support.fleet.nodes import run_in
from tests.fleet import playing
from tests.fleet.once import plays
from tests.fleet.once.plays import naive, play, role
from tests.fleet.once.promises import Broken, kept, replicas

NONE: list[list[str]] = [[]] * 3


def test_a_limit_that_leaves_the_runner_out_is_refused(fleet: Fleet) -> None:
    done = playing.play(fleet, plays.variables(), "--limit", "h2:h3")
    assert done.status != 0
    assert "set rollout_migration_host (h1)" in done.message
    assert kept(fleet) == []
    assert replicas(fleet) == NONE


def test_the_naive_way_takes_another_runner(fleet: Fleet, tmp_path: Path) -> None:
    playbook = plays.write(tmp_path, [play(naive())])
    for limit in ("h1", "h2:h3"):
        playing.play(fleet, plays.variables(), "--limit", limit, playbooks=[playbook])
    with pytest.raises(Broken, match="once"):
        kept(fleet)


@pytest.mark.parametrize(
    ("limit", "host", "expected"),
    [("h2:h3", "h1", [[], ["1", "1"], ["1", "1"]]), ("h1", None, [["1", "1"], [], []])],
    ids=["the runner is named", "the runner is in it"],
)
def test_a_limit_with_the_same_runner(fleet: Fleet, limit: str, host: str | None, expected: list[list[str]]) -> None:
    named: dict[str, Any] = {"rollout_migration_host": host} if host else {}
    done = playing.play(fleet, plays.variables(**named), "--limit", limit)
    assert done.status == 0, done.output
    assert [(run.host, run.status) for run in kept(fleet)] == [("h1", 0)]
    assert replicas(fleet) == expected


@pytest.mark.parametrize("keys", [{}, {"serial": 1}, {"strategy": "free"}], ids=["linear", "serial", "free"])
@pytest.mark.parametrize("ignoring", [False, True], ids=["heeded", "ignore_unreachable"])
def test_a_runner_that_cannot_be_reached(fleet: Fleet, tmp_path: Path, keys: dict[str, object], ignoring: bool) -> None:
    playbook = plays.write(tmp_path, [play(role(), **keys, **({"ignore_unreachable": True} if ignoring else {}))])
    faults.stop_sshd(fleet["h1"], sessions=True)
    try:
        done = playing.play(fleet, plays.variables(), playbooks=[playbook])
    finally:
        faults.start_sshd(fleet["h1"])
    assert done.status != 0
    assert kept(fleet) == []
    assert replicas(fleet) == NONE


@pytest.mark.parametrize("keys", [{}, {"serial": 1}, {"strategy": "free"}], ids=["linear", "serial", "free"])
def test_the_runners_engine_is_down(fleet: Fleet, tmp_path: Path, keys: dict[str, object]) -> None:
    playbook = plays.write(tmp_path, [play(role(), **keys)])
    faults.stop_engine(fleet["h1"])
    try:
        done = playing.play(fleet, plays.variables(), playbooks=[playbook])
    finally:
        faults.start_engine(fleet["h1"])
    assert done.status != 0
    assert kept(fleet) == []
    assert replicas(fleet) == NONE


def test_an_engine_that_each_host_has_at_another_address(fleet: Fleet, tmp_path: Path) -> None:
    for host in fleet.hosts:
        run_in(host, 'ln -sf docker.sock "/run/docker-$1.sock"', host.name)
    playbook = plays.write(tmp_path, [play(role(), serial=1)])
    address = {"docker_host": "unix:///run/docker-{{ inventory_hostname }}.sock"}
    done = playing.play(fleet, plays.variables(rollout_docker=address), playbooks=[playbook])
    assert done.status == 0, done.output
    assert [(run.host, run.status) for run in kept(fleet)] == [("h1", 0)]
    assert replicas(fleet) == [["1", "1"]] * 3


def test_another_runner_in_each_batch_is_refused(fleet: Fleet, tmp_path: Path) -> None:
    playbook = plays.write(tmp_path, [play(role(), serial=1)])
    extra = plays.variables(rollout_migration_host="{{ inventory_hostname }}")
    done = playing.play(fleet, extra, playbooks=[playbook])
    assert done.status != 0
    assert [(run.host, run.status) for run in kept(fleet)] == [("h1", 0)]
    assert "name one host for all" in done.message

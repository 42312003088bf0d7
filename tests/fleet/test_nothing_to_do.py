# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release that is there already: one module is executed on a host, and what little is missing is all that is done."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from support.fleet import Fleet, run_in
from tests.fleet import playing
from tests.fleet.once.plays import ROLE, play, write
from tests.fleet.playing import DEPLOY, Play, look

IMAGE = f"{playing.REPOSITORY}:1"


def _play(fleet: Fleet, *options: str, playbook: str | Path = DEPLOY, **others: object) -> Play:
    extra = playing.variables(IMAGE, rollout_release="build-1", **others)
    return playing.play(fleet, extra, *options, playbooks=[playbook])


def _executions(fleet: Fleet, done: Play) -> list[int]:
    """How many modules were executed on each host: pipelined, each is one command."""
    commands = Counter(re.findall(r"^<(\S+)> SSH: EXEC ", done.output, re.MULTILINE))
    return [commands[host.address] for host in fleet.hosts]


@pytest.fixture(scope="module")
def there(whole_fleet: Fleet) -> Fleet:
    """The fleet with the release on all hosts, as each of the tests leaves it too."""
    playing.prepare(whole_fleet)
    done = _play(whole_fleet)
    assert done.status == 0, done.output
    return whole_fleet


def test_one_module_is_executed_on_each_host(there: Fleet) -> None:
    before = look(there)
    done = _play(there, "-vvv")
    assert done.status == 0, done.output
    assert _executions(there, done) == [1, 1, 1]
    assert look(there) == before
    assert re.findall(r"changed=(\d+)", done.output) == ["0"] * 3


@pytest.mark.parametrize("shape", ["deploy", "one play by batches"])
def test_one_host_has_less_than_all(there: Fleet, tmp_path: Path, shape: str) -> None:
    before = look(there)
    run_in(there["h2"], "docker container rm --force app-2")
    include = [{"name": "Roll out", "ansible.builtin.include_role": {"name": ROLE}}]
    playbook = DEPLOY if shape == "deploy" else write(tmp_path, [play(include, serial=1)])
    done = _play(there, "-vvv", "--limit=h1,h2", playbook=playbook, rollout_serial=1)
    assert done.status == 0, done.output
    assert _executions(there, done)[0] > 1, "nobody has asked the runner again before something was started"
    h1, h2, h3 = look(there)
    assert (h1, h3) == (before[0], before[2])
    assert [it.name for it in h2.replicas()] == ["app-1", "app-2"]
    assert h2.replicas()[0] == before[1].replicas()[0]
    assert h2.replicas()[1].state == "running"


def test_what_runs_and_is_not_healthy_is_not_all(there: Fleet) -> None:
    before = look(there)
    run_in(there["h3"], "docker container pause app-1")
    try:
        done = _play(there)
    finally:
        run_in(there["h3"], "docker container unpause app-1")
    assert done.status != 0
    assert "[h3] app-1 is paused" in done.message
    assert look(there) == before


def test_what_is_wanted_around_the_replicas_is_done_all_the_same(there: Fleet, tmp_path: Path) -> None:
    """A host that an earlier run has taken out has to come back."""
    before = look(there)
    note = {"name": "Note it", "ansible.builtin.command": "touch /tmp/back", "changed_when": True}
    (tmp_path / "back.yml").write_text(json.dumps([note]), encoding="utf-8")
    done = _play(there, rollout_after_host=str(tmp_path / "back.yml"))
    assert done.status == 0, done.output
    assert [run_in(host, "ls /tmp/back") for host in there.hosts] == ["/tmp/back"] * 3
    assert look(there) == before


def test_people_who_start_their_replicas_themselves_have_the_runner_asked(there: Fleet, tmp_path: Path) -> None:
    include = [{"name": "Migrate", "ansible.builtin.include_role": {"name": ROLE, "tasks_from": "migrate"}}]
    playbook = write(tmp_path, [play(include)])
    for _time in range(2):
        done = _play(there, "-vvv", playbook=playbook, rollout_name="own")
        assert done.status == 0, done.output
    runner, *others = _executions(there, done)
    assert (runner > 1, others) == (True, [1, 1])

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No way of calling the role starts a replica without the success of this release."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.fleet import Fleet
from tests.fleet import playing
from tests.fleet.once import plays
from tests.fleet.once.plays import Tasks, naive, play, role
from tests.fleet.once.promises import Broken, kept, replicas

ALL = [["1", "1"]] * 3
NONE: list[list[str]] = [[]] * 3


def _play(fleet: Fleet, folder: Path, tasks: Tasks, variables: dict[str, object], *options: str) -> playing.Play:
    """The variables are the play's, so that a task can have others."""
    return playing.play(fleet, {}, *options, playbooks=[plays.write(folder, [play(tasks, vars=variables)])])


def rescuing(tasks: Tasks, then: Tasks) -> Tasks:
    """A caller who goes on after whatever has failed."""
    return [{"name": "Try", "block": tasks, "rescue": [{"name": "Go on", "ansible.builtin.debug": {}}]}, *then]


CALLERS = {
    "rescue": rescuing(role(), role("start_replicas")),
    "ignore_errors": role(ignore_errors=True) + role("start_replicas", ignore_errors=True),
    "ignore_errors in apply": [
        {
            "name": "Roll out",
            "ansible.builtin.include_role": {"name": plays.ROLE, "apply": {"ignore_errors": True}},
        }
    ],
}


@pytest.mark.parametrize("caller", CALLERS)
def test_nothing_starts_after_a_failure(fleet: Fleet, tmp_path: Path, caller: str) -> None:
    done = _play(fleet, tmp_path, CALLERS[caller], plays.variables(status=3))
    assert [run.status for run in kept(fleet)] == [3], done.output
    assert replicas(fleet) == NONE


@pytest.mark.parametrize("caller", ["rescue", "ignore_errors"])
def test_the_naive_way_starts_them(fleet: Fleet, tmp_path: Path, caller: str) -> None:
    migrate, start = naive()[:1], naive()[1:]
    tasks = {"rescue": rescuing(migrate, start), "ignore_errors": [{**migrate[0], "ignore_errors": True}, *start]}
    _play(fleet, tmp_path, tasks[caller], plays.variables(status=3))
    with pytest.raises(Broken, match="first"):
        kept(fleet)


IMPORTED: Tasks = [
    {
        "name": "Gate",
        "ansible.builtin.import_role": {"name": plays.ROLE, "tasks_from": "migrate"},
        "tags": "migrate",
    },
    {
        "name": "Start",
        "ansible.builtin.import_role": {"name": plays.ROLE, "tasks_from": "start_replicas"},
        "tags": "start",
    },
]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--tags", "start"), id="tags"),
        pytest.param(("--skip-tags", "migrate"), id="skip-tags"),
        pytest.param(("--start-at-task", "Start the replicas"), id="start-at-task"),
    ],
)
@pytest.mark.parametrize("status", [0, 3], ids=["succeeds", "fails"])
def test_a_part_of_the_play_starts_nothing_unproven(
    fleet: Fleet, tmp_path: Path, options: tuple[str, ...], status: int
) -> None:
    done = _play(fleet, tmp_path, IMPORTED, plays.variables(status=status), *options)
    found = kept(fleet)
    started = replicas(fleet)
    assert started == NONE or (started == ALL and [run.status for run in found] == [0]), done.output
    if status:
        assert started == NONE


def test_an_include_that_the_first_host_does_not_take_part_in(fleet: Fleet, tmp_path: Path) -> None:
    tasks = role(when="inventory_hostname != 'h1'")
    done = _play(fleet, tmp_path, tasks, plays.variables())
    assert done.status == 0, done.output
    assert [(run.host, run.status) for run in kept(fleet)] == [("h1", 0)]
    assert replicas(fleet) == [[], ["1", "1"], ["1", "1"]]


def test_a_role_that_the_first_host_does_not_take_part_in(fleet: Fleet, tmp_path: Path) -> None:
    condition = {"role": plays.ROLE, "when": "inventory_hostname != 'h1'"}
    playbook = plays.write(tmp_path, [play([], roles=[condition])])
    done = playing.play(fleet, plays.variables(), playbooks=[playbook])
    assert kept(fleet) == []
    assert replicas(fleet) == NONE
    assert done.status != 0
    assert "was skipped for this batch" in done.message


def test_the_gate_alone(fleet: Fleet, tmp_path: Path) -> None:
    done = _play(fleet, tmp_path, role("migrate"), plays.variables())
    assert done.status == 0, done.output
    assert [run.status for run in kept(fleet)] == [0]
    assert replicas(fleet) == NONE


def test_a_stale_result_of_another_rollout_proves_nothing(fleet: Fleet, tmp_path: Path) -> None:
    other = {"rollout_name": "other", "rollout_replicas": 0}
    migrate = role("migrate", vars={**other, "rollout_migration_command": ["true"]})
    start = {"name": "Start", "ansible.builtin.import_role": {"name": plays.ROLE, "tasks_from": "replicas"}}
    done = _play(fleet, tmp_path, [*migrate, start], plays.variables())
    assert done.status == 0, done.output
    assert replicas(fleet) == NONE, done.output


def test_yesterdays_fact_proves_nothing_today(fleet: Fleet, tmp_path: Path) -> None:
    cache = {"ANSIBLE_CACHE_PLUGIN": "jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path / "facts")}
    playbook = plays.write(tmp_path, [play(role(), gather_facts=True)])
    yesterday = playing.play(fleet, plays.variables(), playbooks=[playbook], env=cache)
    assert yesterday.status == 0, yesterday.output
    assert any("migration_jobs" in file.read_text(encoding="utf-8") for file in (tmp_path / "facts").iterdir())
    playing.play(fleet, plays.variables("2", status=3), playbooks=[playbook], env=cache)
    assert [(run.version, run.status) for run in kept(fleet)] == [("1", 0), ("2", 3)]
    assert replicas(fleet) == ALL


def test_check_mode_goes_through_and_starts_nothing(fleet: Fleet, tmp_path: Path) -> None:
    done = _play(fleet, tmp_path, role(), plays.variables(), "--check")
    assert done.status == 0, done.output
    assert kept(fleet) == []
    assert replicas(fleet) == NONE


def test_a_worker_stands_behind_the_gate_of_the_web(fleet: Fleet, tmp_path: Path) -> None:
    worker = {
        "rollout_name": "worker",
        "rollout_migration_name": "app-migration",
        "rollout_replica_container": {"published_ports": []},
        "rollout_replicas": 1,
    }
    tasks = [*role(), *role("start_replicas", vars=worker)]
    done = _play(fleet, tmp_path, tasks, plays.variables(seconds=1))
    assert done.status == 0, done.output
    assert [run.status for run in kept(fleet)] == [0]
    assert [len(host.replicas("worker")) for host in playing.look(fleet)] == [1, 1, 1]


def test_several_jobs_do_not_overwrite_each_others_fact(fleet: Fleet, tmp_path: Path) -> None:
    other = {"rollout_migration_name": "other-migration", "rollout_name": "other", "rollout_replicas": 0}
    command = {"rollout_migration_command": ["sh", "-c", "exit 0"]}
    facts = "ansible_facts.migration_jobs"
    names = {"that": [f"{facts}['app-migration'].outcome == 'succeeded'", f"{facts}['other-migration'] is defined"]}
    assertion = {"name": "Both", "ansible.builtin.assert": names, "when": "inventory_hostname == 'h1'"}
    tasks = [*role("migrate"), *role("migrate", vars={**other, **command}), assertion]
    done = _play(fleet, tmp_path, tasks, plays.variables())
    assert done.status == 0, done.output

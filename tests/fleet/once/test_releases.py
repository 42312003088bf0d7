# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Releases one after the other, and one over the other: the newer one stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.fleet import Fleet
from support.fleet.nodes import run_in
from tests.fleet import playing
from tests.fleet.once import awaiting, journal, plays
from tests.fleet.once.plays import Play, play, role
from tests.fleet.once.promises import kept, replicas
from tests.fleet.playing import Controller

PRUNE = "docker container prune --force"


def _pausing(folder: Path) -> Play:
    """A play that goes on when somebody says so."""
    wait = {"path": str(folder / "go-on"), "sleep": 1, "timeout": 120}
    return play(
        [{"name": "Pause", "ansible.builtin.wait_for": wait, "delegate_to": "localhost", "run_once": True}],
    )


@contextmanager
def _paused(fleet: Fleet, folder: Path, variables: dict[str, object]) -> Iterator[Controller]:
    """A rollout that has migrated, and waits before it starts its replicas."""
    playbook = plays.write(folder, [play(role("migrate")), _pausing(folder), play(role("start_replicas"))])
    with playing.controller(fleet, variables, playbooks=[playbook]) as controller:
        controller.says("TASK [Pause]")
        yield controller


def _go_on(folder: Path) -> None:
    (folder / "go-on").touch()


def _release(fleet: Fleet, version: str, **others: Any) -> playing.Play:
    done = playing.play(fleet, plays.variables(version, rollout_serial=3, **others))
    assert done.status == 0, done.output
    return done


@pytest.mark.parametrize("ignoring", [False, True], ids=["heeded", "ignore_fence"])
def test_an_older_rollout_does_not_undo_a_newer_one(fleet: Fleet, tmp_path: Path, ignoring: bool) -> None:
    older = plays.variables("1", rollout_release="older", rollout_ignore_fence=ignoring)
    with _paused(fleet, tmp_path, older) as controller:
        _release(fleet, "2", rollout_release="newer")
        _go_on(tmp_path)
        done = controller.ended()
    kept(fleet)
    assert done.status != 0
    assert replicas(fleet) == [["2", "2"]] * 3
    assert "the newer release newer" in done.message


def test_an_older_rollout_stops_where_the_newer_one_had_nothing_to_replace(fleet: Fleet, tmp_path: Path) -> None:
    _release(fleet, "1", rollout_release="first")
    before = replicas(fleet)
    with _paused(fleet, tmp_path, plays.variables("2", rollout_release="older")) as controller:
        _release(fleet, "1", rollout_release="newer")
        _go_on(tmp_path)
        done = controller.ended()
    kept(fleet, successes=2)
    assert done.status != 0
    assert "the newer release newer" in done.message
    assert replicas(fleet) == before == [["1", "1"]] * 3


def test_releases_1_and_2_and_1_again(fleet: Fleet) -> None:
    for version in ("1", "2", "1", "1"):
        _release(fleet, version, rollout_release=f"release-{version}")
    found = kept(fleet, successes=2)
    assert [(run.version, run.status) for run in found] == [("1", 0), ("2", 0), ("1", 0)]
    assert replicas(fleet) == [["1", "1"]] * 3


def test_a_deliberate_return_without_a_migration(fleet: Fleet) -> None:
    _release(fleet, "1")
    _release(fleet, "2")
    _release(fleet, "1", rollout_migrate=False)
    assert [(run.version, run.status) for run in kept(fleet)] == [("1", 0), ("2", 0)]
    assert replicas(fleet) == [["1", "1"]] * 3


def test_a_prune_between_two_batches_does_not_migrate_again(fleet: Fleet, tmp_path: Path) -> None:
    with _paused(fleet, tmp_path, plays.variables()) as controller:
        run_in(fleet["h1"], PRUNE)
        _go_on(tmp_path)
        done = controller.ended()
    assert done.status == 0, done.output
    assert [run.status for run in kept(fleet)] == [0]
    assert replicas(fleet) == [["1", "1"]] * 3


def test_a_prune_between_two_invocations_takes_the_record_and_migrates_again(fleet: Fleet) -> None:
    _release(fleet, "1", rollout_release="build-1")
    run_in(fleet["h1"], PRUNE)
    _release(fleet, "1", rollout_release="build-1")
    assert [run.status for run in kept(fleet, successes=2)] == [0, 0]


def test_an_explicit_release_that_has_migrated_does_not_migrate_again(fleet: Fleet) -> None:
    for _time in range(2):
        _release(fleet, "1", rollout_release="build-1")
    assert [run.status for run in kept(fleet)] == [0]


def test_another_definition_migrates_again(fleet: Fleet) -> None:
    _release(fleet, "1", rollout_release="build-1")
    _release(fleet, "1", rollout_release="build-1", rollout_migration={"env": {"DATABASE": "another"}})
    assert [run.status for run in kept(fleet, successes=2)] == [0, 0]


def test_a_failed_release_is_run_again_by_the_next_invocation(fleet: Fleet) -> None:
    failing = plays.variables("1", status=3, rollout_release="build-1")
    for _time in range(2):
        assert playing.play(fleet, failing).status != 0
    assert [run.status for run in kept(fleet)] == [3, 3]
    assert replicas(fleet) == [[], [], []]


CREATE = """
set -e
id=$(docker inspect --format '{{.Id}}' app-migration)
image=$(docker inspect --format '{{.Image}}' app-migration)
labels=$(docker inspect --format '{{range $key, $value := .Config.Labels}}{{println "--label" (print $key "=" $value | printf "%q")}}{{end}}' app-migration)
docker rm "$id" >/dev/null
eval docker create --name app-migration $labels --volume counter:/data '"$image" "$@"'
"""


@pytest.mark.parametrize("late", [False, True], ids=["crashed", "wakes up late"])
def test_a_creator_that_has_not_started_it(fleet: Fleet, late: bool) -> None:
    """Of a job that has run, make one that was only created: by somebody who is gone, or who comes back."""
    playing.play(fleet, plays.variables("2", status=3, rollout_release="elsewhere"))
    run_in(fleet["h1"], CREATE, *journal.job(3))
    with playing.controller(fleet, plays.variables("1", rollout_release="build-1")) as controller:
        controller.says("is about to be started")
        if late:
            run_in(fleet["h1"], "docker start app-migration")
        done = controller.ended()
    assert done.status == 0, done.output
    ours = [run for run in kept(fleet, successes=2) if run.status == 0]
    assert len(ours) == (2 if late else 1)
    assert replicas(fleet) == [["1", "1"]] * 3
    awaiting.no_job_runs(fleet["h1"])

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release on three hosts over SSH, as it goes well and as it stops."""

from __future__ import annotations

import pytest

from support import docker_client
from support.fleet import Fleet, run_in
from tests.fleet import playing
from tests.fleet.playing import Host, look, play, variables

ONE, TWO = (f"{playing.REPOSITORY}:{version}" for version in ("1", "2"))


def _image_ids(hosts: list[Host]) -> list[str]:
    return [replica.image for host in hosts for replica in host.replicas()]


def _replica_ids(hosts: list[Host]) -> list[str]:
    return [replica.id for host in hosts for replica in host.replicas()]


def _migrations(hosts: list[Host]) -> list[tuple[str, ...]]:
    return [host.migrations for host in hosts]


def _id(image: str) -> str | None:
    return docker_client.image_id(image)


def _released(fleet: Fleet, image: str) -> list[Host]:
    done = play(fleet, variables(image))
    assert done.status == 0, done.output
    return look(fleet)


@pytest.mark.parametrize("user", ["root", "admin", "deployer"])
def test_one_migration_and_six_replicas_of_its_image(fleet: Fleet, user: str) -> None:
    extra = variables(ONE, rollout_release="first")
    done = play(fleet, extra, user=user)
    assert done.status == 0, done.output
    hosts = look(fleet)
    assert _migrations(hosts) == [("1",), (), ()]
    (migration,) = [it for host in hosts for it in host.containers if it not in host.replicas()]
    assert migration.image == _id(ONE)
    assert _image_ids(hosts) == [migration.image] * 6
    assert all(migration.finished < replica.created for host in hosts for replica in host.replicas())
    assert playing.answers(fleet) == ["1"] * 6

    again = play(fleet, extra, user=user)
    assert again.status == 0, again.output
    assert look(fleet) == hosts


def test_check_mode_changes_nothing(fleet: Fleet) -> None:
    empty = look(fleet)
    done = play(fleet, variables(ONE), "--check", "--diff")
    assert done.status == 0, done.output
    assert look(fleet) == empty

    hosts = _released(fleet, ONE)
    done = play(fleet, variables(TWO), "--check", "--diff")
    assert done.status == 0, done.output
    assert look(fleet) == hosts


def test_the_next_version_takes_the_place_of_the_first(fleet: Fleet) -> None:
    _released(fleet, ONE)
    hosts = _released(fleet, TWO)
    assert _migrations(hosts) == [("1", "2"), (), ()]
    assert _image_ids(hosts) == [_id(TWO)] * 6
    assert playing.answers(fleet) == ["2"] * 6


def test_a_failed_migration_leaves_the_old_replicas(fleet: Fleet) -> None:
    before = _released(fleet, ONE)
    failing = ["sh", "-c", f"{playing.MIGRATE}; echo no such column: price >&2; exit 3"]
    done = play(fleet, variables(TWO, rollout_migration_command=failing))
    assert done.status != 0
    assert "exited with status 3" in done.message
    assert "| no such column: price" in done.message
    hosts = look(fleet)
    assert _migrations(hosts) == [("1", "2"), (), ()]
    assert _replica_ids(hosts) == _replica_ids(before)
    assert playing.answers(fleet) == ["1"] * 6


def test_a_host_that_fails_stops_the_later_batches(fleet: Fleet) -> None:
    before = _released(fleet, ONE)
    for name in ("h1", "h3"):
        run_in(fleet[name], "mkdir -p /srv/part")
    part = {"mounts": [{"type": "bind", "source": "/srv/part", "target": "/part"}]}
    done = play(fleet, variables(TWO, rollout_serial=1, rollout_replica_container=part))
    assert done.status != 0
    assert {failure[0] for failure in done.failures} == {"h2"}
    assert "/srv/part" in done.message
    h1, h2, h3 = look(fleet)
    assert (h1.migrations, h2.migrations, h3.migrations) == (("1", "2"), (), ())
    assert _image_ids([h1]) == [_id(TWO)] * 2
    assert _id(TWO) not in _image_ids([h2])
    assert h3 == before[2]


def test_a_host_without_the_image_stops_the_release_before_the_migration(fleet: Fleet) -> None:
    three = playing.image("3")
    fleet.load(three, hosts=[fleet["h1"], fleet["h3"]])
    before = look(fleet)
    done = play(fleet, variables(three, rollout_pull="never"))
    assert done.status != 0
    assert (
        f"[h2] app was not changed: this host has no image {three}: it is not there, and pull is never" in done.message
    )
    assert look(fleet) == before

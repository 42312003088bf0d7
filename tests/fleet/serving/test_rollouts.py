# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""While replicas are rolled out, each request is served; what does not come up leaves what served as it was."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from support.fleet import Fleet
from support.fleet.nodes import run_in
from tests.fleet import playing
from tests.fleet.playing import Play
from tests.fleet.serving import app
from tests.fleet.serving.app import CRASHES, DIES, NEVER_HEALTHY, ONE, TWO, Version
from tests.fleet.serving.client import Client

ORDERS = ("start_first", "stop_first")

NAIVE = """
docker rm --force app-1 app-2 >/dev/null
for number in 1 2; do
    docker run --detach --name "app-$number" --network serving "$1" sh -c "$2" >/dev/null
done
"""


def _rolled_out(fleet: Fleet, version: Version, order: str, replicas: int = 2) -> list[list[str]]:
    done = playing.play(fleet, app.variables(version, order, replicas))
    assert done.status == 0, done.output
    return _ids(fleet)


def _ids(fleet: Fleet) -> list[list[str]]:
    """Of each host the containers that bear the name of the application, which all run."""
    hosts = [[it for it in host.containers if app.is_replica(it.name)] for host in playing.look(fleet)]
    assert {it.state for host in hosts for it in host} == {"running"}, hosts
    return [[it.id for it in host] for host in hosts]


def _counts(ids: Sequence[Sequence[str]]) -> list[int]:
    return [len(host) for host in ids]


@pytest.mark.parametrize("order", ORDERS)
def test_a_new_version(fleet: Fleet, client: Client, order: str) -> None:
    before = _rolled_out(fleet, ONE, order)
    with client:
        after = _rolled_out(fleet, TWO, order)
        client.sees_only("2")
    assert client.failed == []
    assert client.versions == [["1", "2"]] * 3
    assert _counts(after) == [2, 2, 2]
    assert not any(set(old) & set(new) for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "version",
    [
        pytest.param(NEVER_HEALTHY, id="never healthy"),
        pytest.param(CRASHES, id="crashes"),
        pytest.param(DIES, id="dies after 3 s"),
    ],
)
def test_a_version_that_does_not_come_up(fleet: Fleet, client: Client, order: str, version: Version) -> None:
    before = _rolled_out(fleet, ONE, order)
    with client:
        done = playing.play(fleet, app.variables(version, order))
        client.sees_only("1")
    assert done.status != 0, done.output
    assert client.failed == []
    assert _ids(fleet) == before
    if order == "start_first":
        assert client.versions == [["1"]] * 3
    assert _rolled_back(done) == {"h1", "h2", "h3"}


def _rolled_back(done: Play) -> set[str]:
    return {host for host, message in done.failures if "was rolled back: what ran on this host before" in message}


@pytest.mark.parametrize("order", ORDERS)
def test_more_replicas_and_fewer_again(fleet: Fleet, client: Client, order: str) -> None:
    before = _rolled_out(fleet, ONE, order)
    with client:
        more = _rolled_out(fleet, ONE, order, replicas=6)
        after = _rolled_out(fleet, ONE, order)
        client.sees_only("1")
    assert client.failed == []
    assert _counts(more) == [6, 6, 6]
    assert [host[:2] for host in more] == before
    assert after == before


@pytest.mark.parametrize("order", ORDERS)
def test_one_replica_alone(fleet: Fleet, client: Client, order: str) -> None:
    """Nothing stands in for it: where it is stopped first, the client is seen to notice."""
    _rolled_out(fleet, ONE, order, replicas=1)
    with client:
        _rolled_out(fleet, TWO, order, replicas=1)
        client.sees_only("2")
    assert bool(client.failed) == (order == "stop_first")


def test_the_naive_way_breaks(fleet: Fleet, client: Client) -> None:
    _rolled_out(fleet, ONE, "start_first")
    with client:
        for host in fleet.hosts:
            run_in(host, NAIVE, TWO.image, app.COMMAND[-1])
        client.sees_only("2")
    assert client.failed

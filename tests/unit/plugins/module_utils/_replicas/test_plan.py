# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from what is there to what is wanted, as one table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import HostPort
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.operations import Drain
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.policy import STOP_FIRST, UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.schedule import Impossible
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.slots import ForeignContainer
from ansible_collections.migrate_first.docker.tests.unit.support.found import running
from ansible_collections.migrate_first.docker.tests.unit.support.planned import (
    FITS,
    OPTIONS,
    WANTED,
    planned,
    there,
    told,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas

#: What is there as shop-1, shop-2, ..., how many are wanted, and the stages: tracks with a comma, the clearing last.
TABLE: list[tuple[list[str], int, str]] = [
    ([], 0, ""),
    ([], 3, "created 1, created 2, created 3"),
    (["runs"], 1, ""),
    (["runs for another release"], 1, ""),
    (["is not healthy yet"], 1, "kept 1"),
    (["was stopped"], 1, "started 1"),
    (["has crashed"], 1, "started 1"),
    (["was created"], 1, "started 1"),
    (["has another image"], 1, "replaced 1 / clear 1"),
    (["has another environment"], 1, "replaced 1 / clear 1"),
    (["has another secret"], 1, "replaced 1 / clear 1"),
    (["has another definition"], 1, "replaced 1 / clear 1"),
    (["was stopped, and has another image"], 1, "replaced 1 / clear 1"),
    (["runs", "runs"], 1, "removed 2"),
    (["runs", "was stopped"], 0, "removed 1, removed 2"),
    (["", "runs"], 1, "created 1 / removed 2"),
    (["", "runs", ""], 3, "created 1, created 3"),
    (["", "is not healthy yet", ""], 3, "created 1, kept 2, created 3"),
    (["has another image", "runs"], 2, "replaced 1 / clear 1"),
    (["has another image", "is not healthy yet"], 2, "kept 2 / replaced 1 / clear 1"),
    (["has another image"], 2, "created 2 / replaced 1 / clear 1"),
    (
        ["has another image", "was stopped", "", "runs"],
        3,
        "started 2, created 3 / replaced 1 / clear 1, removed 4",
    ),
    (["has another image"] * 2 + ["runs"], 2, "replaced 1 / replaced 2 / clear 1, clear 2, removed 3"),
    # What does not serve is replaced before what does, and at once.
    (
        ["has another image", "was stopped, and has another image", "is restarted, and has another image"],
        3,
        "replaced 2 / replaced 1 / replaced 3 / clear 1, clear 2, clear 3",
    ),
]


@pytest.mark.parametrize(("states", "count", "stages"), TABLE, ids=[f"{row[0]} to {row[1]}" for row in TABLE])
def test_the_stages_in_their_order(states: list[str], count: int, stages: str) -> None:
    assert told(planned(there(*states), count)) == stages


@pytest.mark.parametrize(
    ("states", "idle", "changes"),
    [
        (["runs", "runs"], True, False),
        (["runs", "is not healthy yet"], False, False),
        (["runs", "was stopped"], False, True),
        (["runs", "runs", "runs"], False, True),
    ],
)
def test_there_is_nothing_to_do_where_all_are_wanted_and_healthy(states: list[str], idle: bool, changes: bool) -> None:
    way = planned(there(*states), 2)
    assert (way.idle, way.changes) == (idle, changes)


@pytest.mark.parametrize(
    ("parallelism", "stages"),
    [
        (1, "replaced 1 / replaced 2 / replaced 3 / replaced 4 / replaced 5"),
        (2, "replaced 1, replaced 2 / replaced 3, replaced 4 / replaced 5"),
        (9, "replaced 1, replaced 2, replaced 3, replaced 4, replaced 5"),
    ],
)
def test_so_many_are_replaced_at_a_time(parallelism: int, stages: str) -> None:
    way = planned(there(*["has another image"] * 5), 5, update=UpdatePolicy(parallelism=parallelism))
    assert told(replace(way, clearing=())) == stages


START, STOP = (
    "Create shop-1.new, Start new, Await new, Rename old shop-1.old, Rename new shop-1, Stop old",
    "Create shop-1.new, Stop old, Rename old shop-1.old, Rename new shop-1, Start new, Await new",
)
DRAINED = START.replace(", Stop", ", Drain 2, Stop")
PORT: dict[str, Any] = {"host_ports": (HostPort(8001),)}


@pytest.mark.parametrize(
    ("old", "options", "order", "steps"),
    [
        pytest.param({}, {}, None, START, id="nothing in the way"),
        pytest.param({}, {}, STOP_FIRST, STOP, id="asked for"),
        pytest.param(PORT, {}, None, START, id="a port that is given up"),
        pytest.param({}, {"published_ports": ["8001:80"]}, None, START, id="a port that is new"),
        pytest.param(PORT, {"published_ports": ["80"]}, None, START, id="a port that the engine chooses"),
        pytest.param(PORT, {"published_ports": ["8001:80"]}, None, STOP, id="the same port"),
        pytest.param({}, {"networks": [{"name": "shop"}]}, None, DRAINED, id="a network"),
        pytest.param({}, {"network_mode": "shop"}, None, DRAINED, id="a network by its mode"),
        pytest.param({}, {"network_mode": "bridge"}, None, START, id="no network of its own"),
        pytest.param({}, {"networks": [{"name": "shop", "aliases": ["shop"]}]}, None, STOP, id="an alias"),
        pytest.param({}, {"networks": [{"name": "shop", "ipv4_address": "10.9.9.9"}]}, None, STOP, id="an address"),
        pytest.param({}, {"network_mode": "host"}, None, STOP, id="the host's network"),
        pytest.param({}, {"network_mode": "container:other"}, None, STOP, id="another's network"),
    ],
)
def test_the_order_is_what_nothing_is_in_the_way_of(
    old: dict[str, Any], options: dict[str, Any], order: str | None, steps: str
) -> None:
    found = [running(name="shop-1", labels=WANTED.labels, **old)]
    wanted = replicas("shop", 1, container={**OPTIONS, **options}, update=UpdatePolicy(order=order))
    (track,) = planned(found, 1, wanted).stages[0]
    assert told_steps(track.operations, found[0].id) == steps


def told_steps(operations: Any, old: str) -> str:
    names = {"": "new", old: "old"}
    return ", ".join(
        " ".join(
            [
                type(step).__name__,
                *([names[step.container_id]] if hasattr(step, "container_id") else []),
                *([step.name] if hasattr(step, "name") else []),
                *([f"{step.seconds:g}"] if isinstance(step, Drain) else []),
            ]
        )
        for step in operations
    )


@pytest.mark.parametrize("options", [{"published_ports": ["8001:80"]}, {"networks": [{"name": "n", "aliases": ["a"]}]}])
def test_an_order_that_cannot_be_had_is_refused(options: dict[str, Any]) -> None:
    wanted = replicas("shop", 1, container={**OPTIONS, **options}, update=UpdatePolicy(order="start_first"))
    with pytest.raises(Impossible, match="a new shop-1 cannot serve beside the old one"):
        planned([running(name="shop-1", labels=WANTED.labels, **PORT)], 1, wanted)


def _with_ports(*numbers: int) -> list[Any]:
    return [
        running(name=f"shop-{index}", id=str(index) * 64, labels=WANTED.labels, host_ports=(HostPort(number),))
        for index, number in enumerate(numbers, 1)
    ]


@pytest.mark.parametrize(
    ("held", "wanted", "stages"),
    [
        pytest.param((8001, 8002), "8002-8003", "replaced 2 / replaced 1 / clear 1, clear 2", id="one up"),
        pytest.param((8002, 8003), "8001-8002", "replaced 1 / replaced 2 / clear 1, clear 2", id="one down"),
        pytest.param((8001,), "8000-8001", "replaced 1 / created 2 / clear 1", id="one is created for another's port"),
        pytest.param(
            (8005, 8006, 8001), "8001-8002", "replaced 2 / removed 3 / replaced 1 / clear 1, clear 2, removed 3",
            id="one over the count has it",
        ),
    ],
)  # fmt: skip
def test_ports_are_freed_before_they_are_needed(held: tuple[int, ...], wanted: str, stages: str) -> None:
    asked = replicas("shop", 2, container={**OPTIONS, "published_ports": [f"{wanted}:80"]})
    assert told(planned(_with_ports(*held), 2, asked)) == stages


def test_ports_that_would_have_to_be_swapped_are_refused() -> None:
    asked = replicas("shop", 2, container={**OPTIONS, "published_ports": ["8001-8002:80"]})
    with pytest.raises(
        Impossible, match=r"shop-1, shop-2 would have to swap their ports of the host .8001/tcp, 8002/tcp."
    ):
        planned(_with_ports(8002, 8001), 2, asked)


@pytest.mark.parametrize(
    ("states", "operations"),
    [
        (["is not healthy yet, and has its restart policy"], {"Await"}),
        (["is not healthy yet"], {"Await", "SetRestartPolicy"}),
        (["runs"], {"SetRestartPolicy"}),
        (["was stopped"], {"Start", "Await", "SetRestartPolicy"}),
        ([], {"Create", "Start", "Await", "SetRestartPolicy"}),
    ],
)
def test_the_restart_policy_comes_when_it_serves(states: list[str], operations: set[str]) -> None:
    asked = replicas("shop", 1, container={**OPTIONS, "restart_policy": "always"})
    carried = asked.wanted(WANTED.image)[0].labels
    found = [replace(it, labels=carried) for it in there(*states)]
    if states == ["is not healthy yet, and has its restart policy"]:
        found = [replace(found[0], restart_policy=asked.wanted(WANTED.image)[0].restart_policy)]
    (track,) = planned(found, 1, asked).tracks
    steps = [type(step).__name__ for step in track.operations]
    assert set(steps) == operations
    assert not {"SetRestartPolicy", "Await"} <= operations or steps.index("SetRestartPolicy") > steps.index("Await")


@pytest.mark.parametrize(
    "carried",
    [
        pytest.param({}, id="nobody's"),
        pytest.param({**WANTED.labels, labels.NAME: "shop-1"}, id="of other replicas"),
        pytest.param({**WANTED.labels, labels.KIND: labels.JOB}, id="a job"),
    ],
)
@pytest.mark.parametrize("name", ["shop-2", "shop-2.new", "shop-2.old"])
def test_a_foreign_container_under_a_wanted_name_is_refused(carried: dict[str, str], name: str) -> None:
    foreign = running(name=name, labels=carried)
    with pytest.raises(ForeignContainer, match=f"{name} .{foreign.id[:12]}. on this host; rename or remove it"):
        planned([foreign, *there("has another image")], 2)


def test_a_foreign_container_is_replaced_where_that_is_asked_for() -> None:
    adopting: Replicas = replicas("shop", 1, container=OPTIONS, adopt=True)
    assert told(planned([running(name="shop-1", labels={})], 1, adopting)) == "replaced 1 / clear 1"
    with pytest.raises(ForeignContainer, match=r"shop-1\.new"):
        planned([running(name="shop-1.new", labels={})], 1, adopting)


@pytest.mark.parametrize("name", ["shop-3", "shop-3.new", "shop-1-backup", "shop-1.20260101T000000Z", "shop-x"])
def test_a_container_under_another_name_is_left_alone(name: str) -> None:
    foreign = running(name=name, labels={} if name.startswith("shop-3") else FITS["labels"])
    assert told(planned([foreign], 2)) == "created 1, created 2"
    assert told(planned([foreign], 0)) == ""

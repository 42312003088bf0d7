# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans: what is done to the containers that are there, in which order, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, HostPort
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import STOP_FIRST, UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.plan import Impossible
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.slots import ForeignContainer
from ansible_collections.migrate_first.docker.tests.unit.support.found import running
from ansible_collections.migrate_first.docker.tests.unit.support.plans import (
    FITS,
    OPTIONS,
    WANTED,
    lines,
    plan_for,
    text,
    there,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas


def replacement(cause: str) -> str:
    return f"""
        stage 1: create shop-1.new ({cause})
        stage 1: start shop-1.new ({cause})
        stage 1: wait until shop-1.new is healthy ({cause})
        stage 1: rename shop-1 to shop-1.old ({cause})
        stage 1: rename shop-1.new to shop-1 ({cause})
        stage 1: stop shop-1.old ({cause})
        stage 2: remove shop-1.old (replaced)
    """


#: What is there as shop-1, shop-2, ..., how many are wanted, and the plan.
PLANS: list[tuple[list[str], int, str]] = [
    ([], 0, ""),
    (["runs"], 1, ""),
    (["runs for another release"], 1, ""),
    (
        [],
        2,
        """
        stage 1: create shop-1 (missing)
        stage 1: start shop-1 (missing)
        stage 1: wait until shop-1 is healthy (missing)
        stage 1: create shop-2 (missing)
        stage 1: start shop-2 (missing)
        stage 1: wait until shop-2 is healthy (missing)
        """,
    ),
    (["is not healthy yet"], 1, "stage 1: wait until shop-1 is healthy (not healthy yet)"),
    *[
        (
            [state],
            1,
            """
            stage 1: start shop-1 (not running)
            stage 1: wait until shop-1 is healthy (not running)
            """,
        )
        for state in ("was stopped", "has crashed", "was created")
    ],
    (["has another image"], 1, replacement("image differs")),
    (["has another environment"], 1, replacement("env.COLOUR differs")),
    (["has another secret"], 1, replacement("env.TOKEN differs")),
    (["has another definition"], 1, replacement("definition differs")),
    (["has another image and environment"], 1, replacement("image, env.COLOUR differ")),
    (
        ["was stopped, and has another image"],
        1,
        replacement("image differs").replace("stage 1: stop shop-1.old (image differs)\n", ""),
    ),
    (
        ["runs", "runs", "was stopped"],
        1,
        """
        stage 1: stop shop-2 (over the count)
        stage 1: remove shop-2 (over the count)
        stage 1: remove shop-3 (over the count)
        """,
    ),
    # What is missing comes first, then what is replaced, and last what is over the count.
    (
        ["has another image", "was stopped", "", "runs"],
        3,
        """
        stage 1: start shop-2 (not running)
        stage 1: wait until shop-2 is healthy (not running)
        stage 1: create shop-3 (missing)
        stage 1: start shop-3 (missing)
        stage 1: wait until shop-3 is healthy (missing)
        stage 2: create shop-1.new (image differs)
        stage 2: start shop-1.new (image differs)
        stage 2: wait until shop-1.new is healthy (image differs)
        stage 2: rename shop-1 to shop-1.old (image differs)
        stage 2: rename shop-1.new to shop-1 (image differs)
        stage 2: stop shop-1.old (image differs)
        stage 3: remove shop-1.old (replaced)
        stage 3: stop shop-4 (over the count)
        stage 3: remove shop-4 (over the count)
        """,
    ),
]


@pytest.mark.parametrize(("states", "count", "block"), PLANS, ids=[f"{row[0]} to {row[1]}" for row in PLANS])
def test_what_is_planned_and_why(states: list[str], count: int, block: str) -> None:
    assert str(plan_for(there(*states), count)) == text(block)


#: What is there, how many are wanted, and the lines of the plan that create, wait or remove.
ORDER: list[tuple[list[str], int, list[str]]] = [
    (["", "runs"], 1, ["1: create shop-1", "1: wait until shop-1 is healthy", "2: remove shop-2"]),
    (
        ["", "is not healthy yet", ""],
        3,
        [
            *("1: create shop-1", "1: wait until shop-1 is healthy", "1: wait until shop-2 is healthy"),
            *("1: create shop-3", "1: wait until shop-3 is healthy"),
        ],
    ),
    (
        ["has another image", "is not healthy yet"],
        2,
        [
            *("1: wait until shop-2 is healthy", "2: create shop-1.new", "2: wait until shop-1.new is healthy"),
            "3: remove shop-1.old",
        ],
    ),
    # What does not serve is replaced before what does, and at once.
    (
        ["has another image", "was stopped, and has another image", "is restarted, and has another image"],
        3,
        [
            *("1: create shop-2.new", "1: wait until shop-2.new is healthy"),
            *("2: create shop-1.new", "2: wait until shop-1.new is healthy"),
            *("3: create shop-3.new", "3: wait until shop-3.new is healthy"),
            *("4: remove shop-1.old", "4: remove shop-2.old", "4: remove shop-3.old"),
        ],
    ),
]


@pytest.mark.parametrize(("states", "count", "expected"), ORDER, ids=[f"{row[0]} to {row[1]}" for row in ORDER])
def test_the_order_of_the_stages(states: list[str], count: int, expected: list[str]) -> None:
    assert lines(plan_for(there(*states), count), "create", "wait", "remove") == expected


@pytest.mark.parametrize(
    ("states", "idle", "changes"),
    [
        (["runs", "runs"], True, False),
        (["runs", "is not healthy yet"], False, False),
        (["runs", "was stopped"], False, True),
        (["runs", "runs", "runs"], False, True),
    ],
)
def test_a_plan_is_idle_where_all_are_as_wanted_and_healthy(states: list[str], idle: bool, changes: bool) -> None:
    plan = plan_for(there(*states), 2)
    assert (plan.idle, plan.changes) == (idle, changes)


@pytest.mark.parametrize(("parallelism", "stages"), [(1, [1, 2, 3, 4, 5]), (2, [1, 1, 2, 2, 3]), (9, [1, 1, 1, 1, 1])])
def test_as_many_are_replaced_at_a_time_as_the_parallelism_says(parallelism: int, stages: list[int]) -> None:
    plan = plan_for(there(*["has another image"] * 5), 5, update=UpdatePolicy(parallelism=parallelism))
    expected = [f"{stage}: create shop-{number}.new" for number, stage in enumerate(stages, 1)]
    assert lines(plan, "create") == expected


START = ["create shop-1.new", "start shop-1.new", "stop shop-1.old"]
DRAIN = ["create shop-1.new", "start shop-1.new", "drain shop-1.old for 2 s", "stop shop-1.old"]
STOP = ["create shop-1.new", "stop shop-1", "start shop-1"]
PORT: dict[str, Any] = {"host_ports": (HostPort(8001),)}


@pytest.mark.parametrize(
    ("old", "options", "order", "expected"),
    [
        pytest.param({}, {}, None, START, id="nothing in the way"),
        pytest.param({}, {}, STOP_FIRST, STOP, id="asked for"),
        pytest.param(PORT, {}, None, START, id="a port that is given up"),
        pytest.param({}, {"published_ports": ["8001:80"]}, None, START, id="a port that is new"),
        pytest.param(PORT, {"published_ports": ["80"]}, None, START, id="a port that the engine chooses"),
        pytest.param(PORT, {"published_ports": ["8001:80"]}, None, STOP, id="the same port"),
        pytest.param({}, {"networks": [{"name": "shop"}]}, None, DRAIN, id="a network"),
        pytest.param({}, {"network_mode": "shop"}, None, DRAIN, id="a network by its mode"),
        pytest.param({}, {"network_mode": "bridge"}, None, START, id="no network of its own"),
        pytest.param({}, {"networks": [{"name": "shop", "aliases": ["shop"]}]}, None, STOP, id="an alias"),
        pytest.param({}, {"networks": [{"name": "shop", "ipv4_address": "10.9.9.9"}]}, None, STOP, id="an address"),
        pytest.param({}, {"network_mode": "host"}, None, STOP, id="the host's network"),
        pytest.param({}, {"network_mode": "container:other"}, None, STOP, id="another's network"),
    ],
)
def test_the_new_one_starts_first_unless_both_would_share_something(
    old: dict[str, Any], options: dict[str, Any], order: str | None, expected: list[str]
) -> None:
    wanted = replicas("shop", 1, container={**OPTIONS, **options}, update=UpdatePolicy(order=order))
    plan = plan_for([running(name="shop-1", labels=WANTED.labels, **old)], 1, wanted)
    assert lines(plan, "create", "start", "drain", "stop") == [f"1: {line}" for line in expected]


@pytest.mark.parametrize("options", [{"published_ports": ["8001:80"]}, {"networks": [{"name": "n", "aliases": ["a"]}]}])
def test_an_order_that_is_not_possible_is_refused(options: dict[str, Any]) -> None:
    wanted = replicas("shop", 1, container={**OPTIONS, **options}, update=UpdatePolicy(order="start_first"))
    with pytest.raises(Impossible, match="a new shop-1 cannot serve beside the old one"):
        plan_for([running(name="shop-1", labels=WANTED.labels, **PORT)], 1, wanted)


def with_ports(*numbers: int) -> list[Container]:
    return [
        running(name=f"shop-{index}", id=str(index) * 64, labels=WANTED.labels, host_ports=(HostPort(number),))
        for index, number in enumerate(numbers, 1)
    ]


def replaced(stage: int, number: int) -> list[str]:
    return [f"{stage}: create shop-{number}.new", f"{stage}: stop shop-{number}.old"]


@pytest.mark.parametrize(
    ("held", "wanted", "expected"),
    [
        pytest.param((8001, 8002), "8002-8003", [*replaced(1, 2), *replaced(2, 1)], id="one up"),
        pytest.param((8002, 8003), "8001-8002", [*replaced(1, 1), *replaced(2, 2)], id="one down"),
        pytest.param((8001,), "8000-8001", [*replaced(1, 1), "2: create shop-2"], id="one is created for the port"),
        pytest.param(
            (8005, 8006, 8001),
            "8001-8002",
            [*replaced(1, 2), "2: stop shop-3", *replaced(3, 1)],
            id="one over the count has it",
        ),
    ],
)
def test_ports_are_freed_before_they_are_needed(held: tuple[int, ...], wanted: str, expected: list[str]) -> None:
    asked = replicas("shop", 2, container={**OPTIONS, "published_ports": [f"{wanted}:80"]})
    assert lines(plan_for(with_ports(*held), 2, asked), "create", "stop")[: len(expected)] == expected


def test_ports_that_would_have_to_be_swapped_are_refused() -> None:
    asked = replicas("shop", 2, container={**OPTIONS, "published_ports": ["8001-8002:80"]})
    with pytest.raises(
        Impossible, match=r"shop-1, shop-2 would have to swap their ports of the host .8001/tcp, 8002/tcp."
    ):
        plan_for(with_ports(8002, 8001), 2, asked)


SET = "1: set the restart policy of shop-1 to always"
WAIT = "1: wait until shop-1 is healthy"


@pytest.mark.parametrize(
    ("states", "policy", "expected"),
    [
        (["is not healthy yet"], "always", [WAIT]),
        (["is not healthy yet"], "no", [WAIT, SET]),
        (["runs"], "no", [SET]),
        (["was stopped"], "no", ["1: start shop-1", WAIT, SET]),
        ([], "no", ["1: start shop-1", WAIT, SET]),
    ],
)
def test_the_restart_policy_is_set_when_the_replica_serves(states: list[str], policy: str, expected: list[str]) -> None:
    asked = replicas("shop", 1, container={**OPTIONS, "restart_policy": "always"})
    carried = asked.wanted(WANTED.image)[0]
    found = [replace(it, labels=carried.labels) for it in there(*states)]
    if policy == "always":
        found = [replace(it, restart_policy=carried.restart_policy) for it in found]
    assert lines(plan_for(found, 1, asked), "start", "wait", "set") == expected


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
        plan_for([foreign, *there("has another image")], 2)


def test_a_foreign_container_is_replaced_where_that_is_asked_for() -> None:
    adopting = replicas("shop", 1, container=OPTIONS, adopt=True)
    plan = plan_for([running(name="shop-1", labels={})], 1, adopting)
    assert str(plan) == text(replacement("not made by this module"))
    with pytest.raises(ForeignContainer, match=r"shop-1\.new"):
        plan_for([running(name="shop-1.new", labels={})], 1, adopting)


@pytest.mark.parametrize("name", ["shop-3", "shop-3.new", "shop-1-backup", "shop-1.20260101T000000Z", "shop-x"])
def test_a_container_under_another_name_is_left_alone(name: str) -> None:
    foreign = running(name=name, labels={} if name.startswith("shop-3") else FITS["labels"])
    assert lines(plan_for([foreign], 2), "create", "stop", "remove") == ["1: create shop-1", "1: create shop-2"]
    assert str(plan_for([foreign], 0)) == ""

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from what is there to what is wanted, as one table."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._container import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._container.image import Image
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.plan import (
    ForeignContainer,
    Operation,
    Remove,
    plan,
)
from ansible_collections.migrate_first.docker.tests.unit.support.found import (
    IMAGE_ID,
    container,
    exited,
    running,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas

IMAGE = Image(IMAGE_ID)
OPTIONS = {"env": {"COLOUR": "blue"}, "secret_env": {"TOKEN": "hidden"}}
WANTED = replicas("shop", container=OPTIONS).wanted(IMAGE)[0]
FITS: dict[str, Any] = {"labels": dict(WANTED.labels), "environment": dict(WANTED.definition.environment)}

#: What is there, by a word: a container without its name, the way of the engine to have it.
THERE: dict[str, Container] = {
    "runs": running(**FITS),
    "runs for another release": running(**{**FITS, "labels": {**WANTED.labels, labels.RELEASE: "0"}}),
    "was stopped": exited(0, **FITS),
    "has crashed": exited(3, **FITS),
    "was created": container(**FITS),
    "has another image": running(image_id="sha256:other", **FITS),
    "has another environment": running(**{**FITS, "environment": {"COLOUR": "red", "TOKEN": "hidden"}}),
    "has another secret": running(**{**FITS, "environment": {"COLOUR": "blue", "TOKEN": "other"}}),
    "has another definition": running(**{**FITS, "labels": {**WANTED.labels, labels.DEFINITION: "{}"}}),
    "was stopped, and has another image": exited(0, image_id="sha256:other", **FITS),
}

#: What is there as shop-1, shop-2, ..., how many are wanted, and the steps in their order.
TABLE: list[tuple[list[str], int, str]] = [
    ([], 0, ""),
    ([], 3, "Create 1, Create 2, Create 3"),
    (["runs"], 1, "Keep 1"),
    (["runs for another release"], 1, "Keep 1"),
    (["was stopped"], 1, "Start 1"),
    (["has crashed"], 1, "Start 1"),
    (["was created"], 1, "Start 1"),
    (["has another image"], 1, "Replace 1"),
    (["has another environment"], 1, "Replace 1"),
    (["has another secret"], 1, "Replace 1"),
    (["has another definition"], 1, "Replace 1"),
    (["was stopped, and has another image"], 1, "Replace 1"),
    (["runs", "runs"], 1, "Keep 1, Remove 2"),
    (["runs", "was stopped"], 0, "Remove 1, Remove 2"),
    (["", "runs"], 1, "Create 1, Remove 2"),
    (["", "runs", ""], 3, "Keep 2, Create 1, Create 3"),
    (["has another image", "runs"], 2, "Keep 2, Replace 1"),
    (["has another image"], 2, "Create 2, Replace 1"),
    (["has another image", "was stopped", "", "runs"], 3, "Start 2, Create 3, Replace 1, Remove 4"),
    (["has another image"] * 2 + ["runs"], 2, "Replace 1, Replace 2, Remove 3"),
]


def there(states: list[str]) -> list[Container]:
    return [
        Container(**{**vars(THERE[state]), "name": f"shop-{number}", "id": f"{number}" * 64})
        for number, state in enumerate(states, 1)
        if state
    ]


def words(operation: Operation) -> str:
    name = operation.container.name if isinstance(operation, Remove) else operation.replica.name
    return f"{type(operation).__name__} {name[len('shop-') :]}"


def planned(found: list[Container], count: int) -> list[Operation]:
    wanted = replicas("shop", count, container=OPTIONS)
    return plan(wanted, wanted.wanted(IMAGE), found)


@pytest.mark.parametrize(("states", "count", "steps"), TABLE, ids=[f"{row[0]} to {row[1]}" for row in TABLE])
def test_the_steps_in_their_order(states: list[str], count: int, steps: str) -> None:
    assert ", ".join(words(operation) for operation in planned(there(states), count)) == steps


@pytest.mark.parametrize(
    "carried",
    [
        pytest.param({}, id="nobody's"),
        pytest.param({**WANTED.labels, labels.NAME: "shop-1"}, id="of other replicas"),
        pytest.param({**WANTED.labels, labels.KIND: labels.JOB}, id="a job"),
    ],
)
def test_a_foreign_container_under_a_wanted_name_is_refused(carried: dict[str, str]) -> None:
    foreign = running(name="shop-2", labels=carried)
    with pytest.raises(ForeignContainer, match=f"shop-2 .{foreign.id[:12]}. on this host; rename or remove it"):
        planned([foreign, *there(["has another image"])], 2)


def test_a_foreign_container_under_another_name_is_left_alone() -> None:
    foreign = running(name="shop-3", labels={})
    assert [words(operation) for operation in planned([foreign], 2)] == ["Create 1", "Create 2"]
    assert planned([foreign], 0) == []

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas of a newer release are not replaced by an older one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.update import Update, update
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import foreign
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas

OTHER: dict[str, Any] = {"env": {"COLOUR": "red"}}


def updated(lab: Lab, wanted: Replicas, predict: bool = False) -> Update:
    return update(lab.engine, lab.clock, wanted, predict)


def shop(lab: Lab, fence: int | None, **fields: Any) -> Replicas:
    return replicas(lab.name("shop"), fence=fence, **fields)


def fences(lab: Lab) -> list[str]:
    return [container.labels[labels.FENCE] for container in lab.all()]


@pytest.mark.parametrize("predict", [False, True], ids=["", "check mode"])
@pytest.mark.parametrize("fields", [{"container": OTHER}, {"count": 3}, {"count": 0}, {}])
def test_an_older_release_changes_nothing(lab: Lab, fields: dict[str, Any], predict: bool) -> None:
    updated(lab, shop(lab, 20, release="new"))
    before = lab.all()
    result = updated(lab, shop(lab, 19, release="old", **fields), predict)
    assert "newer release new" in result.failure
    assert "rollout_ignore_fence" in result.failure
    assert (result.changed, lab.all()) == (False, before)


@pytest.mark.parametrize(
    ("fence", "ignore", "carried"),
    [
        pytest.param(20, False, "20", id="the same release"),
        pytest.param(21, False, "21", id="a newer release"),
        pytest.param(None, False, "20", id="none given"),
        pytest.param(19, True, "19", id="an older release on purpose"),
    ],
)
def test_what_is_replaced_carries_the_fence(lab: Lab, fence: int | None, ignore: bool, carried: str) -> None:
    updated(lab, shop(lab, 20))
    result = updated(lab, shop(lab, fence, container=OTHER, ignore_fence=ignore))
    assert (result.failure, result.changed, result.fence) == ("", True, int(carried))
    assert fences(lab) == [carried, carried]


def test_a_replica_that_fits_keeps_its_fence(lab: Lab) -> None:
    updated(lab, shop(lab, 20))
    result = updated(lab, shop(lab, 21))
    assert (result.failure, result.changed) == ("", False)
    assert fences(lab) == ["20", "20"]


def test_the_highest_fence_of_all_counts(lab: Lab) -> None:
    updated(lab, shop(lab, 20, count=1))
    updated(lab, shop(lab, 21))
    assert fences(lab) == ["20", "21"]
    assert "newer release" in updated(lab, shop(lab, 20)).failure
    assert updated(lab, replace(shop(lab, None), count=3)).fence == 21


def test_a_foreign_container_has_no_fence(lab: Lab) -> None:
    foreign(lab, lab.name("shop-9"))
    assert updated(lab, shop(lab, 1)).failure == ""

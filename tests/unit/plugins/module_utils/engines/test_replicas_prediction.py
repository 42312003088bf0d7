# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas in check mode: what would be done, and nothing is done."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.policy import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.update import Update, update
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import foreign
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE, NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas


def predict_job(lab: Lab, wanted: Replicas) -> Update:
    """Predict the update, and see that nothing was done to the engine."""
    before = lab.all()
    lab.observed.calls.clear()
    result = update(lab.engine, lab.clock, wanted, predict=True)
    assert lab.all() == before
    assert not {"create", "start", "stop", "rename", "remove", "pull"} & lab.observed.calls.keys()
    return result


def serving(lab: Lab, count: int) -> None:
    update(lab.engine, lab.clock, replicas(lab.name("shop"), count))


@pytest.mark.parametrize(
    ("there", "count", "image", "before", "after"),
    [
        pytest.param(0, 2, IMAGE, "", "11", id="create"),
        pytest.param(2, 2, IMAGE, "11", "11", id="nothing"),
        pytest.param(2, 2, NEXT_IMAGE, "11", "22", id="replace"),
        pytest.param(2, 1, IMAGE, "11", "1", id="remove one"),
        pytest.param(2, 0, IMAGE, "11", "", id="remove all"),
        pytest.param(1, 3, NEXT_IMAGE, "1", "222", id="replace and create"),
        pytest.param(3, 1, NEXT_IMAGE, "111", "2", id="replace and remove"),
    ],
)
def test_the_diff_has_a_line_for_each(lab: Lab, there: int, count: int, image: str, before: str, after: str) -> None:
    def lines(images: str) -> str:
        known = {"1": lab.image(IMAGE).id, "2": lab.image(NEXT_IMAGE).id}
        return "".join(f"{lab.name('shop')}-{number} {known[one]}\n" for number, one in enumerate(images, 1))

    serving(lab, there)
    result = predict_job(lab, replicas(lab.name("shop"), count, container={"image": image}))
    assert (result.failure, result.changed, result.up_to_date) == ("", before != after, before == after)
    assert result.diff == {"before": lines(before), "after": lines(after)}


def test_a_start_is_a_change_that_the_diff_does_not_show(lab: Lab) -> None:
    serving(lab, 1)
    lab.outside.stop(lab.all()[0].id, 1)
    result = predict_job(lab, replicas(lab.name("shop"), 1))
    assert (result.changed, result.up_to_date) == (True, False)
    assert result.diff["before"] == result.diff["after"]


def test_what_has_not_run_for_long_enough_is_not_up_to_date(lab: Lab) -> None:
    serving(lab, 1)
    result = predict_job(lab, replicas(lab.name("shop"), 1, update=UpdatePolicy(monitor=3600)))
    assert (result.failure, result.changed, result.up_to_date) == ("", False, False)


@pytest.mark.parametrize("expected", [(), ("sha256:expected",)])
def test_an_image_that_would_be_pulled_is_not_pulled(lab: Lab, expected: tuple[str, ...]) -> None:
    serving(lab, 1)
    container = {"image": "localhost:9/mf-test:nowhere"}
    wanted = replicas(lab.name("shop"), 1, SERVE, container, pull="missing", expected=expected)
    result = predict_job(lab, wanted)
    assert (result.failure, result.changed) == ("", True)
    assert (*expected, container["image"])[0] in result.diff["after"]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        pytest.param("mf-test:nowhere", (), id="no image"),
        pytest.param(IMAGE, ("sha256:another",), id="another image than the migration ran"),
    ],
)
def test_what_would_fail_fails(lab: Lab, image: str, expected: tuple[str, ...]) -> None:
    serving(lab, 1)
    result = predict_job(lab, replicas(lab.name("shop"), 2, SERVE, {"image": image}, expected=expected))
    assert image in result.failure
    assert not result.changed


def test_a_foreign_container_is_named(lab: Lab) -> None:
    foreign(lab, lab.name("shop-1"))
    result = predict_job(lab, replicas(lab.name("shop"), 1))
    assert lab.name("shop-1") in result.failure


NOWHERE: dict[str, Any] = {
    "networks": [{"name": "mf-test-nowhere"}, {"name": "bridge"}],
    "volumes": ["mf-test-none:/data"],
}


@pytest.mark.parametrize("count", [0, 1])
def test_what_is_made_before_the_replicas_is_told_and_no_error(lab: Lab, count: int) -> None:
    wanted = replicas(lab.name("shop"), count, container=NOWHERE, require_resources=False)
    result = predict_job(lab, wanted)
    assert (result.failure, result.missing) == ("", {"networks": ["mf-test-nowhere"], "volumes": ["mf-test-none"]})
    assert not result.up_to_date


def test_what_nobody_makes_is_an_error(lab: Lab) -> None:
    result = predict_job(lab, replicas(lab.name("shop"), 1, container=NOWHERE))
    assert "mf-test-nowhere, which is not there" in result.failure
    assert result.missing == {"networks": ["mf-test-nowhere"], "volumes": ["mf-test-none"]}


def test_what_was_not_made_is_an_error_when_it_comes_to_it(lab: Lab) -> None:
    wanted = replicas(lab.name("shop"), 1, container=NOWHERE, require_resources=False)
    result = update(lab.engine, lab.clock, wanted)
    assert "mf-test-nowhere, which is not there" in result.failure
    assert lab.all() == ()

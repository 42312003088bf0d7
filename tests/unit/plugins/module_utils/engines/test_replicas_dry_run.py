# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas in check mode: the result shows what would be done, and nothing is done."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas, UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.reconcile import reconcile
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import foreign
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE, NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas


def dry_run(lab: Lab, wanted: Replicas) -> Result:
    """Return the result of a dry run, and see that nothing was done to the engine."""
    before = lab.all()
    lab.observed.calls.clear()
    result = reconcile(lab.engine, lab.clock, wanted, dry_run=True)
    assert lab.all() == before
    assert not {"create", "start", "stop", "rename", "remove", "pull"} & lab.observed.calls.keys()
    return result


def serving(lab: Lab, count: int) -> None:
    reconcile(lab.engine, lab.clock, replicas(lab.name("shop"), count))


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
def test_the_diff_has_a_line_for_each_replica(
    lab: Lab, there: int, count: int, image: str, before: str, after: str
) -> None:
    def lines(images: str) -> str:
        known = {"1": lab.image(IMAGE).id, "2": lab.image(NEXT_IMAGE).id}
        return "".join(f"{lab.name('shop')}-{number} {known[one]}\n" for number, one in enumerate(images, 1))

    serving(lab, there)
    result = dry_run(lab, replicas(lab.name("shop"), count, container={"image": image}))
    assert (result.failure, result.changed, result.up_to_date) == ("", before != after, before == after)
    assert (result.diff["before"], result.diff["after"]) == (lines(before), lines(after))
    assert bool(result.diff["prepared"]) == result.changed


def test_a_start_is_a_change_that_only_the_plan_shows(lab: Lab) -> None:
    serving(lab, 1)
    lab.outside.stop(lab.all()[0].id, 1)
    result = dry_run(lab, replicas(lab.name("shop"), 1))
    assert (result.changed, result.up_to_date) == (True, False)
    name = lab.name("shop-1")
    assert result.diff["before"] == result.diff["after"]
    assert result.diff["prepared"] == (
        f"stage 1: start {name} (not running)\nstage 1: wait until {name} is healthy (not running)\n"
    )


def test_the_plan_names_what_differs_and_shows_no_secret(lab: Lab) -> None:
    wanted = replicas(lab.name("shop"), 1, container={"secret_env": {"TOKEN": "old-secret"}})
    reconcile(lab.engine, lab.clock, wanted)
    result = dry_run(lab, replicas(lab.name("shop"), 1, container={"secret_env": {"TOKEN": "new-secret"}}))
    assert f"stage 1: create {lab.name('shop-1')}.new (env.TOKEN differs)" in result.diff["prepared"]
    assert "secret" not in str(result.diff)


def test_a_replica_that_has_not_run_for_long_enough_is_not_up_to_date(lab: Lab) -> None:
    serving(lab, 1)
    result = dry_run(lab, replicas(lab.name("shop"), 1, update=UpdatePolicy(monitor=3600)))
    assert (result.failure, result.changed, result.up_to_date) == ("", False, False)


@pytest.mark.parametrize("expected", [(), ("sha256:expected",)])
def test_an_image_that_would_be_pulled_is_not_pulled(lab: Lab, expected: tuple[str, ...]) -> None:
    serving(lab, 1)
    container = {"image": "localhost:9/mf-test:nowhere"}
    wanted = replicas(lab.name("shop"), 1, SERVE, container, pull="missing", expected=expected)
    result = dry_run(lab, wanted)
    assert (result.failure, result.changed) == ("", True)
    assert (*expected, container["image"])[0] in result.diff["after"]


@pytest.mark.parametrize(
    ("image", "pull", "expected"),
    [
        pytest.param("mf-test:nowhere", "never", (), id="no image"),
        pytest.param(IMAGE, "never", ("sha256:another",), id="another image than the migration ran"),
        pytest.param(IMAGE, "missing", ("sha256:another",), id="another image, and others would be pulled"),
    ],
)
def test_a_wrong_image_is_an_error(lab: Lab, image: str, pull: str, expected: tuple[str, ...]) -> None:
    serving(lab, 1)
    result = dry_run(lab, replicas(lab.name("shop"), 2, SERVE, {"image": image}, pull=pull, expected=expected))
    assert image in result.failure
    assert not result.changed


def test_a_foreign_container_is_refused(lab: Lab) -> None:
    foreign(lab, lab.name("shop-1"))
    result = dry_run(lab, replicas(lab.name("shop"), 1))
    assert lab.name("shop-1") in result.failure


NOWHERE: dict[str, Any] = {
    "networks": [{"name": "mf-test-nowhere"}, {"name": "bridge"}],
    "volumes": ["mf-test-none:/data"],
}


@pytest.mark.parametrize("count", [0, 1])
def test_what_the_play_makes_before_the_replicas_is_returned_as_missing_and_is_no_error(lab: Lab, count: int) -> None:
    wanted = replicas(lab.name("shop"), count, container=NOWHERE, require_resources=False)
    result = dry_run(lab, wanted)
    assert (result.failure, result.missing) == ("", {"networks": ["mf-test-nowhere"], "volumes": ["mf-test-none"]})
    assert not result.up_to_date


def test_what_is_missing_is_an_error(lab: Lab) -> None:
    result = dry_run(lab, replicas(lab.name("shop"), 1, container=NOWHERE))
    assert "mf-test-nowhere, which is not there" in result.failure
    assert result.missing == {"networks": ["mf-test-nowhere"], "volumes": ["mf-test-none"]}


def test_what_is_still_missing_when_the_replicas_start_is_an_error(lab: Lab) -> None:
    wanted = replicas(lab.name("shop"), 1, container=NOWHERE, require_resources=False)
    result = reconcile(lab.engine, lab.clock, wanted)
    assert "mf-test-nowhere, which is not there" in result.failure
    assert lab.all() == ()

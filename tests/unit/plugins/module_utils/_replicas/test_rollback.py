# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How replacements are undone or completed, whatever an interruption or a failure has left there."""

from __future__ import annotations

from dataclasses import replace
from itertools import product, starmap

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, RestartPolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.operations import (
    Operation,
    Remove,
    Rename,
    SetRestartPolicy,
    Start,
    Stop,
    WaitUntilHealthy,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.rollback import plan_rollback, plan_undo
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.slots import NEW, OLD, Slot
from ansible_collections.migrate_first.docker.tests.unit.support.found import exited, running
from ansible_collections.migrate_first.docker.tests.unit.support.plans import (
    FITS,
    NOW,
    OTHER,
    WANTED,
    plan_for,
    text,
    there,
)

NONE, FITTING, BEGUN, MADE, CRASHED = "", "runs", "has just been started", "was created", "has crashed"
OLDER, STOPPED = "has another image", "was stopped, and has another image"
UNPROVEN, UNMADE = "has another image, and has just been started", "was created, and has another image"

#: Plans by what they come to: their lines, each with its cause.
SWAP = """
    stage 1: rename shop-1 to shop-1.old (image differs)
    stage 1: rename shop-1.new to shop-1 (image differs)
"""
WAIT_FOR_NEW = "stage 1: wait until shop-1.new is healthy (image differs)\n"
REMOVE_OLD = "stage 2: remove shop-1.old (replaced)"
GO_ON = WAIT_FOR_NEW + SWAP + "stage 1: stop shop-1.old (image differs)\n" + REMOVE_OLD
RENAME_NEW = "stage 1: rename shop-1.new to shop-1 (interrupted)\n"
START_NEW = """
    stage 1: start shop-1 (interrupted)
    stage 1: wait until shop-1 is healthy (interrupted)
"""
REMOVE_NEW = "stage 1: remove shop-1.new (interrupted)\n"
STOP_NEW = "stage 1: stop shop-1.new (interrupted)\n" + REMOVE_NEW
RENAME_OLD = "stage 1: rename shop-1.old to shop-1 (interrupted)\n"
PUT_BACK = "stage 1: rename shop-1 to shop-1.new (interrupted)\n" + RENAME_OLD + REMOVE_NEW + START_NEW
AGAIN = "then: look and plan again"

#: What is there as shop-1, shop-1.new and shop-1.old, and the plan.
TABLE: list[tuple[str, str, str, str]] = [
    # A newcomer that is what is wanted goes on, whether the old one still serves or not.
    (OLDER, FITTING, NONE, GO_ON),
    (OLDER, BEGUN, NONE, GO_ON),
    (OLDER, MADE, NONE, "stage 1: start shop-1.new (image differs)\n" + GO_ON),
    (STOPPED, MADE, NONE, "stage 1: start shop-1.new (image differs)\n" + WAIT_FOR_NEW + SWAP + REMOVE_OLD),
    (NONE, MADE, STOPPED, RENAME_NEW + START_NEW + REMOVE_OLD),
    (NONE, FITTING, OLDER, RENAME_NEW + "stage 1: stop shop-1.old (replaced)\n" + REMOVE_OLD),
    (NONE, MADE, NONE, RENAME_NEW + START_NEW),
    # One that has ended, or is of another release, is removed, and what it was to replace serves again.
    (OLDER, CRASHED, NONE, REMOVE_NEW + AGAIN),
    (STOPPED, CRASHED, NONE, REMOVE_NEW + START_NEW + AGAIN),
    (STOPPED, UNMADE, NONE, REMOVE_NEW + START_NEW + AGAIN),
    (OLDER, UNPROVEN, NONE, STOP_NEW + AGAIN),
    (FITTING, UNPROVEN, NONE, STOP_NEW + AGAIN),
    (NONE, CRASHED, STOPPED, RENAME_OLD + REMOVE_NEW + START_NEW + AGAIN),
    (NONE, UNMADE, STOPPED, RENAME_OLD + REMOVE_NEW + START_NEW + AGAIN),
    (NONE, UNMADE, NONE, REMOVE_NEW + AGAIN),
    # The names are swapped: the old one is removed when the new one serves.
    (FITTING, NONE, OLDER, "stage 1: stop shop-1.old (replaced)\n" + REMOVE_OLD),
    (FITTING, NONE, STOPPED, "stage 1: remove shop-1.old (replaced)"),
    (BEGUN, NONE, STOPPED, "stage 1: wait until shop-1 is healthy (not healthy yet)\n" + REMOVE_OLD),
    (MADE, NONE, STOPPED, START_NEW.replace("interrupted", "not running") + REMOVE_OLD),
    (CRASHED, NONE, STOPPED, PUT_BACK + AGAIN),
    (UNPROVEN, NONE, STOPPED, "stage 1: stop shop-1 (interrupted)\n" + PUT_BACK + AGAIN),
    (UNMADE, NONE, STOPPED, PUT_BACK + AGAIN),
    (STOPPED, NONE, STOPPED, PUT_BACK + AGAIN),
    # Of another release, and healthy: it stays until what is wanted now serves.
    (OLDER, NONE, STOPPED, "stage 1: remove shop-1.old (interrupted)\n" + AGAIN),
    (NONE, NONE, STOPPED, RENAME_OLD + START_NEW + AGAIN),
    (NONE, NONE, OLDER, RENAME_OLD + "stage 1: wait until shop-1 is healthy (interrupted)\n" + AGAIN),
    # All three: the newcomer has replaced nothing yet.
    (FITTING, FITTING, STOPPED, STOP_NEW + AGAIN),
    (OLDER, FITTING, STOPPED, STOP_NEW + AGAIN),
]

#: Every state that a name can be in.
STATES = (NONE, FITTING, BEGUN, MADE, CRASHED, OLDER, STOPPED, UNPROVEN, UNMADE)


def after_interruption(current: str, newcomer: str, previous: str) -> list[Container]:
    return [*there(current), *there(newcomer, suffix=NEW), *there(previous, suffix=OLD)]


@pytest.mark.parametrize(("current", "newcomer", "previous", "block"), TABLE)
def test_how_an_interrupted_replacement_goes_on(current: str, newcomer: str, previous: str, block: str) -> None:
    assert str(plan_for(after_interruption(current, newcomer, previous), 1, update=UpdatePolicy())) == text(block)


def test_all_that_is_over_the_count_is_removed() -> None:
    for found in starmap(after_interruption, product(STATES, STATES, STATES)):
        plan = plan_for(found, 0)
        assert (plan.stages, plan.replan) == ((), False)
        removed = {it.container_id for track in plan.cleanup for it in track.operations if isinstance(it, Remove)}
        assert removed == {it.id for it in found}


def test_replanning_comes_to_an_end_whatever_is_there() -> None:
    """Each plan that leads to another one leaves less there, until one leads to what is wanted."""
    for found in starmap(after_interruption, product(STATES, STATES, STATES)):
        there_by_now = found
        for _plan in range(3):
            plan = plan_for(there_by_now, 1, update=UpdatePolicy())
            if not plan.replan:
                break
            there_by_now = execute(there_by_now, [step for track in plan.tracks for step in track.operations])
        assert not plan.replan, [(container.name, container.state) for container in found]


def execute(found: list[Container], operations: list[Operation]) -> list[Container]:
    """Return what is there then, if all becomes healthy."""
    by_id = {container.id: container for container in found}
    for step in operations:
        if isinstance(step, Remove):
            assert not by_id.pop(step.container_id).running
        elif isinstance(step, Rename):
            by_id[step.container_id] = replace(by_id[step.container_id], name=step.name)
            assert len({it.name for it in by_id.values()}) == len(by_id)
        elif isinstance(step, Start):
            by_id[step.container_id] = replace(by_id[step.container_id], state="running", exit_code=None)
        elif isinstance(step, Stop):
            by_id[step.container_id] = replace(by_id[step.container_id], state="exited", exit_code=0)
    return list(by_id.values())


ALWAYS = {**WANTED.labels, labels.RESTART: "always"}


@pytest.mark.parametrize(
    "slot",
    [
        pytest.param(
            Slot("shop-1", WANTED, exited(0, **{**OTHER, "id": "o", "labels": ALWAYS}), running(id="n")),
            id="its own label knows it",
        ),
        pytest.param(
            Slot("shop-1", WANTED, exited(0, id="o"), running(id="n", labels={labels.REPLACES: "o always"})),
            id="the label of what replaces it knows it",
        ),
        pytest.param(
            Slot("shop-1", WANTED, running(id="n", labels={labels.REPLACES: "o always"}), None, exited(0, id="o")),
            id="after the names were swapped",
        ),
    ],
)
def test_what_is_restored_gets_its_restart_policy_before_its_replacement_is_removed(slot: Slot) -> None:
    steps = plan_undo(slot, "").operations
    restored = steps.index(SetRestartPolicy("o", RestartPolicy("always")))
    assert restored < steps.index(Remove("n"))
    assert restored < steps.index(Start("o")) < steps.index(WaitUntilHealthy("o"))


#: The new one as shop-1, the old one as shop-1.old.
SERVES = Slot("shop-1", WANTED, running(id="n", name="shop-1", **FITS), None, exited(0, id="o", name="shop-1.old"))
BESIDE = """
    stage 1: start shop-1.old (rollback)
    stage 1: wait until shop-1.old is healthy (rollback)
    stage 1: rename shop-1 to shop-1.new (rollback)
    stage 1: rename shop-1.old to shop-1 (rollback)
    stage 1: stop shop-1.new (rollback)
    stage 1: remove shop-1.new (rollback)
"""
INSTEAD = """
    stage 1: stop shop-1 (rollback)
    stage 1: rename shop-1 to shop-1.new (rollback)
    stage 1: rename shop-1.old to shop-1 (rollback)
    stage 1: remove shop-1.new (rollback)
    stage 1: start shop-1 (rollback)
    stage 1: wait until shop-1 is healthy (rollback)
"""


@pytest.mark.parametrize(
    ("slot", "order", "block"),
    [
        pytest.param(SERVES, None, BESIDE, id="the new one serves until the old one is healthy"),
        pytest.param(SERVES, "stop_first", INSTEAD, id="the two may not run at the same time"),
        pytest.param(
            replace(SERVES, current=replace(SERVES.containers[0], health="unhealthy")),
            None,
            INSTEAD,
            id="the new one does not serve",
        ),
        pytest.param(
            Slot("shop-1", WANTED, SERVES.current),
            None,
            """
            stage 1: stop shop-1 (rollback)
            stage 1: remove shop-1 (rollback)
            """,
            id="it was missing before",
        ),
        pytest.param(
            Slot("shop-1", None, exited(0, id="n", name="shop-1")),
            None,
            """
            stage 1: start shop-1 (rollback)
            stage 1: wait until shop-1 is healthy (rollback)
            """,
            id="one over the count had to make room",
        ),
        pytest.param(Slot("shop-1", WANTED, running(id="untouched")), None, "", id="nothing was changed"),
    ],
)
def test_a_rollback_restores_what_ran_before(slot: Slot, order: str | None, block: str) -> None:
    assert str(plan_rollback([slot], NOW, UpdatePolicy(order=order), {"n"})) == text(block)

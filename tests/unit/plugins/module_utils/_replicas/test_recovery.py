# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with a place where a replacement was left half-way: all that may be there, as one table."""

from __future__ import annotations

from itertools import product, starmap

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, RestartPolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.operations import (
    Await,
    Operation,
    Remove,
    Rename,
    SetRestartPolicy,
    Start,
    Stop,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.policy import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.recovery import undo
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.slots import NEW, OLD, Slot
from ansible_collections.migrate_first.docker.tests.unit.support.found import exited, running
from ansible_collections.migrate_first.docker.tests.unit.support.planned import (
    FITS,
    OTHER,
    WANTED,
    planned,
    there,
    told,
)

NONE, FITTING, BEGUN, MADE, CRASHED = "", "runs", "has just been started", "was created", "has crashed"
OLDER, STOPPED = "has another image", "was stopped, and has another image"
UNPROVEN, UNMADE = "has another image, and has just been started", "was created, and has another image"

#: What is there as shop-1, shop-1.new and shop-1.old, and the plan; dots where all is planned anew after it.
TABLE: list[tuple[str, str, str, str]] = [
    # A newcomer that is what is wanted goes on, whether the old one still serves or not.
    (OLDER, FITTING, NONE, "replaced 1 / clear 1"),
    (OLDER, BEGUN, NONE, "replaced 1 / clear 1"),
    (OLDER, MADE, NONE, "replaced 1 / clear 1"),
    (STOPPED, MADE, NONE, "replaced 1 / clear 1"),
    (NONE, MADE, STOPPED, "replaced 1 / clear 1"),
    (NONE, FITTING, OLDER, "replaced 1 / clear 1"),
    (NONE, MADE, NONE, "created 1"),
    # One that has ended, or is of another release, goes, and what it was to replace serves again.
    (OLDER, CRASHED, NONE, "restored 1 ..."),
    (STOPPED, CRASHED, NONE, "restored 1 ..."),
    (STOPPED, UNMADE, NONE, "restored 1 ..."),
    (OLDER, UNPROVEN, NONE, "restored 1 ..."),
    (FITTING, UNPROVEN, NONE, "restored 1 ..."),
    (NONE, CRASHED, STOPPED, "restored 1 ..."),
    (NONE, UNMADE, STOPPED, "restored 1 ..."),
    (NONE, UNMADE, NONE, "removed 1 ..."),
    # The names are swapped: what was put aside goes when the new one serves.
    (FITTING, NONE, OLDER, "replaced 1 / clear 1"),
    (FITTING, NONE, STOPPED, "clear 1"),
    (BEGUN, NONE, STOPPED, "replaced 1 / clear 1"),
    (MADE, NONE, STOPPED, "replaced 1 / clear 1"),
    (CRASHED, NONE, STOPPED, "restored 1 ..."),
    (UNPROVEN, NONE, STOPPED, "restored 1 ..."),
    (UNMADE, NONE, STOPPED, "restored 1 ..."),
    (STOPPED, NONE, STOPPED, "restored 1 ..."),
    # Of another release, and proven: it stays until what is wanted now serves.
    (OLDER, NONE, STOPPED, "removed 1 ..."),
    (NONE, NONE, STOPPED, "restored 1 ..."),
    (NONE, NONE, OLDER, "restored 1 ..."),
    # All three: the newcomer has replaced nothing yet.
    (FITTING, FITTING, STOPPED, "removed 1 ..."),
    (OLDER, FITTING, STOPPED, "removed 1 ..."),
]

#: Every state that a name can be in.
STATES = (NONE, FITTING, BEGUN, MADE, CRASHED, OLDER, STOPPED, UNPROVEN, UNMADE)


def left(current: str, newcomer: str, previous: str) -> list[Container]:
    return [*there(current), *there(newcomer, suffix=NEW), *there(previous, suffix=OLD)]


@pytest.mark.parametrize(("current", "newcomer", "previous", "way"), TABLE)
def test_what_was_left_half_way(current: str, newcomer: str, previous: str, way: str) -> None:
    assert told(planned(left(current, newcomer, previous), 1, update=UpdatePolicy())) == way


def test_all_that_is_over_the_count_goes() -> None:
    for found in starmap(left, product(STATES, STATES, STATES)):
        way = planned(found, 0)
        assert (way.stages, way.again) == ((), False)
        removed = {it.container_id for track in way.clearing for it in track.operations if isinstance(it, Remove)}
        assert removed == {it.id for it in found}


def test_it_comes_to_an_end_whatever_is_there() -> None:
    """Each plan that leads to another one leaves less there, until one leads to what is wanted."""
    for found in starmap(left, product(STATES, STATES, STATES)):
        there_by_now = found
        for _plan in range(3):
            way = planned(there_by_now, 1, update=UpdatePolicy())
            if not way.again:
                break
            there_by_now = run_job(there_by_now, [step for track in way.tracks for step in track.operations])
        assert not way.again, [(container.name, container.state) for container in found]


def run_job(found: list[Container], operations: list[Operation]) -> list[Container]:
    """Return what is there then, if all comes up."""
    by_id = {container.id: container for container in found}
    for step in operations:
        if isinstance(step, Remove):
            assert not by_id.pop(step.container_id).running
        elif isinstance(step, Rename):
            by_id[step.container_id] = changed(by_id[step.container_id], name=step.name)
            assert len({it.name for it in by_id.values()}) == len(by_id)
        elif isinstance(step, Start):
            by_id[step.container_id] = changed(by_id[step.container_id], state="running", exit_code=None)
        elif isinstance(step, Stop):
            by_id[step.container_id] = changed(by_id[step.container_id], state="exited", exit_code=0)
    return list(by_id.values())


def changed(container: Container, **fields: object) -> Container:
    return Container(**{**vars(container), **fields})


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
def test_what_is_restored_gets_its_restart_policy_before_its_replacement_goes(slot: Slot) -> None:
    steps = undo(slot).operations
    restored = steps.index(SetRestartPolicy("o", RestartPolicy("always")))
    assert restored < steps.index(Remove("n"))
    assert restored < steps.index(Start("o")) < steps.index(Await("o"))


def test_what_serves_is_not_stopped_before_the_other_one_does() -> None:
    slot = Slot("shop-1", WANTED, running(id="n", **FITS), None, exited(0, id="o"))
    steps = undo(slot, "start_first").operations
    assert [type(step) for step in steps] == [Start, Await, Rename, Rename, Stop, Remove]
    assert [type(step) for step in undo(slot).operations] == [Stop, Rename, Rename, Remove, Start, Await]

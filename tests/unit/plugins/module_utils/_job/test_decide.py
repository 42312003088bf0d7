# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The next step of a job, for every combination of states that can be found: one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain, product
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, Image
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import START_GRACE, Refuse, decide
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.observed_state import ObservedState
from ansible_collections.migrate_first.docker.tests.unit.support.found import (
    BEGAN,
    ID,
    IMAGE_ID,
    container,
    exited,
    made_for,
    running,
)
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

DATABASE = {"env": {"DATABASE": "a"}, "user": "shop"}
WANTED = job("job", container=DATABASE, release="ours", invocation="own", timeout=600, creator="this execution")
IMAGE = Image(IMAGE_ID)
NOW = BEGAN + timedelta(seconds=5)

#: The container that has the job's name. A foreign container, and none, belong to nobody.
STATES: dict[str, Container | None] = {
    "none": None,
    "foreign": running(),
    "created-here": container(),
    "created": container(created_at=NOW - timedelta(seconds=START_GRACE - 1)),
    "unstartable": container(error="no such program"),
    "left": container(created_at=NOW - timedelta(seconds=START_GRACE)),
    "running": running(),
    "paused": running(state="paused"),
    "overdue": running(started_at=NOW - timedelta(seconds=600)),
    "restarting": running(state="restarting"),
    "removing": running(state="removing"),
    "dead": exited(0, state="dead"),
    "success": exited(0),
    "failure": exited(3),
    "timeout": exited(0, seconds=600),
}
INVOCATIONS = {"own": "own", "other": "others"}
RELEASES = {"own": "ours", "other": "theirs"}
DEFINITIONS = {
    "same": made_for(WANTED),
    "env": made_for(job("job", container={**DATABASE, "env": {"DATABASE": "b"}}, timeout=600)),
    "user": made_for(job("job", container={**DATABASE, "user": "root"}, timeout=600)),
    "command": made_for(job("job", FAIL, DATABASE, timeout=600)),
    "image": {**made_for(WANTED), "image_id": "sha256:other"},
    "unreadable": made_for(WANTED, definition="{}"),
}


def belonging(found: Container, invocation: str, release: str, definition: str, **fields: Any) -> Container:
    """Return a container that was made by an invocation for a release."""
    made = DEFINITIONS[definition]
    belongs_to = {labels.INVOCATION: INVOCATIONS[invocation], labels.RELEASE: RELEASES[release]}
    return replace(found, **{**made, "labels": {**made["labels"], **belongs_to}, **fields})


def record(age: int, exit_code: int, invocation: str, release: str, definition: str = "same") -> Run:
    """Return a run in the history; it is older than the container that has the name."""
    made = belonging(exited(exit_code), invocation, release, definition)
    return Run(replace(made, id=f"{age}" * 64, name=f"job.{age}", created_at=BEGAN - timedelta(hours=age)))


#: The records, by their end, invocation and release; an older success of another release is behind each.
OLD = record(9, 0, "other", "other")
HISTORIES = {
    "none": (),
    "others": (OLD,),
    "proven": (OLD, record(2, 0, "other", "own")),
    "proven-otherwise": (OLD, record(2, 0, "other", "own", "env")),
    "overtaken": (OLD, record(2, 0, "other", "own"), record(1, 0, "other", "other")),
    "own": (OLD, record(2, 0, "own", "own", "env")),
    "own-otherwise": (OLD, record(2, 0, "own", "own", "command")),
    "own-failure": (OLD, record(2, 3, "own", "own"), record(1, 0, "other", "other")),
    "own-overtaken": (OLD, record(2, 0, "own", "own"), record(1, 0, "other", "other")),
}
#: The option on_busy of the task, and how long it has waited for another release.
PATIENCE = {"wait": ("wait", 0.0), "waits": ("wait", 30.0), "waited": ("wait", 3600.0), "fail": ("fail", 0.0)}
#: The container that an earlier call has watched.
WATCHED = {"none": "", "found": ID, "record": "2" * 64, "gone": "f" * 64}

OWN = "own own-otherwise own-failure own-overtaken"
ENDED = "success failure timeout"
OTHERWISE = "command image unreadable"

#: The state that is found, its invocation, its release, its definition, the records, the patience,
#: the container that was watched, and the next step. The first row that fits counts.
TABLE = [
    ("*", "*", "*", "*", "*", "*", "record", "report the record"),
    ("foreign", "*", "*", "*", "*", "*", "found", "vanished"),
    (ENDED, "*", "*", "*", "*", "*", "found", "report"),
    ("running paused overdue", "*", "*", "*", "*", "*", "found", "join"),
    ("*", "*", "*", "*", "*", "wait fail", "found", "wait until it has settled"),
    ("*", "*", "*", "*", "*", "*", "found", "lost"),
    ("*", "*", "*", "*", "*", "*", "gone", "vanished"),
    ("foreign", "*", "*", "*", "*", "*", "*", "foreign"),
    ("restarting removing dead", "*", "*", "*", "*", "wait fail", "*", "wait until it has settled"),
    ("restarting removing dead", "*", "*", "*", "*", "*", "*", "lost"),
    ("created-here", "*", "*", "*", f"proven {OWN}", "*", "*", "abandon"),
    ("created-here", "*", "*", "*", "*", "*", "*", "start"),
    ("created unstartable", "*", "*", "*", "*", "*", "*", "wait for its creator"),
    ("left", "*", "*", "*", "*", "*", "*", "abandon"),
    ("overdue", "*", "other", "*", "*", "*", "*", "stop"),
    ("running paused", "*", "other", "*", "*", "waited fail", "*", "busy"),
    ("running paused", "*", "other", "*", "*", "*", "*", "wait for its end"),
    ("running paused overdue", "own", "own", OTHERWISE, "*", "*", "*", "differs"),
    ("running paused overdue", "other", "own", f"env user {OTHERWISE}", "*", "*", "*", "differs"),
    ("running paused overdue", "*", "own", "*", "*", "*", "*", "join"),
    (ENDED, "own", "own", OTHERWISE, "*", "*", "*", "differs"),
    (ENDED, "own", "own", "*", "*", "*", "*", "report"),
    ("*", "*", "*", "*", "own-otherwise", "*", "*", "the record differs"),
    ("*", "*", "*", "*", "own-overtaken", "*", "*", "superseded"),
    ("success", "*", "*", "*", "own", "*", "*", "superseded"),
    ("*", "*", "*", "*", "own own-failure", "*", "*", "report the record"),
    ("success", "other", "own", "same", "*", "*", "*", "report"),
    ("none failure timeout", "*", "*", "*", "proven", "*", "*", "report the record"),
    ("none", "*", "*", "*", "*", "*", "*", "create"),
    (ENDED, "*", "*", "*", "*", "*", "*", "archive"),
]

#: Of a refusal its outcome, and words of its reason.
REFUSALS = {
    "vanished": ("lost", "removed while it was watched"),
    "lost": ("lost", "docker inspect job"),
    "foreign": ("not_started", "no job of this collection"),
    "busy": ("not_started", "running for the release theirs"),
    "differs": ("not_started", "already"),
    "the record differs": ("not_started", "another command"),
    "superseded": ("superseded", "this rollout of"),
}
#: Of another step its kind, and its container or words of its sentence.
STEPS = {
    "report": ("Report", ID),
    "report the record": ("Report", "2" * 64),
    "join": ("Join", ID),
    "start": ("Start", ID),
    "stop": ("Stop", ID),
    "abandon": ("Abandon", ID),
    "archive": ("Archive", ID),
    "create": ("Create", ""),
    "wait until it has settled": ("Wait", "look at it on the runner"),
    "wait for its creator": ("Wait", "is about to be started"),
    "wait for its end": ("Wait", "running for the release theirs"),
}


def combinations(state: str) -> Iterator[tuple[str, ...]]:
    """Return all combinations with that state; a container that belongs to nobody has no definition either."""
    nobodys = state in ("none", "foreign")
    owners = [("-", "-", "-")] if nobodys else list(product(INVOCATIONS, RELEASES, DEFINITIONS))
    for owner, history, patience, watched in product(owners, HISTORIES, PATIENCE, WATCHED):
        there = {"none": True, "found": state != "none", "record": len(HISTORIES[history]) > 1, "gone": True}
        if there[watched]:
            yield (state, *owner, history, patience, watched)


def fits(row: Sequence[str], combination: Sequence[str]) -> bool:
    return all(column == "*" or value in column.split() for column, value in zip(row, combination))


def expected(combination: Sequence[str]) -> str:
    return next(row[-1] for row in TABLE if fits(row, combination))


def found(state: str, invocation: str, release: str, definition: str) -> Container | None:
    shown = STATES[state]
    if shown is None or state == "foreign":
        return shown
    made = belonging(shown, invocation, release, definition)
    creator = "this execution" if state == "created-here" else "another execution"
    return replace(made, labels={**made.labels, labels.CREATOR: creator})


def step_for(request: Request, state: ObservedState) -> Any:
    return decide(request, request, IMAGE, state)


def kind_and_subject(step: Any) -> tuple[str, str]:
    """Return the kind of a step, and its container or sentence."""
    run = getattr(step, "run", None)
    return type(step).__name__, run.container.id if run else getattr(step, "sentence", "")


@pytest.mark.parametrize("state", STATES)
def test_each_combination_has_its_next_step(state: str) -> None:
    for combination in combinations(state):
        *owner, history, patience, watched = combination
        on_busy, waited = PATIENCE[patience]
        wanted = replace(WANTED, on_busy=on_busy, watching=WATCHED[watched])
        step = step_for(wanted, ObservedState(found(*owner), HISTORIES[history], NOW, waited, waited))
        word = expected(combination)
        if word in REFUSALS:
            outcome, words = REFUSALS[word]
            assert isinstance(step, Refuse), combination
            assert step.outcome == outcome, combination
            assert words in step.reason, combination
        else:
            kind, subject = STEPS[word]
            assert kind_and_subject(step)[0] == kind, combination
            assert subject in kind_and_subject(step)[1], combination


def test_each_row_of_the_table_is_needed() -> None:
    needed = set()
    for combination in chain.from_iterable(map(combinations, STATES)):
        fitting = (row for row in TABLE if fits(row, combination))
        row, without_it = next(fitting), next(fitting, None)
        if without_it is None or without_it[-1] != row[-1]:
            needed.add(row)
    assert [row for row in TABLE if row not in needed] == []


@pytest.mark.parametrize(
    "carried",
    [
        pytest.param({}, id="nobody's"),
        pytest.param({**WANTED.labels(WANTED), labels.KIND: labels.REPLICA}, id="a replica"),
        pytest.param({**WANTED.labels(WANTED), labels.NAME: "other"}, id="another job's"),
    ],
)
def test_a_container_that_is_no_run_of_the_job_is_refused(carried: dict[str, str]) -> None:
    for shown in filter(None, STATES.values()):
        step = step_for(WANTED, ObservedState(replace(shown, labels=carried), (), NOW))
        assert isinstance(step, Refuse), shown
        assert (step.outcome, step.container) == ("not_started", replace(shown, labels=carried)), shown
        assert ID[:12] in step.reason, shown


@pytest.mark.parametrize(
    ("definition", "keys"),
    [("command", "command"), ("image", "image"), ("env", "env.DATABASE"), ("unreadable", "definition")],
)
def test_a_refusal_names_the_keys_that_differ(definition: str, keys: str) -> None:
    step = step_for(WANTED, ObservedState(found("running", "other", "own", definition), (), NOW))
    assert isinstance(step, Refuse)
    assert f"with another {keys}:" in step.reason


def test_an_execution_without_a_name_starts_no_container_that_it_finds() -> None:
    nameless = replace(WANTED, creator="")
    left = container(**made_for(nameless))
    assert kind_and_subject(step_for(nameless, ObservedState(left, (), NOW)))[0] == "Wait"


@pytest.mark.parametrize("history", HISTORIES)
def test_a_new_run_has_a_higher_fence_than_any_record(history: str) -> None:
    wanted = replace(WANTED, release="new")
    step = step_for(wanted, ObservedState(None, HISTORIES[history], NOW))
    assert step.minimum_fence == max([run.fence + 1 for run in HISTORIES[history]], default=0)


@pytest.mark.parametrize(("above", "kind"), [(0, "Abandon"), (1, "Start")])
def test_a_created_container_that_would_not_be_the_newest_run_is_abandoned(above: int, kind: str) -> None:
    fence = OLD.fence + above
    made = container(created_at=OLD.container.created_at, **made_for(WANTED, fence=str(fence)))
    assert kind_and_subject(step_for(WANTED, ObservedState(made, (OLD,), NOW)))[0] == kind


OTHERS = job("job", invocation="others", retries=1, retry_delay=20, retry_on=("3",))
#: Has watched an attempt of the other invocation.
JOINED = job("job", invocation="own", watching=ID)


def state_after_failure(seconds: float, *later: Any) -> ObservedState:
    """Return the state so many seconds after the joined attempt has failed, with a later attempt or none."""
    failed = exited(3, seconds=1.0, **made_for(OTHERS))
    found, *_none = (*later, failed)
    history = (Run(failed),) if later else ()
    return ObservedState(found, history, BEGAN + timedelta(seconds=1.0 + seconds))


def second(state: Any, wanted: Request = OTHERS, **fields: Any) -> Any:
    """Return a container of the second attempt, in a state."""
    created_at = BEGAN + timedelta(seconds=10)
    return state(id="4" * 64, created_at=created_at, **made_for(replace(wanted, attempt=2)), **fields)


@pytest.mark.parametrize(
    ("state", "kind", "container_id"),
    [
        pytest.param(state_after_failure(0), "Wait", None, id="it is to come"),
        pytest.param(state_after_failure(20 + START_GRACE - 1), "Wait", None, id="it may still come"),
        pytest.param(state_after_failure(20 + START_GRACE), "Report", ID, id="it has not come"),
        pytest.param(state_after_failure(30, second(running)), "Join", "4" * 64, id="it runs"),
        pytest.param(state_after_failure(30, second(exited)), "Report", "4" * 64, id="it has succeeded"),
        pytest.param(state_after_failure(30, second(exited, exit_code=3)), "Report", "4" * 64, id="it was the last"),
        pytest.param(state_after_failure(30, second(container)), "Wait", None, id="it is about to start"),
        pytest.param(
            state_after_failure(30, second(running, job("job", invocation="x"))), "Wait", None, id="somebody else's"
        ),
    ],
)
def test_an_invocation_that_has_joined_waits_for_the_next_attempt(
    state: ObservedState, kind: str, container_id: str | None
) -> None:
    step = step_for(JOINED, state)
    assert type(step).__name__ == kind
    assert container_id is None or step.run.container.id == container_id


def test_the_invocation_that_made_the_failed_attempt_does_not_wait() -> None:
    assert type(step_for(replace(JOINED, invocation="others"), state_after_failure(0))).__name__ == "Report"


@pytest.mark.parametrize(("attempt", "kind"), [(1, "Report"), (2, "Archive")])
def test_an_attempt_does_not_report_an_earlier_one(attempt: int, kind: str) -> None:
    assert type(step_for(replace(OTHERS, attempt=attempt), state_after_failure(0))).__name__ == kind

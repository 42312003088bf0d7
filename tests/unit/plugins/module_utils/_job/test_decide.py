# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The next step, for every combination of what can be found under a job's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._container import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._container.image import Image
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import (
    Archive,
    Create,
    Join,
    Refuse,
    Report,
    decide,
)
from ansible_collections.migrate_first.docker.tests.unit.support.found import (
    ID,
    IMAGE_ID,
    container,
    exited,
    made_for,
    running,
)
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

DATABASE = {"env": {"DATABASE": "a"}, "user": "shop"}
WANTED = job("job", container=DATABASE, release="ours", invocation="own", timeout=60)
IMAGE = Image(IMAGE_ID)

STATES = {
    "created": container(),
    "unstartable": container(error="no such program"),
    "running": running(),
    "paused": running(state="paused"),
    "restarting": running(state="restarting"),
    "success": exited(0),
    "failure": exited(3),
    "timeout": exited(0, seconds=60),
    "dead": exited(0, state="dead"),
    "removing": running(state="removing"),
}
INVOCATIONS = {"own": "own", "other": "others"}
RELEASES = {"own": "ours", "other": "theirs"}
DEFINITIONS = {
    "same": made_for(WANTED),
    "env": made_for(job("job", container={**DATABASE, "env": {"DATABASE": "b"}}, timeout=60)),
    "user": made_for(job("job", container={**DATABASE, "user": "root"}, timeout=60)),
    "command": made_for(job("job", FAIL, DATABASE, timeout=60)),
    "image": {**made_for(WANTED), "image_id": "sha256:other"},
    "unreadable": made_for(WANTED, definition="{}"),
}

#: What is found, whose invocation, whose release, how it is defined, and the step. The first row that fits counts.
TABLE = [
    ("dead removing", "*", "*", "*", "lost"),
    ("created", "*", "*", "*", "not started by its creator"),
    ("running paused restarting", "*", "other", "*", "busy"),
    ("running paused restarting", "own", "own", "same env user", "join"),
    ("running paused restarting", "own", "own", "*", "differs"),
    ("running paused restarting", "other", "own", "same", "join"),
    ("running paused restarting", "other", "own", "*", "differs"),
    ("success failure timeout unstartable", "*", "other", "*", "archive"),
    ("success failure timeout unstartable", "own", "own", "same env user", "report"),
    ("success failure timeout unstartable", "own", "own", "*", "differs"),
    ("success", "other", "own", "same", "report"),
    ("success failure timeout unstartable", "other", "own", "*", "archive"),
]

STEPS = {"join": Join, "report": Report, "archive": Archive}
REFUSALS = {
    "lost": ("lost", "docker inspect job"),
    "not started by its creator": ("not_started", "was created"),
    "busy": ("not_started", "another release (theirs)"),
    "differs": ("not_started", "another definition"),
}

COMBINATIONS = list(product(INVOCATIONS, RELEASES, DEFINITIONS))


def fits(row: Sequence[str], combination: Sequence[str]) -> bool:
    return all(column == "*" or value in column.split() for column, value in zip(row, combination))


def expected(combination: Sequence[str]) -> str:
    return next(row[-1] for row in TABLE if fits(row, combination))


def found(state: str, invocation: str, release: str, definition: str) -> Container:
    made = DEFINITIONS[definition]
    belongs_to = {labels.INVOCATION: INVOCATIONS[invocation], labels.RELEASE: RELEASES[release]}
    return replace(STATES[state], **{**made, "labels": {**made["labels"], **belongs_to}})


@pytest.mark.parametrize("state", STATES)
def test_the_next_step(state: str) -> None:
    for combination in COMBINATIONS:
        step = decide(WANTED, IMAGE, found(state, *combination))
        wanted = expected([state, *combination])
        if wanted in REFUSALS:
            outcome, words = REFUSALS[wanted]
            assert isinstance(step, Refuse), combination
            assert (step.outcome, step.container.id) == (outcome, ID), combination
            assert words in step.reason, combination
        else:
            assert isinstance(step, STEPS[wanted]), combination


def test_each_row_of_the_table_is_needed() -> None:
    for place, row in enumerate(TABLE):
        left = [one for one in product(STATES, INVOCATIONS, RELEASES, DEFINITIONS) if fits(row, one)]
        assert not all(any(fits(earlier, one) for earlier in TABLE[:place]) for one in left), row


def test_a_free_name_is_taken() -> None:
    assert decide(WANTED, IMAGE, None) == Create()


@pytest.mark.parametrize(
    "carried",
    [
        pytest.param({}, id="nobody's"),
        pytest.param({**WANTED.labels(), labels.KIND: labels.REPLICA}, id="a replica"),
        pytest.param({**WANTED.labels(), labels.NAME: "other"}, id="another job's"),
    ],
)
def test_a_foreign_container_is_refused(carried: dict[str, str]) -> None:
    for state in STATES.values():
        step = decide(WANTED, IMAGE, replace(state, labels=carried))
        assert isinstance(step, Refuse), state
        assert step.outcome == "not_started", state
        assert ID[:12] in step.reason, state


@pytest.mark.parametrize(
    ("definition", "keys"),
    [("command", "command"), ("image", "image"), ("env", "env.DATABASE"), ("unreadable", "definition")],
)
def test_what_differs_is_named(definition: str, keys: str) -> None:
    step = decide(WANTED, IMAGE, found("running", "other", "own", definition))
    assert isinstance(step, Refuse)
    assert f"differs in {keys};" in step.reason

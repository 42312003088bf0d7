# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier batch was told is told again, unless this batch asks for something else or a newer release came."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Image
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.observed_state import ObservedState
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import EarlierResult
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import (
    Result,
    result_of_run,
    result_without_run,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import confirm
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.output import Output
from ansible_collections.migrate_first.docker.tests.unit.support.found import BEGAN, IMAGE_ID, exited, made_for, running
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

ENGINE = "ENGINE"
DATABASE = {"env": {"DATABASE": "a"}, "user": "shop"}
WANTED = job("job", container=DATABASE)
IMAGE = Image(IMAGE_ID)

OWN = Run(exited(**made_for(WANTED)))
SUCCESS = replace(result_of_run(WANTED, ENGINE, IMAGE, OWN, changed=True), outcome="succeeded").with_output(
    Output("much")
)

NEWER = made_for(job("job", release="2", invocation="b"))
LATER = BEGAN + timedelta(minutes=1)
RECORDS = {
    "none": (),
    "its own": (OWN,),
    "an older success": (OWN, Run(exited(created_at=BEGAN - timedelta(days=1), **NEWER))),
    "a newer failure": (OWN, Run(exited(3, created_at=LATER, **NEWER))),
    "a newer run": (OWN, Run(running(created_at=LATER, **NEWER))),
    "a newer success": (OWN, Run(exited(created_at=LATER, **NEWER))),
}


def asked(
    result: Result = SUCCESS, records: str = "its own", image: Image = IMAGE, engine: str = ENGINE, **container: Any
) -> Result:
    """Return what a later batch is told, whose container differs by these options."""
    seen = EarlierResult(result.returned(), WANTED.definition.label())
    program = container.pop("program", None)
    wanted = job("job", container={**DATABASE, **container}, **({"program": program} if program else {}))
    return confirm(wanted, seen, engine, image, ObservedState(None, RECORDS[records], LATER))


OUTCOMES = ("succeeded", "failed", "timed_out", "out_of_memory", "killed", "lost", "skipped")


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("records", RECORDS)
def test_the_result_is_the_same_unless_a_newer_release_has_come(outcome: str, records: str) -> None:
    result = replace(SUCCESS, outcome=outcome)
    told = asked(result, records)
    if records == "a newer success" and outcome in ("succeeded", "skipped"):
        assert (told.outcome, told.proceed, told.stdout) == ("superseded", False, "")
        assert "release 2" in told.diagnosis
    else:
        assert told == replace(result, reused=True)


def test_a_fence_of_its_own_is_no_newer_one() -> None:
    assert asked(replace(SUCCESS, fence=OWN.fence)).outcome == "succeeded"
    assert asked(replace(SUCCESS, fence=OWN.fence - 1)).outcome == "superseded"


@pytest.mark.parametrize("container", [{"env": {"DATABASE": "b"}}, {"user": "root"}], ids=["environment", "user"])
def test_what_is_no_work_may_differ_from_host_to_host(container: dict[str, Any]) -> None:
    assert asked(**container).outcome == "succeeded"


@pytest.mark.parametrize(
    ("other", "key"),
    [
        ({"program": FAIL}, "command"),
        ({"entrypoint": ["tool"]}, "entrypoint"),
        ({"image": Image("sha256:other")}, "image"),
        ({"engine": "ANOTHER"}, "engine"),
    ],
)
@pytest.mark.parametrize("outcome", ["succeeded", "failed", "skipped"])
def test_other_work_is_refused(other: dict[str, Any], key: str, outcome: str) -> None:
    told = asked(replace(SUCCESS, outcome=outcome), **other)
    assert (told.outcome, told.proceed, told.exit_code) == ("not_started", False, None)
    assert f"another {key}:" in told.diagnosis


def test_all_that_differs_is_named() -> None:
    told = asked(program=FAIL, image=Image("sha256:other"), engine="ANOTHER")
    assert "another engine, image, command:" in told.diagnosis


def test_what_cannot_be_compared_is_refused() -> None:
    told = confirm(WANTED, EarlierResult(SUCCESS.returned(), "{}"), ENGINE, IMAGE, ObservedState(None, (), LATER))
    assert told.outcome == "not_started"
    assert "another definition:" in told.diagnosis


def test_where_nothing_is_known_of_engine_and_image_they_are_not_compared() -> None:
    lost = result_without_run(WANTED, None, "lost", "it was lost")
    assert asked(lost) == replace(lost, reused=True)

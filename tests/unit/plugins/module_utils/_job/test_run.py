# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry points of a job: the result of an earlier batch is confirmed, and a new run has a higher fence."""

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
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, skip_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import memory_lab, memory_of
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


def confirmed(
    result: Result = SUCCESS, records: str = "its own", image: Image = IMAGE, engine: str = ENGINE, **container: Any
) -> Result:
    """Return the result that a later batch gets, whose container differs by these options."""
    program = container.pop("program", None)
    wanted = job("job", container={**DATABASE, **container}, **({"program": program} if program else {}))
    earlier = EarlierResult(result.returned(), WANTED.definition.label())
    return confirm(wanted, earlier, engine, image, ObservedState(None, RECORDS[records], LATER))


@pytest.mark.parametrize("outcome", ["succeeded", "failed", "timed_out", "out_of_memory", "killed", "lost", "skipped"])
@pytest.mark.parametrize("records", RECORDS)
def test_an_earlier_result_is_confirmed_unless_a_newer_release_has_migrated(outcome: str, records: str) -> None:
    result = replace(SUCCESS, outcome=outcome)
    again = confirmed(result, records)
    if records == "a newer success" and outcome in ("succeeded", "skipped"):
        assert (again.outcome, again.proceed, again.stdout) == ("superseded", False, "")
        assert "release 2" in again.diagnosis
    else:
        assert again == replace(result, reused=True)


def test_a_record_with_the_same_fence_is_not_newer() -> None:
    assert confirmed(replace(SUCCESS, fence=OWN.fence)).outcome == "succeeded"
    assert confirmed(replace(SUCCESS, fence=OWN.fence - 1)).outcome == "superseded"


@pytest.mark.parametrize("container", [{"env": {"DATABASE": "b"}}, {"user": "root"}], ids=["environment", "user"])
def test_options_that_are_not_the_work_may_differ_from_host_to_host(container: dict[str, Any]) -> None:
    assert confirmed(**container).outcome == "succeeded"


@pytest.mark.parametrize(
    ("other", "keys"),
    [
        ({"program": FAIL}, "command"),
        ({"entrypoint": ["tool"]}, "entrypoint"),
        ({"image": Image("sha256:other")}, "image"),
        ({"engine": "ANOTHER"}, "engine"),
        ({"program": FAIL, "image": Image("sha256:other"), "engine": "ANOTHER"}, "engine, image, command"),
    ],
)
@pytest.mark.parametrize("outcome", ["succeeded", "failed", "skipped"])
def test_other_work_is_refused_with_all_that_differs(other: dict[str, Any], keys: str, outcome: str) -> None:
    refused = confirmed(replace(SUCCESS, outcome=outcome), **other)
    assert (refused.outcome, refused.proceed, refused.exit_code) == ("not_started", False, None)
    assert f"another {keys}:" in refused.diagnosis


def test_a_definition_that_cannot_be_compared_is_refused() -> None:
    refused = confirm(WANTED, EarlierResult(SUCCESS.returned(), "{}"), ENGINE, IMAGE, ObservedState(None, (), LATER))
    assert refused.outcome == "not_started"
    assert "another definition:" in refused.diagnosis


def test_engine_and_image_are_not_compared_where_the_earlier_result_does_not_know_them() -> None:
    lost = result_without_run(WANTED, None, "lost", "it was lost")
    assert confirmed(lost) == replace(lost, reused=True)


def test_a_newer_run_has_a_higher_fence_where_the_runners_clock_has_gone_back() -> None:
    lab = memory_lab()
    first = run_job(lab, job("job"))
    memory_of(lab)._skew = -86400.0
    skipped = skip_job(lab, job("job", release="2", invocation="b"))
    second = run_job(lab, job("job", release="3", invocation="c"))
    assert (second.fence, skipped.fence) == ((first.fence or 0) + 1, (first.fence or 0) + 1)
    # It is the newest, though by the clock it is not.
    assert run_job(lab, job("job")).outcome == "superseded"
    assert run_job(lab, job("job", release="3", invocation="d")).reused

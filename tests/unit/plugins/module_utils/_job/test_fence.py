# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fence of a run: higher for a newer one, also where the runner's clock has gone back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.records import (
    newest,
    newest_first,
    newest_success,
    next_fence,
)
from ansible_collections.migrate_first.docker.tests.unit.support.found import BEGAN, exited, running
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, skip_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_engine
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

#: The creation of a container of the tests, in microseconds.
CREATED = 1767268799000000


@pytest.mark.parametrize(
    ("carried", "fence"),
    [
        pytest.param({}, CREATED, id="no label"),
        pytest.param({labels.FENCE: "0"}, CREATED, id="no record before it"),
        pytest.param({labels.FENCE: str(CREATED - 1)}, CREATED, id="an older record"),
        pytest.param({labels.FENCE: str(CREATED + 1)}, CREATED + 1, id="a record of later, by the clock of then"),
    ],
)
def test_it_is_the_creation_and_at_least_the_floor(carried: dict[str, str], fence: int) -> None:
    assert Run(running(labels=carried)).fence == fence


def run_of(number: int, exit_code: int = 0, floor: int = 0) -> Run:
    created_at = BEGAN + timedelta(minutes=number)
    return Run(exited(exit_code, id=f"{number}", created_at=created_at, labels={labels.FENCE: str(floor)}))


def test_the_next_one_is_higher_than_any() -> None:
    runs = [run_of(1), run_of(3, exit_code=3), run_of(2)]
    assert next_fence(runs) == runs[1].fence + 1
    assert next_fence([]) == 0


def test_the_newest_is_the_one_with_the_highest_fence() -> None:
    late = run_of(1, floor=run_of(3).fence + 1)
    runs = [run_of(2), late, run_of(3)]
    assert [run.container.id for run in newest_first(runs)] == ["1", "3", "2"]
    assert newest(runs) is late
    assert newest([]) is None


def test_the_newest_success_is_neither_a_failure_nor_a_run_without_an_end() -> None:
    success, older = run_of(2), run_of(1)
    later: dict[str, Any] = {"created_at": BEGAN + timedelta(minutes=9)}
    runs = [older, run_of(3, exit_code=3), success, Run(running(**later)), Run(exited(state="dead", **later))]
    assert newest_success(runs) is success
    assert newest_success(runs[1:2]) is None


def test_the_runners_clock_may_go_back() -> None:
    clock = MemoryClock()
    engine = memory_engine(clock)
    lab = Lab(engine, clock)
    first = run_job(lab, job("job"))
    engine._skew = -86400.0
    skip = skip_job(lab, job("job", release="2", invocation="b"))
    second = run_job(lab, job("job", release="3", invocation="c"))
    assert (second.fence, skip.fence) == ((first.fence or 0) + 1, (first.fence or 0) + 1)
    # It is the newest, though by the clock it is not.
    assert run_job(lab, job("job")).outcome == "superseded"
    assert run_job(lab, job("job", release="3", invocation="d")).reused

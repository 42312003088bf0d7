# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deadline of a run counts by the engine's clock, however that is set, and waiting comes in slices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.plugins.module_utils._job.watch import LONGEST_WAIT
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, running_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_engine
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock
from ansible_collections.migrate_first.docker.tests.unit.support.programs import IGNORE_TERM, SERVE, TAKE_TWO_HOURS
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


def lab_with(skew: float = 0.0, rate: float = 1.0) -> Lab:
    clock = MemoryClock()
    return Lab(memory_engine(clock, skew, rate), clock)


@pytest.mark.parametrize("skew", [0.0, 3600.0, -3600.0], ids=["set right", "an hour ahead", "an hour behind"])
@pytest.mark.parametrize("waited", [0.0, 50.0, 59.9, 100.0])
def test_who_joins_late_stops_it_in_time(skew: float, waited: float) -> None:
    lab = lab_with(skew)
    wanted = job("job", IGNORE_TERM, timeout=60, stop_timeout=5)
    running_elsewhere(lab, replace(wanted, invocation="b"))
    lab.clock.sleep(waited)
    begun = lab.clock.monotonic()
    result = run_job(lab, wanted)
    assert result.outcome == "timed_out"
    assert lab.clock.monotonic() - begun == pytest.approx(max(60 - waited, 0) + 5, abs=0.1)


@pytest.mark.parametrize("rate", [0.9999, 1.0, 1.0001], ids=["slower", "as fast", "faster"])
def test_what_was_stopped_at_its_deadline_has_timed_out_by_any_clock(rate: float) -> None:
    result = run_job(lab_with(rate=rate), job("job", SERVE, timeout=7200))
    assert (result.outcome, result.exit_code) == ("timed_out", 0)


def two_hours(timeout: float, **fields: Any) -> tuple[Result, Lab]:
    lab = lab_with()
    return run_job(lab, job("job", TAKE_TWO_HOURS, timeout=timeout, **fields)), lab


@pytest.mark.parametrize("timeout", [0.0, 7300.0], ids=["no deadline", "a later deadline"])
def test_a_long_run_is_waited_for(timeout: float) -> None:
    result, lab = two_hours(timeout)
    assert (result.outcome, result.duration) == ("succeeded", 7200.0)
    assert lab.observed.calls["stop"] == 0


def test_no_single_wait_is_longer_than_the_connection_is_patient() -> None:
    result, lab = two_hours(timeout=0)
    assert result.outcome == "succeeded"
    assert 7200 / LONGEST_WAIT <= lab.observed.calls["wait"] <= 7200 / LONGEST_WAIT + 2


@pytest.mark.parametrize("stop_timeout", [0, 30])
def test_at_the_deadline_it_has_its_time_to_stop(stop_timeout: int) -> None:
    result, _lab = two_hours(timeout=100, stop_timeout=stop_timeout)
    assert (result.outcome, result.exit_code) == ("timed_out", 137)
    assert result.duration == pytest.approx(100 + stop_timeout, abs=0.1)

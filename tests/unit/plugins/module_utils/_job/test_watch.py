# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watching a run: until its end, its deadline, or a state that does not last."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.decide import SETTLE_GRACE
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result
from ansible_collections.migrate_first.docker.plugins.module_utils._job.watch import LONGEST_WAIT
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, memory_lab, memory_of
from ansible_collections.migrate_first.docker.tests.unit.support.programs import IGNORE_TERM, SERVE, TAKE_TWO_HOURS
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


@pytest.mark.parametrize("skew", [0.0, 3600.0, -3600.0], ids=["clock is right", "an hour ahead", "an hour behind"])
@pytest.mark.parametrize("waited", [0.0, 50.0, 59.9, 100.0])
def test_an_invocation_that_joins_late_stops_the_run_at_its_deadline(skew: float, waited: float) -> None:
    lab = memory_lab(skew)
    wanted = job("job", IGNORE_TERM, timeout=60, stop_timeout=5)
    start_elsewhere(lab, replace(wanted, invocation="b"))
    lab.clock.sleep(waited)
    began = lab.clock.monotonic()
    result = run_job(lab, wanted)
    assert result.outcome == "timed_out"
    assert lab.clock.monotonic() - began == pytest.approx(max(60 - waited, 0) + 5, abs=0.1)


@pytest.mark.parametrize("rate", [0.9999, 1.0, 1.0001], ids=["slower", "as fast", "faster"])
def test_a_run_that_was_stopped_at_its_deadline_has_timed_out_by_any_clock(rate: float) -> None:
    result = run_job(memory_lab(rate=rate), job("job", SERVE, timeout=7200))
    assert (result.outcome, result.exit_code) == ("timed_out", 0)


def run_for_two_hours(timeout: float, **fields: Any) -> tuple[Result, Lab]:
    lab = memory_lab()
    return run_job(lab, job("job", TAKE_TWO_HOURS, timeout=timeout, **fields)), lab


@pytest.mark.parametrize("timeout", [0.0, 7300.0], ids=["no deadline", "a later deadline"])
def test_a_run_before_its_deadline_is_not_stopped(timeout: float) -> None:
    result, lab = run_for_two_hours(timeout)
    assert (result.outcome, result.duration) == ("succeeded", 7200.0)
    assert lab.observed.calls["stop"] == 0
    # No single wait is longer than the connection allows.
    assert 7200 / LONGEST_WAIT <= lab.observed.calls["wait"] <= 7200 / LONGEST_WAIT + 2


@pytest.mark.parametrize("stop_timeout", [0, 30])
def test_a_run_at_its_deadline_has_the_stop_timeout_to_end(stop_timeout: int) -> None:
    result, _lab = run_for_two_hours(timeout=100, stop_timeout=stop_timeout)
    assert (result.outcome, result.exit_code) == ("timed_out", 137)
    assert result.duration == pytest.approx(100 + stop_timeout, abs=0.1)


@pytest.mark.parametrize(
    ("state", "removed"), [("removing", True), ("removing", False), ("dead", False)], ids=["gone soon", "stays", "dead"]
)
def test_a_watched_container_that_does_not_settle_is_lost(state: str, removed: bool) -> None:
    lab = memory_lab()
    containers = memory_of(lab).containers

    def unsettle(*_arguments: object) -> None:
        (container,) = containers.values()
        container.state, container.exit_code = state, None

    lab.observed.before("wait", unsettle)
    if removed:
        lab.observed.after("inspect", lambda _id: None, lambda _id: containers.clear())
    result = run_job(lab, job("job", SERVE))
    assert (result.outcome, result.exit_code) == ("lost", None)
    assert (f"The container of job is {state}" in result.diagnosis) == (not removed)
    assert lab.clock.monotonic() == pytest.approx(0 if removed else SETTLE_GRACE, abs=1)

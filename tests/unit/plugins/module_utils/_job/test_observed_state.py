# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a job that is observed on its engine."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.observed_state import observe
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import foreign, run_job, start_elsewhere
from ansible_collections.migrate_first.docker.tests.unit.support.lab import memory_lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


@pytest.mark.parametrize("call", ["find", "named"])
def test_a_run_that_is_renamed_after_a_look_is_seen_once(call: str) -> None:
    lab = memory_lab()
    run_job(lab, job("job"))
    latest = Run(lab.there("job"))
    lab.observed.after(call, lambda _name: lab.outside.rename(latest.container.id, latest.history_name))
    runs = observe(lab.engine, "job").runs("job")
    assert [run.container.name for run in runs] == ["job"]


def test_containers_of_others_are_not_runs_of_the_job() -> None:
    lab = memory_lab()
    found = foreign(lab, "job")
    foreign(lab, "job.20260101T000000Z.0123456789ab")
    start_elsewhere(lab, job("job.other", SERVE))
    state = observe(lab.engine, "job", waited=3.0, settling=0.2)
    assert (state.found, state.history, state.runs("job")) == (found, (), ())
    assert (state.waited, state.settling) == (3.0, 0.2)

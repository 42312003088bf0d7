# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a run that has ended, at every boundary."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.outcome import outcome_of, signal_name
from ansible_collections.migrate_first.docker.tests.unit.support.found import BEGAN, container, run

#: Exit code, seconds it took, deadline, what else the engine says, outcome.
TABLE = [
    pytest.param(0, 2, 0, {}, "succeeded", id="0 without a deadline"),
    pytest.param(0, 2, 60, {}, "succeeded", id="0 before the deadline"),
    pytest.param(0, 59.999999, 60, {}, "succeeded", id="0 just before the deadline"),
    pytest.param(0, 60, 60, {}, "timed_out", id="0 at the deadline"),
    pytest.param(0, 61, 60, {}, "timed_out", id="0 after the deadline"),
    pytest.param(3, 61, 60, {}, "timed_out", id="3 after the deadline"),
    pytest.param(137, 61, 60, {}, "timed_out", id="137 after the deadline"),
    pytest.param(143, 61, 60, {}, "timed_out", id="143 after the deadline"),
    pytest.param(137, 61, 60, {"oom_killed": True}, "timed_out", id="137 and the flag after the deadline"),
    pytest.param(0, 3600, 0, {}, "succeeded", id="0 after an hour without a deadline"),
    pytest.param(0, 0, 60, {}, "succeeded", id="0 at once"),
    pytest.param(0, -0.001, 60, {}, "succeeded", id="0 with an end before the start"),
    pytest.param(0, 2, 60, {"oom_killed": True}, "succeeded", id="0, a child was out of memory"),
    pytest.param(1, 2, 60, {"oom_killed": True}, "failed", id="1, a child was out of memory"),
    pytest.param(137, 2, 60, {"oom_killed": True}, "out_of_memory", id="137 and the flag"),
    pytest.param(137, 2, 60, {}, "killed", id="137 without the flag"),
    pytest.param(1, 2, 60, {}, "failed", id="1"),
    pytest.param(125, 2, 60, {}, "failed", id="125"),
    pytest.param(126, 2, 60, {}, "failed", id="126 after work"),
    pytest.param(127, 2, 60, {}, "failed", id="127 after work"),
    pytest.param(128, 2, 60, {}, "failed", id="128"),
    pytest.param(129, 2, 60, {}, "killed", id="129, SIGHUP"),
    pytest.param(130, 2, 60, {}, "killed", id="130, SIGINT"),
    pytest.param(139, 2, 60, {}, "killed", id="139, SIGSEGV"),
    pytest.param(143, 2, 60, {}, "killed", id="143, SIGTERM"),
    pytest.param(192, 2, 60, {}, "killed", id="192, the last signal"),
    pytest.param(193, 2, 60, {}, "failed", id="193, no signal"),
    pytest.param(255, 2, 60, {}, "failed", id="255, as after a reboot"),
    pytest.param(3, 2, 60, {"error": "a mount was busy"}, "failed", id="3, with an error of the engine beside"),
]

NEVER_STARTED = [
    pytest.param(container(error="no such program"), id="created, with an error"),
    pytest.param(container(), id="created"),
    pytest.param(container(error="no such program", started_at=BEGAN), id="created, with an error and a start"),
    pytest.param(container(state="exited", exit_code=127), id="exited, without a start"),
    pytest.param(container(state="exited", exit_code=0), id="exited with 0, without a start"),
]


@pytest.mark.parametrize(("code", "seconds", "deadline", "fields", "outcome"), TABLE)
def test_the_outcome_of_a_run_that_has_ended(
    code: int, seconds: float, deadline: float, fields: dict[str, Any], outcome: str
) -> None:
    assert outcome_of(run(code, seconds, deadline, **fields)) == outcome


@pytest.mark.parametrize("found", NEVER_STARTED)
def test_a_container_whose_process_never_ran_was_not_started(found: Any) -> None:
    assert outcome_of(Run(found)) == "not_started"


@pytest.mark.parametrize(
    ("code", "name"), [(None, None), (0, None), (128, None), (130, "SIGINT"), (137, "SIGKILL"), (255, None)]
)
def test_the_signal_of_an_exit_code(code: int | None, name: str | None) -> None:
    assert signal_name(code) == name

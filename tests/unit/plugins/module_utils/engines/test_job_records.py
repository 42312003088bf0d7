# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Old records of a job are removed after its run."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import FAIL, SUCCEED
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        pytest.param(5, "sffs", id="all"),
        pytest.param(3, "ffs", id="the newest"),
        pytest.param(0, "s", id="this one, since it is the newest success"),
    ],
)
def test_the_newest_records_are_kept(lab: Lab, keep: int, left: str) -> None:
    run_releases(lab, "sff", keep=5)
    run_releases(lab, "s", keep=keep, first=4)
    assert outcomes(lab) == left


def test_a_run_that_could_not_be_started_removes_no_record(lab: Lab) -> None:
    run_releases(lab, "s", keep=1)
    run_job(lab, job(lab.name("job"), container={"command": ["mf-no-such-program"]}, release="9", invocation="z"))
    assert outcomes(lab) == "s"


def run_releases(lab: Lab, succeeds_or_fails: str, keep: int, first: int = 1) -> None:
    for number, letter in enumerate(succeeds_or_fails, first):
        program = SUCCEED if letter == "s" else FAIL
        wanted = job(lab.name("job"), program, release=str(number), invocation=f"i{number}", keep=keep)
        assert run_job(lab, wanted).warnings == ()


def outcomes(lab: Lab) -> str:
    """Return a letter for each record, the oldest first."""
    records = sorted(lab.all(), key=lambda container: container.created_at)
    return "".join("s" if container.exit_code == 0 else "f" for container in records)

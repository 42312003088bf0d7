# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a job: kept as long as they are needed, and not longer."""

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
        pytest.param(1, "s", id="this one"),
        pytest.param(0, "s", id="this one, since it is the newest success"),
    ],
)
def test_the_newest_are_kept(lab: Lab, keep: int, left: str) -> None:
    after_each_release(lab, "sff", keep=5)
    after_each_release(lab, "s", keep=keep, first=4)
    assert outcomes(lab) == left


@pytest.mark.parametrize("keep", [1, 0])
def test_the_newest_success_is_kept_however_old(lab: Lab, keep: int) -> None:
    after_each_release(lab, "ssfff", keep=keep)
    assert outcomes(lab) == "sf"


def test_a_run_that_could_not_be_started_leaves_the_records_alone(lab: Lab) -> None:
    after_each_release(lab, "s", keep=1)
    run_job(lab, job(lab.name("job"), container={"command": ["mf-no-such-program"]}, release="9", invocation="z"))
    assert outcomes(lab) == "s"


def after_each_release(lab: Lab, succeeds_or_fails: str, keep: int, first: int = 1) -> None:
    for number, letter in enumerate(succeeds_or_fails, first):
        program = SUCCEED if letter == "s" else FAIL
        wanted = job(lab.name("job"), program, release=str(number), invocation=f"i{number}", keep=keep)
        assert run_job(lab, wanted).warnings == ()


def outcomes(lab: Lab) -> str:
    """Return the letters of the records that are left, the oldest first."""
    records = sorted(lab.all(), key=lambda container: container.created_at)
    return "".join("s" if container.exit_code == 0 else "f" for container in records)

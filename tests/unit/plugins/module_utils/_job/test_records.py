# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a job: their order, the fence after them, and which of them are surplus."""

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
    surplus_records,
)
from ansible_collections.migrate_first.docker.tests.unit.support.found import BEGAN, container, exited, running


def run_of(number: int, exit_code: int = 0, fence: int = 0) -> Run:
    created_at = BEGAN + timedelta(minutes=number)
    return Run(exited(exit_code, id=f"{number}", created_at=created_at, labels={labels.FENCE: str(fence)}))


def test_the_next_fence_is_higher_than_that_of_any_run() -> None:
    runs = [run_of(1), run_of(3, exit_code=3), run_of(2)]
    assert next_fence(runs) == runs[1].fence + 1
    assert next_fence([]) == 0


def test_the_newest_run_is_the_one_with_the_highest_fence() -> None:
    late = run_of(1, fence=run_of(3).fence + 1)
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


#: Runs from the oldest to the newest: s succeeded, f failed, S and F the same by this invocation,
#: r runs, c was created, u could not be started. Then how many to keep, and the places of the surplus ones.
TABLE = [
    ("", 5, ""),
    ("sssss", 5, ""),
    ("ssssss", 5, "0"),
    ("ssss", 1, "012"),
    ("ssss", 0, "012"),
    ("sfff", 1, "12"),
    ("sfff", 0, "123"),
    ("fsff", 2, "0"),
    ("ssff", 1, "02"),
    ("ffff", 2, "01"),
    ("SFsf", 1, ""),
    ("sFsf", 1, "0"),
    ("ffF", 0, "01"),
    ("sfr", 1, ""),
    ("ssr", 0, "0"),
    ("sfc", 1, ""),
    ("ssu", 1, "0"),
    ("ff", -1, "01"),
]


def run_for(letter: str, place: int) -> Run:
    fields: dict[str, Any] = {
        "id": f"{place}" * 64,
        "created_at": BEGAN + timedelta(minutes=place),
        "labels": {labels.NAME: "job", labels.INVOCATION: "own" if letter.isupper() else "other"},
    }
    if letter in "rcu":
        error = "no such program" if letter == "u" else ""
        return Run(running(**fields) if letter == "r" else container(error=error, **fields))
    return Run(exited(0 if letter in "sS" else 3, **fields))


@pytest.mark.parametrize(("letters", "keep", "places"), TABLE)
def test_records_beyond_the_newest_are_surplus(letters: str, keep: int, places: str) -> None:
    runs = [run_for(letter, place) for place, letter in enumerate(letters)]
    for given in (runs, runs[::-1]):
        surplus = surplus_records(given, keep, "own")
        assert sorted(run.container.id[0] for run in surplus) == list(places)

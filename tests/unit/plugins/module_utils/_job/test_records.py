# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which records of a job may go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.records import newest_first, surplus_records
from ansible_collections.migrate_first.docker.tests.unit.support.found import BEGAN, container, exited, running

#: Runs from the oldest to the newest: s succeeded, f failed, S and F the same by this invocation,
#: r runs, c was created, u could not be started. Then how many to keep, and the places of those that may go.
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


def runs(letters: str) -> list[Run]:
    return [_run(letter, place) for place, letter in enumerate(letters)]


def _run(letter: str, place: int) -> Run:
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
def test_those_beyond_the_newest_may_go(letters: str, keep: int, places: str) -> None:
    for given in (runs(letters), runs(letters)[::-1]):
        gone = surplus_records(given, keep, "own")
        assert sorted(run.container.id[0] for run in gone) == list(places)


def test_the_newest_comes_first() -> None:
    assert [run.container.id[0] for run in newest_first(runs("sfs"))] == ["2", "1", "0"]

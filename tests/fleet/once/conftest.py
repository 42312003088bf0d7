# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One fleet for all cases; where a memory is named, what has passed on this very code is not played again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fleet import Fleet, playing
from tools import state

#: Names a file that remembers the cases that have passed, and the code that they have passed on.
MEMORY = "MIGRATE_FIRST_ONCE_MEMORY"

ROOT = Path(__file__).parents[3]
CODE = ("plugins", "roles", "playbooks", "tests/fleet")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has passed already."""
    known = set(_passed())
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in known])
    items[:] = [item for item in items if item.nodeid not in known]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what has passed."""
    memory = _memory()
    if memory and report.when == "call" and report.passed:
        state.write(memory, {"code": _fingerprint(), "passed": sorted({*_passed(), report.nodeid})})


def _passed() -> list[str]:
    memory = _memory()
    known = state.read(memory) if memory else {}
    return list(known["passed"]) if known.get("code") == _fingerprint() else []


def _memory() -> Path | None:
    named = os.environ.get(MEMORY)
    return Path(named) if named else None


def _fingerprint() -> str:
    files = sorted(file for folder in CODE for file in (ROOT / folder).rglob("*") if file.suffix in (".py", ".yml"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@pytest.fixture(scope="session")
def once_fleet() -> Iterator[Fleet]:
    """Three hosts that have the application's images."""
    images = [playing.image(version) for version in ("1", "2")]
    with Fleet(f"once-{os.getpid()}", count=3) as fleet:
        fleet.load(*images)
        yield fleet


@pytest.fixture
def fleet(once_fleet: Fleet) -> Fleet:
    """The same with empty engines but for the images."""
    playing.prepare(once_fleet)
    return once_fleet

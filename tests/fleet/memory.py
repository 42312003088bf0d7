# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plugin of pytest: what has passed on this very code is not played again; a file remembers it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from support import state

#: Names the file, which has the cases that have passed, and the code that they have passed on.
MEMORY = "MIGRATE_FIRST_MEMORY"

ROOT = Path(__file__).parents[2]
CODE = ("plugins", "roles", "playbooks", "support", "tests/fleet")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has passed already."""
    known = set(_passed())
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in known])
    items[:] = [item for item in items if item.nodeid not in known]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what has passed."""
    if report.when == "call" and report.passed:
        state.write(_memory(), {"code": _fingerprint(), "passed": sorted({*_passed(), report.nodeid})})


def _passed() -> list[str]:
    known = state.read(_memory())
    return list(known["passed"]) if known.get("code") == _fingerprint() else []


def _memory() -> Path:
    return Path(os.environ[MEMORY])


def _fingerprint() -> str:
    files = sorted(file for folder in CODE for file in (ROOT / folder).rglob("*") if file.suffix in (".py", ".yml"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

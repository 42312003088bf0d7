# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A controller for each test: its own folder, its own clock, and a terminal whose lines are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible_collections.migrate_first.docker.plugins.action import migration_job
from ansible_collections.migrate_first.docker.plugins.plugin_utils import _follower, _runner_connection
from ansible_collections.migrate_first.docker.plugins.plugin_utils._live_log import LiveLog
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The temporary folder of this ansible-playbook."""
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> MemoryClock:
    """The clock of the controller, which goes on only when somebody waits."""
    clock = MemoryClock()
    monkeypatch.setattr(_runner_connection, "time", clock)
    monkeypatch.setattr(_follower, "time", clock)
    monkeypatch.setattr(LiveLog.__init__, "__defaults__", (clock.monotonic,))
    return clock


@pytest.fixture
def terminal_lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The messages on standard error, which a person sees on the terminal."""
    shown: list[str] = []

    def display(message: str, stderr: bool = False, **_options: Any) -> None:
        assert stderr, "on standard output it would disturb callbacks"
        shown.append(message)

    monkeypatch.setattr(migration_job.display, "display", display)
    return shown

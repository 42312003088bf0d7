# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the modules share."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.tests.unit.support.lab import memory_lab
from ansible_collections.migrate_first.docker.tests.unit.support.modules import Modules


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Modules:
    """Execute modules on an engine in memory."""
    return Modules(memory_lab(), monkeypatch, capsys)

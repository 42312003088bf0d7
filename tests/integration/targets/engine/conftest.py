# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of this folder are for a real engine alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab, docker_lab


@pytest.fixture
def lab() -> Iterator[Lab]:
    """The engine of this machine; nothing of the test is left there."""
    lab = docker_lab()
    try:
        yield lab
    finally:
        lab.clean()

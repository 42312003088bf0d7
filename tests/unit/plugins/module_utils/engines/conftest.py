# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of this folder run on the engine in memory and on a real engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.migrate_first.docker.tests.unit.support.lab import ENGINES, LABS, Lab


@pytest.fixture(params=ENGINES)
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """An engine for the test; all containers of the test are removed at its end."""
    lab = LABS[request.param]()
    try:
        yield lab
    finally:
        lab.clean()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One fleet of three hosts for all tests of what is rolled out on it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from support.fleet import Fleet
from tests.fleet import playing


@pytest.fixture(scope="session")
def whole_fleet() -> Iterator[Fleet]:
    """Three hosts that have the application's images."""
    images = [playing.image(version) for version in ("1", "2")]
    with Fleet(f"plays-{os.getpid()}", count=3) as fleet:
        for image in images:
            fleet.load(image)
        yield fleet


@pytest.fixture
def fleet(whole_fleet: Fleet) -> Fleet:
    """The same with empty engines but for the images."""
    playing.prepare(whole_fleet)
    return whole_fleet

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One fleet for all cases."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.fleet import Fleet, playing


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

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock that the loops use."""

from __future__ import annotations

from threading import Barrier

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.clock import SystemClock


def test_the_clock_goes_on_while_it_sleeps() -> None:
    clock = SystemClock()
    begun = clock.monotonic()
    clock.sleep(0.01)
    assert clock.monotonic() - begun >= 0.01


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_several_works_run_at_the_same_time(count: int) -> None:
    together = Barrier(count) if count else None
    met: list[int] = []

    def meet() -> None:
        assert together
        met.append(together.wait(timeout=10))

    SystemClock().together([meet] * count)
    assert sorted(met) == list(range(count))

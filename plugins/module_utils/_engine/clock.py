# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock that the loops wait by, and the threads in which they do several things at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Callable

#: More than that at once an engine does not do any faster.
THREADS = 16


class SystemClock:
    """The clock of this machine; see Clock for the calls."""

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def together(self, works: Sequence[Callable[[], None]]) -> None:
        if len(works) == 1:
            works[0]()
            return
        with ThreadPoolExecutor(min(len(works), THREADS) or 1) as pool:
            wait([pool.submit(work) for work in works])

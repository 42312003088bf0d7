# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for a condition."""

from __future__ import annotations

import time
from collections.abc import Callable

from support.errors import SupportError

INTERVAL = 0.05


def wait_until(condition: Callable[[], object], otherwise: str, seconds: float = 30) -> None:
    """Ask until the condition holds. After that many seconds, SupportError says what is the case instead."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SupportError(f"{otherwise}, {seconds:g} s long.")
        time.sleep(INTERVAL)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Do the same to several things at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from support.errors import SupportError

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def in_parallel(act: Callable[[Thing], Result], things: Iterable[Thing]) -> list[Result]:
    """Act on all things at once, and go on to the end where one fails. SupportError says what failed on which."""
    with ThreadPoolExecutor(max_workers=32) as pool:
        futures = [pool.submit(act, thing) for thing in things]
    errors = [error for future in futures if (error := future.exception())]
    unexpected = [error for error in errors if not isinstance(error, SupportError)]
    if unexpected:
        raise unexpected[0]
    if errors:
        raise SupportError("\n".join(map(str, errors)))
    return [future.result() for future in futures]

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of containers that an engine accepts, and that its DNS can serve. Pure."""

from __future__ import annotations

import re

#: A label of a DNS name: the engine's DNS serves containers under their names.
LONGEST = 63

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


def checked(name: str, number: int | None = None) -> str:
    """
    Return the name, with the number of a replica if there is one.

    Raises ValueError, with a sentence for a person, where an engine would refuse it, or it is
    longer than 63 characters.
    """
    whole = name if number is None else f"{name}-{number}"
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"name: {name!r} cannot be the name of a container: use two or more letters, digits, and _ . - "
            "after the first one"
        )
    if len(whole) > LONGEST:
        raise ValueError(
            f"name: {whole!r} has {len(whole)} characters, and {LONGEST} is the most: choose a shorter one"
        )
    return whole

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations as people write them: ``900``, ``15m``, ``1h30m``. Pure."""

from __future__ import annotations

import re

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(us|ms|s|m|h)")


def seconds(text: str, option: str = "") -> float:
    """
    Return the seconds of a duration: a bare number, or numbers with the units us, ms, s, m, h.

    Raises ValueError, with a sentence that names the option, where the text is no duration.
    """
    stripped = text.strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", stripped):
        return float(stripped)
    parts = _PART.findall(stripped)
    if not parts or "".join(number + unit for number, unit in parts) != stripped:
        named = f"{option}: " if option else ""
        raise ValueError(f"{named}{text!r} is not a duration: give seconds (900) or a number with a unit (15m, 1h30m)")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)

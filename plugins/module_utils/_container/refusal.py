# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Core's messages about options that are unknown or missing, made short, with what to do."""

from __future__ import annotations

import re
from difflib import get_close_matches

_UNKNOWN = re.compile(r"(?:Unsupported parameters for .*? module: )?([\w.]+)\. Supported parameters include: (.*?)\.?$")
_MISSING = re.compile(r"missing required arguments?: ([\w, ]+?)(?: found in ([\w. >-]+))?$")


def clear(message: str) -> str:
    """
    Return the message in words that say which option it is about and what to do.

    Of an unknown option core lists every option that there is; here it is the nearest ones.
    """
    unknown, missing = _UNKNOWN.search(message), _MISSING.search(message)
    if unknown:
        option, supported = unknown[1], unknown[2].split(", ")
        near = get_close_matches(option.rpartition(".")[2], supported)
        meant = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(supported)}"
        return f"{option} is not an option: nothing was changed; correct or remove it ({meant})"
    if missing:
        inside = ".".join([*(missing[2] or "").split(" -> "), ""]) if missing[2] else ""
        options = ", ".join(f"{inside}{option}" for option in missing[1].split(", "))
        return f"{options} is not given, and is required: nothing was changed; add it"
    return message

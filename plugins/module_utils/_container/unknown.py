# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Core's message about an unknown option, made short: it lists every option that there is."""

from __future__ import annotations

import re
from difflib import get_close_matches

_UNKNOWN = re.compile(r"(?:Unsupported parameters for .*? module: )?([\w.]+)\. Supported parameters include: (.*?)\.?$")


def clear(message: str) -> str:
    """Return the message; where it is about an unknown option, name that and the nearest ones instead."""
    match = _UNKNOWN.search(message)
    if match is None:
        return message
    option, supported = match[1], match[2].split(", ")
    near = get_close_matches(option.rpartition(".")[2], supported)
    meant = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(supported)}"
    return f"{option} is not an option: nothing was changed; correct or remove it ({meant})"

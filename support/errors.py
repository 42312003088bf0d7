# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said where something fails."""

from __future__ import annotations

LAST_LINES = 15


class SupportError(Exception):
    """What could not be done: one sentence for a person, with the end of the log where there is one."""


def end_of(text: str) -> str:
    """The last lines of a text; several lines stand below one another."""
    lines = text.strip().splitlines()[-LAST_LINES:]
    return lines[0] if len(lines) == 1 else "".join(f"\n  {line}" for line in lines)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all refusals have in common."""

from __future__ import annotations


class Refusal(Exception):
    """
    Something that was found before anything was changed, and stands in the way.

    The message is half a sentence for a person: what it is, and what to do about it.
    """

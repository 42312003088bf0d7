# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make` runs: Python's standard library alone, as `python3 -m tools.NAME` from the root."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed, and this is {}.{}. Name a newer one: make PYTHON=python3.12 …".format(
            *sys.version_info[:2]
        )
    )

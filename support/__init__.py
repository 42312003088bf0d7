# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What starts engines, makes images and fleets of hosts, and checks: for `noxfile.py`, the tests and the demo."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed, and this is {}.{}. Name a newer one: make PYTHON=python3.12 …".format(
            *sys.version_info[:2]
        )
    )

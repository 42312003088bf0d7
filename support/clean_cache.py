# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove the environments and the cache folder, on the standard library alone: the last step of `make clean`."""

from __future__ import annotations

import shutil

from support import environments
from support.cache import root

# As long as one of these is there, something is left on the machine that only these files know of.
MEMORIES = ("engine/engine.json", "debian/installed.json")


def clean() -> None:
    """Remove the environments, and the folder where nothing is left that it knows of."""
    for folder in (root() / "environments").glob("*/"):
        environments.remove(folder.name)
    environments.remove_last()
    if not any((root() / memory).exists() for memory in MEMORIES):
        shutil.rmtree(root(), ignore_errors=True)


if __name__ == "__main__":
    clean()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Python environments in the cache folder, which nox makes from the lists in `requirements/`."""

from __future__ import annotations

import shutil
from pathlib import Path

from support import debian
from support.cache import cache, root

LISTS = Path(__file__).parent / "requirements"

#: The name of the environment that the checks share; nox has named it after its session.
SHARED = "environment"

#: The one that nox itself runs in; see `bootstrap`.
OF_NOX = "nox"


def folder(name: str = SHARED) -> Path:
    """The folder of the environment of that name."""
    return cache("environments") / name


def requirements(*names: str) -> list[str]:
    """The options of pip that name the lists."""
    return [f"--requirement={LISTS / f'{name}.txt'}" for name in names]


def remove(name: str) -> None:
    """Remove the environment."""
    shutil.rmtree(folder(name), ignore_errors=True)


def remove_last() -> None:
    """Where no other environment is left, remove that of nox, its cache, and what was installed for it."""
    environments = root() / "environments"
    if not [path for path in environments.glob("*/pyvenv.cfg") if path.parent.name != OF_NOX]:
        shutil.rmtree(environments, ignore_errors=True)
        shutil.rmtree(root() / "uv", ignore_errors=True)
        debian.uninstall("python", purge=True)


if __name__ == "__main__":
    remove_last()

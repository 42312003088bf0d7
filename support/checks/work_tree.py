# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of the checkout where Ansible looks for collections, with the collections that it needs beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from support.cache import CHECKOUT
from support.process import run_logged

COLLECTION = "migrate_first/docker"
DEPENDENCIES = ("community/docker", "community/library_inventory_filtering_v1")


def update(root: Path, environment: Path) -> None:
    """Copy the checkout's present state, committed or not, below the folder to name in ANSIBLE_COLLECTIONS_PATH.

    What .gitignore names is not copied, and what is there of it in the copy, such as coverage data, stays.
    The collections that ours depends on are those of that Python environment.
    """
    collections = root / "ansible_collections"
    _copy(collections / COLLECTION, root / "work_tree.log")
    for dependency in DEPENDENCIES:
        _link(_collections_of(environment) / dependency, collections / dependency)


def _copy(copy: Path, log: Path) -> None:
    """Git does the copying: what it would add here is written there, and what is no longer among it is removed."""
    copy.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    # A git hook that runs us has its own repository in these variables.
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    for command in (
        ["init", "--quiet", "--template="],
        [f"--git-dir={copy / '.git'}", f"--work-tree={CHECKOUT}", "add", "--all", "--", CHECKOUT],
        ["checkout-index", "--all", "--force"],
        ["clean", "-d", "--force", "--quiet"],
    ):
        run_logged("Copying the checkout", ["git", "-C", copy, *command], log, env)


def _collections_of(environment: Path) -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return environment / "lib" / version / "site-packages" / "ansible_collections"


def _link(target: Path, link: Path) -> None:
    if not target.is_dir():
        raise SystemExit(f"The collection {target} is missing: remove its environment, and repeat the command.")
    if not link.is_symlink() or link.readlink() != target:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(target)

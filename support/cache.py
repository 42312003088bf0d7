# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder outside the checkout where everything lives that the commands make."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def cache(name: str) -> Path:
    """The folder of that name, made if need be: "demo", "test", "engine".

    It lies in $MIGRATE_FIRST_CACHE, by default ${XDG_CACHE_HOME:-~/.cache}/migrate_first.docker.
    """
    folder = root() / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def root() -> Path:
    """The folder that has them all, which need not be there."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("MIGRATE_FIRST_CACHE") or Path(home) / "migrate_first.docker").expanduser().absolute()
    if folder.is_relative_to(CHECKOUT):
        # ansible-test skips everything in a folder that git ignores, and calls that a success.
        raise SystemExit(f"The cache folder {folder} is inside the checkout: let MIGRATE_FIRST_CACHE name one outside.")
    return folder


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one process: a second `make` waits until the first has made its things."""
    with open(folder / ".lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Waiting for another command that uses {folder} …", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield

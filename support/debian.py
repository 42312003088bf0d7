# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packages of a Debian system: installed for one purpose, remembered, and removed again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from support import state
from support.cache import cache
from support.process import run_logged

APT = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
ENV = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}


def is_root() -> bool:
    """Whether this is root on Debian, Ubuntu or another system of that family."""
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def exists(package: str) -> bool:
    """Whether the package can be installed. Ask after `update`: a fresh machine knows of none."""
    return subprocess.run(["apt-cache", "show", package], capture_output=True, env=ENV, check=False).returncode == 0


def update() -> None:
    """Fetch the lists of packages. One source that fails is no reason to stop: the installation tells."""
    with open(_log(), "ab") as log:
        subprocess.run([*APT, "update"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENV, check=False)


def install(purpose: str, packages: Sequence[str]) -> None:
    """Install the packages and what they need, and remember under the purpose those that are new here."""
    command = ["install", "--no-install-recommends", *packages]
    # Remembered before they are there: an installation that is cut off can be undone too.
    _remember(purpose, {*installed_for(purpose), *_simulated("Inst", command)})
    print(f"Installing {', '.join(packages)} with apt …", file=sys.stderr, flush=True)
    run_logged(f"Installing {', '.join(packages)}", [*APT, *command], _log(), env=ENV)


def provide(purpose: str, program: str, package: str) -> None:
    """Install the package, unless the program is there already. SystemExit where that cannot be done here."""
    if shutil.which(program):
        return
    if not is_root():
        raise SystemExit(f"{program} is missing. Install it (on Debian and Ubuntu: apt install {package}), and repeat.")
    update()
    install(purpose, [package])


def installed_for(purpose: str) -> list[str]:
    """The packages that were installed here for this purpose, in alphabetical order."""
    remembered: list[str] = state.read(_memory()).get(purpose, [])
    return remembered


def uninstall(purpose: str, *, purge: bool) -> list[str]:
    """Remove the packages that were installed for this purpose, with their configuration and data if `purge`.

    Returns the packages that now need them: then everything has been left as it is.
    """
    ours = [package for package in installed_for(purpose) if _is_installed(package)]
    command = ["purge" if purge else "remove", *ours]
    others = [package for package in _simulated("Remv|Purg", command) if package not in ours] if ours else []
    if not others:
        if ours:
            run_logged(f"Removing {', '.join(ours)}", [*APT, *command], _log(), env=ENV)
        _remember(purpose, set())
    return others


def _simulated(verb: str, command: Sequence[str]) -> list[str]:
    """The packages that the command would install or remove. An upgrade names the old version in brackets."""
    result = subprocess.run([*APT, "--simulate", *command], capture_output=True, text=True, env=ENV, check=False)
    pattern = rf"^(?:{verb}) (\S+) " + (r"(?!\[)" if verb == "Inst" else "")
    return [package.partition(":")[0] for package in re.findall(pattern, result.stdout, re.MULTILINE)]


def _is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True, text=True, env=ENV, check=False).stdout == "installed"


def _remember(purpose: str, packages: set[str]) -> None:
    remembered = {**state.read(_memory()), purpose: sorted(packages)}
    state.write(_memory(), {key: names for key, names in remembered.items() if names})


def _memory() -> Path:
    return cache("debian") / "installed.json"


def _log() -> Path:
    return cache("debian") / "apt.log"

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Pythons of this machine, each by its true path."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

NAME = re.compile(r"python(3\.\d+)")
WHO = "import sys; print('%d.%d' % sys.version_info[:2], getattr(sys, '_base_executable', sys.executable))"


def link(folder: Path, versions: Iterable[str]) -> dict[str, Path]:
    """Links `pythonX.Y` in the folder to the Pythons of those versions that are there, by version.

    The Python that runs this is always among them. What stands on PATH may be a shim, which answers
    differently from folder to folder, or not at all: each is asked for the program that it stands for.
    """
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": _true_path(Path(sys.executable))}
    for candidate in _candidates():
        match = NAME.fullmatch(candidate.name)
        if match and match[1] in versions and not found.get(match[1]):
            found[match[1]] = _true_path(candidate)
    for link_of_before in folder.iterdir():
        link_of_before.unlink()
    links = {version: folder / f"python{version}" for version, path in found.items() if path}
    for version, new_link in links.items():
        new_link.symlink_to(str(found[version]))
    return links


def _candidates() -> Iterator[Path]:
    folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders += sorted(pyenv.glob("versions/*/bin"))
    for folder in folders:
        yield from sorted(folder.glob("python3.*"))


def _true_path(python: Path) -> Path | None:
    """The program that this one stands for; nothing where it does not run, or is not what it is called."""
    try:
        answer = subprocess.run([python, "-c", WHO], capture_output=True, text=True, timeout=30, check=False).stdout
        version, path = answer.split(maxsplit=1)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    match = NAME.fullmatch(python.name)
    return Path(path.strip()) if not match or match[1] == version else None

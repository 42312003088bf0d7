# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Named Python environments in the cache folder, made from the lists in `requirements/`."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

from tools import debian
from tools.cache import cache, locked, root
from tools.process import Command, run_logged

LISTS = Path(__file__).parent / "requirements"
REQUIREMENTS = {
    "demo": ("ansible.txt",),
    "test": ("ansible.txt", "test.txt"),
    "galaxy-importer": ("ansible.txt", "galaxy-importer.txt"),
}


def ensure(name: str) -> Path:
    """The folder of the environment of that name, a key of REQUIREMENTS, made where it is not there.

    What was made for other requirements or another Python, or only half-made, is made anew.
    SystemExit says in one sentence what is in the way.
    """
    home = cache(name)
    folder, marker, wanted = home / "venv", home / "venv" / ".made-from", _fingerprint(name)
    with locked(home):
        if not marker.exists() or marker.read_text(encoding="ascii") != wanted:
            print(f"Making the Python environment {folder} …", file=sys.stderr, flush=True)
            _make(name, home, folder)
            marker.write_text(wanted, encoding="ascii")
    return folder


def remove(name: str) -> None:
    """Remove all that `ensure` made for this name, and what was installed for it when it was the last one."""
    shutil.rmtree(root() / name, ignore_errors=True)
    if not any((root() / other / "venv").exists() for other in REQUIREMENTS):
        debian.uninstall("python", purge=True)


def _fingerprint(name: str) -> str:
    lists = [(LISTS / file).read_text(encoding="utf-8") for file in REQUIREMENTS[name]]
    return hashlib.sha256("\n".join([sys.version, sys.executable, *lists]).encode()).hexdigest()


def _make(name: str, home: Path, folder: Path) -> None:
    _need_ensurepip()
    log = home / "environment.log"
    log.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    run_logged("Making a virtual environment", [sys.executable, "-m", "venv", folder], log)
    pip: Command = [folder / "bin" / "python", "-m", "pip", "--no-cache-dir", "install", "--quiet", "uv"]
    run_logged("Installing uv from the package index", pip, log)
    uv: Command = [folder / "bin" / "uv", "pip", "install", "--python", folder / "bin" / "python"]
    lists = [f"--requirement={LISTS / file}" for file in REQUIREMENTS[name]]
    run_logged("Installing from the package index", [*uv, *lists], log, env=_uv_settings(home))


def _uv_settings(home: Path) -> dict[str, str]:
    """uv keeps its cache beside the environment, and heeds the machine's certificates and pip's index."""
    ours = {"UV_SYSTEM_CERTS": "1"}
    if "PIP_INDEX_URL" in os.environ:
        ours["UV_DEFAULT_INDEX"] = os.environ["PIP_INDEX_URL"]
    return {**ours, **os.environ, "UV_CACHE_DIR": str(home / "uv")}


def _need_ensurepip() -> None:
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not debian.is_root():
        raise SystemExit(
            f"{sys.executable} cannot make virtual environments, since its module ensurepip is not installed. "
            f"Install it (on Debian and Ubuntu: apt install {package}), and repeat the command."
        )
    debian.update()
    debian.install("python", [package])


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in REQUIREMENTS:
        raise SystemExit(f"usage: python3 -m tools.environment {{{','.join(REQUIREMENTS)}}}")
    print(ensure(sys.argv[1]))

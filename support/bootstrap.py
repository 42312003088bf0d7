# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a session of `noxfile.py`, on the standard library alone: `python3 -m support.bootstrap SESSION [ARGUMENT …]`.

It first makes the environment that has nox, uv and the Docker SDK.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

from support import debian, environments
from support.cache import CHECKOUT, cache, locked
from support.process import Command, run_logged

LIST = environments.LISTS / "nox.txt"


def main(session: str, *arguments: str) -> None:
    """Run the session in place of this process."""
    python = ensure() / "bin" / "python"
    command = [str(python), "-m", "nox", "--noxfile", str(CHECKOUT / "noxfile.py"), "--session", session]
    env = {**os.environ, **uv_settings()}
    env.pop("PYTHONPATH", None)
    os.chdir(CHECKOUT)
    sys.stdout.flush()
    os.execve(python, [*command, "--", *arguments], env)


def ensure() -> Path:
    """The environment of nox, made where it is not there.

    What was made for other requirements or another Python, or only half-made, is made again.
    SystemExit says in one sentence what is in the way.
    """
    folder = environments.folder(environments.OF_NOX)
    marker, wanted = folder / ".made-from", _fingerprint()
    with locked(cache("environments")):
        if not marker.exists() or marker.read_text(encoding="ascii") != wanted:
            print(f"Making the Python environment {folder} …", file=sys.stderr, flush=True)
            _make(folder)
            marker.write_text(wanted, encoding="ascii")
    return folder


def uv_settings() -> dict[str, str]:
    """uv keeps its cache beside the environments, and heeds the machine's certificates and pip's index."""
    settings = {"UV_SYSTEM_CERTS": "1", "UV_CACHE_DIR": str(cache("uv"))}
    if "PIP_INDEX_URL" in os.environ:
        settings["UV_DEFAULT_INDEX"] = os.environ["PIP_INDEX_URL"]
    return {key: value for key, value in settings.items() if key not in os.environ}


def _fingerprint() -> str:
    return hashlib.sha256("\n".join([sys.version, sys.executable, LIST.read_text("utf-8")]).encode()).hexdigest()


def _make(folder: Path) -> None:
    _need_ensurepip()
    log = cache("environments") / "environment.log"
    log.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    run_logged("Making a virtual environment", [sys.executable, "-m", "venv", folder], log)
    pip: Command = [folder / "bin" / "python", "-m", "pip", "--no-cache-dir", "install", "--quiet"]
    run_logged("Installing nox from the package index", [*pip, f"--requirement={LIST}"], log)


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
    if not sys.argv[1:]:
        raise SystemExit("usage: python3 -m support.bootstrap SESSION [ARGUMENT …]")
    main(*sys.argv[1:])

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Debian root file system, made of Debian's packages alone: no image registry is asked."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools import debian
from tools.process import Command, run_logged

MIRROR = "http://deb.debian.org/debian"


def make(archive: Path, suite: str, packages: Sequence[str], hooks: Sequence[str], log: Path) -> None:
    """Write the archive, with what the hooks of mmdebstrap do to it. SystemExit says what is in the way."""
    options = ["--variant=minbase", f"--include={','.join(packages)}", *_proxy()]
    hooked = [f"--customize-hook={hook}" for hook in hooks]
    command: Command = ["mmdebstrap", *options, *hooked, suite, archive, _mirror()]
    run_logged(f"Making a root file system of Debian {suite}", command, log)


def require_tools(purpose: str) -> None:
    """Install mmdebstrap where it is missing. SystemExit says what to do where that cannot be done here."""
    if shutil.which("mmdebstrap"):
        return
    if not debian.is_root():
        raise SystemExit(
            "The program mmdebstrap is missing, and only root on Debian or Ubuntu gets it installed by this command. "
            "Install it (on Debian: apt install mmdebstrap debian-archive-keyring), and repeat the command."
        )
    debian.update()
    debian.install(purpose, ["mmdebstrap", "debian-archive-keyring"])


def _mirror() -> str:
    """The mirror that this machine itself uses, if it is one of Debian's."""
    targets = _output(["apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)"])
    mirrors = [
        line.removeprefix("Debian|Debian|") for line in targets.splitlines() if line.startswith("Debian|Debian|http")
    ]
    return mirrors[0] if mirrors else MIRROR


def _proxy() -> list[str]:
    """mmdebstrap does not read this machine's settings of apt."""
    proxy = _output(["apt-config", "shell", "PROXY", "Acquire::http::Proxy"]).removeprefix("PROXY=").strip().strip("'")
    return [f'--aptopt=Acquire::http::Proxy "{proxy}"'] if proxy else []


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, env=debian.ENV, check=False).stdout

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images of Debian's packages alone: no registry is asked, and building on them needs no network."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from support import debian
from support.docker_client import client, explained
from support.process import Command

MIRROR = "http://deb.debian.org/debian"


@dataclass(frozen=True)
class Recipe:
    """What an image is made from: `hooks` of mmdebstrap get the root folder as $1, `changes` are of docker import."""

    suite: str
    packages: tuple[str, ...]
    hooks: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Another one where anything is another."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


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


def make(image: str, recipe: Recipe, folder: Path, run: Callable[[str, Command], None]) -> None:
    """Make the image; the folder holds the archive meanwhile. `run` gets a purpose and a command, and ends if it fails."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        archive = Path(scratch) / "root.tar"
        run(f"Making a root file system of Debian {recipe.suite}", _mmdebstrap(recipe, archive))
        repository, tag = image.split(":")
        with explained(f"importing {image}"):
            client().api.import_image_from_file(
                str(archive), repository=repository, tag=tag, changes=list(recipe.changes)
            )


def _mmdebstrap(recipe: Recipe, archive: Path) -> Command:
    options = ["--variant=minbase", f"--include={','.join(recipe.packages)}", *_proxy()]
    hooks = [f"--customize-hook={hook}" for hook in recipe.hooks]
    return ["mmdebstrap", *options, *hooks, recipe.suite, archive, _mirror()]


def _mirror() -> str:
    """The mirror that this machine itself uses, if it is one of Debian's."""
    debians = "Debian|Debian|"
    targets = _output(["apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)"]).splitlines()
    return next((line.removeprefix(debians) for line in targets if line.startswith(f"{debians}http")), MIRROR)


def _proxy() -> list[str]:
    """mmdebstrap does not read this machine's settings of apt."""
    proxy = _output(["apt-config", "shell", "PROXY", "Acquire::http::Proxy"]).removeprefix("PROXY=").strip().strip("'")
    return [f'--aptopt=Acquire::http::Proxy "{proxy}"'] if proxy else []


def _output(command: Command) -> str:
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, capture_output=True, text=True, env=debian.ENV, check=False).stdout

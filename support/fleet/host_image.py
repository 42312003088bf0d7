# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image of a host: Debian with sshd, a Docker engine, the users, and s6, which runs the two daemons."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from support import debian_image, docker_client
from support.cache import cache, locked
from support.debian_image import Recipe
from support.process import run_logged

REPOSITORY = "mf-fleet-host"
PURPOSE = "fleet"  # of the packages that are installed for it on this machine

FILES = Path(__file__).parent / "host_root"
SCAN_DIRECTORY = "/etc/service"

COMMON = (
    *("busybox-static", "ca-certificates", "docker.io", "iproute2", "iptables", "openssh-server"),
    *("procps", "python3", "python3-docker", "s6", "sudo"),
)
SUITES = {
    "trixie": (*COMMON, "docker-cli", "docker-compose"),  # Engine 26.1
    "bookworm": COMMON,  # Engine 20.10
}
HOOKS = (
    'chroot "$1" useradd --create-home --shell /bin/bash --groups docker deployer',
    'chroot "$1" useradd --create-home --shell /bin/bash admin',
    'chroot "$1" useradd --create-home --shell /bin/bash outsider',
    'rm "$1"/etc/ssh/ssh_host_*',
)
CHANGES = (f"CMD {json.dumps(['s6-svscan', SCAN_DIRECTORY])}",)


def name(suite: str) -> str:
    """The image of that suite, a key of SUITES. Its tag tells the recipe: another recipe is another image."""
    recipe = repr((SUITES[suite], HOOKS, CHANGES)).encode() + _files()
    return f"{REPOSITORY}:{suite}-{hashlib.sha256(recipe).hexdigest()[:12]}"


def ensure(suite: str) -> str:
    """The image of that suite, made where it is not there. SystemExit says in one sentence what is in the way."""
    image = name(suite)
    with locked(cache("images/host")):
        if not docker_client.image_id(image):
            print(
                f"Making the fleet's host image {image}, once; it takes about a minute …", file=sys.stderr, flush=True
            )
            _make(image, suite)
            _remove(other for other in images() if other.startswith(f"{REPOSITORY}:{suite}-") and other != image)
    return image


def remove() -> None:
    """Remove the images of all suites and recipes that no fleet uses."""
    _remove(images())


def _make(image: str, suite: str) -> None:
    debian_image.require_tools(PURPOSE)
    with tempfile.TemporaryDirectory(dir=cache("fleet")) as folder:
        files = Path(folder) / "files.tar"
        files.write_bytes(_files())
        recipe = Recipe(suite, SUITES[suite], (f'tar-in "{files}" /', *HOOKS), CHANGES)
        debian_image.make(image, recipe, Path(folder), partial(run_logged, log=cache("fleet") / "host-image.log"))


def _files() -> bytes:
    """The same bytes wherever and by whomever the checkout was made."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for file in sorted(FILES.rglob("*")):
            if file.is_file():
                content = file.read_bytes()
                entry = tarfile.TarInfo(str(file.relative_to(FILES)))
                entry.size = len(content)
                entry.mode = 0o755 if content.startswith(b"#!") else 0o444
                archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def images() -> list[str]:
    """The images of all suites and recipes that are there."""
    return docker_client.image_names(f"{REPOSITORY}:")


def _remove(images: Iterable[str]) -> None:
    for image in images:
        docker_client.remove_image(image)  # One that a fleet still uses stays.

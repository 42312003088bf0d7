# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo's images: the shop in its versions, on a base that needs no registry where there can be one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tools import debian, state
from tools import demo_screen as screen
from tools.cache import cache
from tools.demo_docker import LABEL, docker, image_id, remove_images
from tools.process import Command, run_logged

VERSIONS = ("1", "2", "3", "broken")
FOLDER = "examples/shop"
PURPOSE = "demo"  # of the packages that are installed for it

BASE = "shop-demo-base:latest"
SUITE = "trixie"
PACKAGES = "python3-django,python3-dj-database-url,python3-psycopg,gunicorn,python3-pip"
MIRROR = "http://deb.debian.org/debian"
ORDINARY_BASE = "python:3.13-slim"


def name(version: str) -> str:
    """The image of that version, with its tag."""
    return f"shop-demo:{version}"


def ensure() -> None:
    """Build what is not there yet, or has changed. SystemExit says in one sentence what is in the way."""
    base = _base()
    for version in VERSIONS:
        options = ["--build-arg", f"BASE={base}", "--build-arg", f"VERSION={version}", "--label", LABEL]
        _run(f"Building {name(version)}", ["docker", "build", *options, "--tag", name(version), FOLDER])


def remove() -> None:
    """Remove the images, also the ordinary base if the demo has pulled it. Say which one others need."""
    remove_images()
    if state.read(_memory()).get("pulled") and image_id(ORDINARY_BASE):
        try:
            screen.command(["docker", "rmi", ORDINARY_BASE])
            docker("rmi", ORDINARY_BASE)
        except SystemExit as error:
            screen.say(f"The image {ORDINARY_BASE} was left, since others use it: {error}")


def _base() -> str:
    if _is_current(BASE):
        return BASE
    if debian.is_root():
        try:
            _bootstrap()
            return BASE
        except SystemExit as error:
            screen.say(f"{error}\nNo base image can be made from Debian's packages here: {ORDINARY_BASE} will do.")
    if not image_id(ORDINARY_BASE):
        try:
            _run(f"Pulling {ORDINARY_BASE}", ["docker", "pull", ORDINARY_BASE])
        except SystemExit as error:
            raise SystemExit(
                f"{error}\nWhere no registry can be reached, run the command as root on Debian or Ubuntu: "
                f"then Debian's packages will do. Or load the image {ORDINARY_BASE} by hand (docker load)."
            ) from None
        state.write(_memory(), {"pulled": True})
    return ORDINARY_BASE


def _is_current(base: str) -> bool:
    packages = '{{index .Config.Labels "packages"}}'
    return image_id(base) is not None and docker("inspect", "--format", packages, base) == PACKAGES


def _bootstrap() -> None:
    """A root file system of Debian's packages, so that neither a registry nor a network is needed to build on it."""
    if not shutil.which("mmdebstrap"):
        debian.update()
        debian.install(PURPOSE, ["mmdebstrap", "debian-archive-keyring"])
    archive = cache("demo") / "base.tar"
    options = ["--variant=minbase", f"--include={PACKAGES}", *_proxy()]
    changes = ["ENV PIP_BREAK_SYSTEM_PACKAGES=1", f"LABEL {LABEL} packages={PACKAGES}"]
    try:
        screen.say("Making the base image from Debian's packages, once; it takes about half a minute.")
        _run("Making the base image", ["mmdebstrap", *options, SUITE, archive, _mirror()])
        changing = [word for change in changes for word in ("--change", change)]
        _run("Importing the base image", ["docker", "import", *changing, archive, BASE])
    finally:
        archive.unlink(missing_ok=True)


def _mirror() -> str:
    """The mirror that this machine itself uses, if it is one of Debian's."""
    targets = _output(["apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)"])
    match = re.search(r"^Debian Debian (https?://\S+)", targets, re.MULTILINE)
    return match[1] if match else MIRROR


def _proxy() -> list[str]:
    """mmdebstrap does not read this machine's settings of apt."""
    proxy = _output(["apt-config", "shell", "PROXY", "Acquire::http::Proxy"]).removeprefix("PROXY=").strip().strip("'")
    return [f'--aptopt=Acquire::http::Proxy "{proxy}"'] if proxy else []


def _output(command: Command) -> str:
    return subprocess.run(command, capture_output=True, text=True, env=debian.ENV, check=False).stdout


def _run(purpose: str, command: Command) -> None:
    screen.command(command)
    run_logged(purpose, command, cache("demo") / "images.log")


def _memory() -> Path:
    return cache("demo") / "images.json"

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo's images: the shop in its versions, on a base that needs no registry where there can be one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from examples.shop.demo import screen
from examples.shop.demo.docker_command import HERE, KEY, LABEL
from support import debian, debian_image, state
from support.cache import CHECKOUT, cache
from support.debian_image import Recipe
from support.process import Command, run_logged

VERSIONS = ("1", "2", "3", "broken")
FOLDER = Path("examples/shop")
MIGRATIONS = "shop/migrations/[0-9]*.py"
PURPOSE = "demo"  # of the packages that are installed for it

BASE = "shop-demo-base:latest"
RECIPE = Recipe(
    "trixie",
    ("python3-django", "python3-dj-database-url", "python3-psycopg", "gunicorn", "python3-pip"),
    changes=("ENV PIP_BREAK_SYSTEM_PACKAGES=1", f"LABEL {LABEL}"),
)
ORDINARY_BASE = "python:3.13-slim"


def name(version: str) -> str:
    """The image of that version, with its tag."""
    return f"shop-demo:{version}"


def migrations(version: str) -> list[str]:
    """The names of the migrations that a database of that version has had: its own, and those of the ones before."""
    releases = VERSIONS[: VERSIONS.index(version) + 1]
    return sorted(file.stem for it in releases for file in (CHECKOUT / FOLDER / "releases" / it).glob(MIGRATIONS))


def ensure() -> None:
    """Build what is not there yet, or has changed. SystemExit says in one sentence what is in the way."""
    base = _base()
    for version in VERSIONS:
        options = ["--build-arg", f"BASE={base}", "--build-arg", f"VERSION={version}", "--label", LABEL]
        _run(f"Building {name(version)}", ["docker", "build", *options, "--tag", name(version), FOLDER])
    screen.good(f"Images: {', '.join(name(version) for version in VERSIONS)}")


def ensure_of_debian(image: str, recipe: Recipe) -> None:
    """Make the image unless it is there, of this very recipe. SystemExit says in one sentence what is in the way."""
    made_from = f"{KEY}.made-from"
    form = f'{{{{index .Config.Labels "{made_from}"}}}}'
    if HERE.image_id(image) and HERE.ask("inspect", "--format", form, image) == recipe.fingerprint:
        return
    debian_image.require_tools(PURPOSE)
    screen.say(f"Making {image} from Debian's packages, once; it takes about half a minute.")
    changes = (*recipe.changes, f"LABEL {made_from}={recipe.fingerprint}")
    debian_image.make(image, dataclasses.replace(recipe, changes=changes), cache("demo"), _run)


def remove() -> None:
    """Remove the images, also the ordinary base if the demo has pulled it. Say which one others need."""
    HERE.remove_images()
    if state.read(_memory()).get("pulled") and HERE.image_id(ORDINARY_BASE):
        try:
            HERE.show("rmi", ORDINARY_BASE)
        except SystemExit as error:
            screen.say(f"The image {ORDINARY_BASE} was left, since others use it: {error}")


def _base() -> str:
    if debian.is_root() or HERE.image_id(BASE):
        try:
            ensure_of_debian(BASE, RECIPE)
            return BASE
        except SystemExit as error:
            screen.say(f"{error}\nNo base image can be made from Debian's packages here: {ORDINARY_BASE} will do.")
    if not HERE.image_id(ORDINARY_BASE):
        try:
            _run(f"Pulling {ORDINARY_BASE}", ["docker", "pull", ORDINARY_BASE])
        except SystemExit as error:
            raise SystemExit(
                f"{error}\nWhere no registry can be reached, run the command as root on Debian or Ubuntu: "
                f"then Debian's packages will do. Or load the image {ORDINARY_BASE} by hand (docker load)."
            ) from None
        state.write(_memory(), {"pulled": True})
    return ORDINARY_BASE


def _run(purpose: str, command: Command) -> None:
    screen.command(command)
    run_logged(purpose, command, cache("demo") / "images.log")


def _memory() -> Path:
    return cache("demo") / "images.json"

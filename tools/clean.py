# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make clean`: removes what the tests and the demos made on this machine, and then the cache folder."""

from __future__ import annotations

import shutil

from tests.fleet import clean as fleets
from tools import debian, demo_clean, engine, engine_api, environment
from tools.cache import root

TEST_IMAGES = "mf-test:"

# As long as one of these is there, something is left on the machine that only these files know of.
MEMORIES = ("engine/engine.json", "debian/installed.json")


def clean() -> None:
    """Remove all of it, but the cache folder only if nothing is left that it knows of."""
    fleets.clean()
    if engine.find():
        _remove_test_images()
    for name in environment.REQUIREMENTS:
        environment.remove(name)
    debian.uninstall("test", purge=True)
    demo_clean.clean()
    if not any((root() / memory).exists() for memory in MEMORIES):
        shutil.rmtree(root(), ignore_errors=True)


def _remove_test_images() -> None:
    tags = [tag for image in engine_api.get("/images/json") for tag in image["RepoTags"] or []]
    for tag in tags:
        if tag.startswith(TEST_IMAGES):
            engine_api.delete(f"/images/{tag}")


if __name__ == "__main__":
    clean()

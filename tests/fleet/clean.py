# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove all that any fleet made on this machine."""

from __future__ import annotations

import shutil

from tests.fleet import host_image, playing, registry, tiny_image
from tests.fleet.docker_cli import LABEL, docker
from tests.fleet.fleet import Fleet
from tests.fleet.serving import front
from tools import debian, engine
from tools.cache import cache


def clean() -> None:
    """Remove the fleets, their host images, what was installed for them, and their folder.

    FleetError or SystemExit says what cannot be removed.
    """
    if engine.find():
        for name in _names():
            Fleet(name).down()
        playing.remove()
        registry.remove()
        front.remove()
        tiny_image.remove()
        host_image.remove()
    debian.uninstall(host_image.PURPOSE, purge=True)
    shutil.rmtree(cache("fleet"))


def _names() -> set[str]:
    """The fleets that are known by a label on the engine."""
    listing = ("ls", "--filter", f"label={LABEL}", "--format", f'{{{{.Label "{LABEL}"}}}}')
    return {name for kind in ("container", "volume", "network") for name in docker(kind, *listing).split()}

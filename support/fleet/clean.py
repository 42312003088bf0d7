# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove all that any fleet made on this machine."""

from __future__ import annotations

import shutil

from support import debian, docker_client, engine
from support.cache import cache
from support.fleet import labels
from support.fleet.fleet import Fleet
from support.fleet.host_image import PURPOSE

#: The names of all images that are made for fleets, and for the tests on them, begin with it.
IMAGES = "mf-fleet-"


def clean() -> None:
    """Remove the fleets, their images, what was installed for them, and their folder.

    SupportError or SystemExit says what cannot be removed.
    """
    if engine.find():
        for name in labels.fleets():
            Fleet(name).down()
        for image in docker_client.image_names(IMAGES):
            docker_client.remove_image(image)
    debian.uninstall(PURPOSE, purge=True)
    shutil.rmtree(cache("fleet"))

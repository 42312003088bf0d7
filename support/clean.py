# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove what the checks made on this machine; see also `clean_cache`."""

from __future__ import annotations

from support import debian, docker_client, engine
from support.fleet import clean as fleets

#: The names of the images that integration tests make begin with it.
IMAGES = "mf-test:"


def clean() -> None:
    """Remove the fleets, the images of tests, and what was installed for checks."""
    fleets.clean()
    if engine.find():
        for name in docker_client.image_names(IMAGES):
            docker_client.remove_image(name)
    debian.uninstall("test", purge=True)


if __name__ == "__main__":
    clean()

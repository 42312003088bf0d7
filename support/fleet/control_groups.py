# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control groups that the hosts' engines leave on this machine when a host ends without having stopped them."""

from __future__ import annotations

import contextlib
from pathlib import Path

from support import docker_client
from support.errors import SupportError
from support.fleet import host_image

ROOT = Path("/sys/fs/cgroup")
PARENT = "mf-fleet"

REMOVE = f"""
find {ROOT} -depth -type d \\( -path "*/{PARENT}/$1" -o -path "*/{PARENT}/$1/*" -o -path "*/{PARENT}" \\) \
    -exec rmdir --ignore-fail-on-non-empty {{}} +
"""


def remove(fleet: str) -> None:
    """Remove those of a fleet whose containers are gone; in a container, where every user is root."""
    images = host_image.images()
    if images and (any(ROOT.glob(PARENT)) or any(ROOT.glob(f"*/{PARENT}"))):
        mounts = {"cgroupns": "host", "volumes": [f"{ROOT}:{ROOT}:rw"]}
        # A group that is still used stays.
        with contextlib.suppress(SupportError):
            docker_client.run(images[0], ["sh", "-c", REMOVE, "sh", fleet], network_mode="none", **mounts)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control groups that the hosts' engines leave on this machine when a host ends without having stopped them."""

from __future__ import annotations

from pathlib import Path

from tests.fleet import host_image
from tests.fleet.docker_cli import attempt

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
        groups = ["--cgroupns=host", f"--volume={ROOT}:{ROOT}:rw", "--network=none"]
        attempt("run", "--rm", *groups, images[0], "sh", "-c", REMOVE, "sh", fleet)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removes all containers, volumes and networks whose names begin with the prefix that is given."""

from __future__ import annotations

import sys

import docker


def main(prefix: str) -> None:
    client = docker.from_env()
    for container in client.containers.list(all=True, ignore_removed=True, filters={"name": f"^/?{prefix}"}):
        container.remove(force=True, v=True)
    for volume in client.volumes.list(filters={"name": prefix}):
        volume.remove()
    for network in client.networks.list(filters={"name": prefix}):
        network.remove()


if __name__ == "__main__":
    main(sys.argv[1])

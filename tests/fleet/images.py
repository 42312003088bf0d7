# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images of this machine's engine, moved to the engines of the hosts."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.fleet.docker_cli import docker, in_parallel
from tests.fleet.nodes import Node, run_in

SECONDS = 600

# Every host sees the fleet's folder for archives here. Through `docker exec` they would take twice the time.
MOUNT = Path("/srv/images")

IDS = (
    'for image; do id=$(docker image inspect --format "{{.Id}}" "$image" 2>/dev/null) && echo "$id" || echo none; done'
)


def load(hosts: Sequence[Node], images: Sequence[str], folder: Path) -> None:
    """Load what a host does not have yet under that name and with that ID; the hosts see the folder as MOUNT.

    FleetError names an image that this machine does not have, or a host that did not take one.
    """
    wanted = dict(zip(images, docker("image", "inspect", "--format", "{{.Id}}", *images).splitlines(), strict=True))
    lacking = dict(zip(hosts, in_parallel(partial(_lacking, wanted), hosts), strict=True))
    missing = sorted({image for names in lacking.values() for image in names})
    if not missing:
        return
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        archive = Path(scratch) / "images.tar"
        docker("save", "--output", str(archive), *missing, seconds=SECONDS)
        command = 'docker load --quiet --input "$1"'
        there = str(MOUNT / archive.relative_to(folder))
        in_parallel(
            lambda host: run_in(host, command, there, seconds=SECONDS),
            [host for host, names in lacking.items() if names],
        )


def _lacking(wanted: dict[str, str], host: Node) -> list[str]:
    present = run_in(host, IDS, *wanted).splitlines()
    return [image for (image, id_), there in zip(wanted.items(), present, strict=True) if id_ != there]

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images of this machine's engine, moved to the engines of the hosts."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from support import docker_client
from support.docker_client import client, explained
from support.errors import SupportError
from support.fleet.nodes import Node, run_in
from support.parallel import in_parallel

SECONDS = 600

# Every host sees the fleet's folder for archives here. Through `docker exec` they would take twice the time.
MOUNT = Path("/srv/images")

IDS = (
    'for image; do id=$(docker image inspect --format "{{.Id}}" "$image" 2>/dev/null) && echo "$id" || echo none; done'
)


def load(hosts: Sequence[Node], images: Sequence[str], folder: Path) -> None:
    """Load what a host does not have yet under that name and with that ID; the hosts see the folder as MOUNT.

    SupportError names an image that this machine does not have, or a host that did not take one.
    """
    wanted = {image: _id(image) for image in images}
    lacking = dict(zip(hosts, in_parallel(partial(_lacking, wanted), hosts), strict=True))
    missing = sorted({image for names in lacking.values() for image in names})
    if not missing:
        return
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        archive = Path(scratch) / "images.tar"
        _save(missing, archive)
        command = 'docker load --quiet --input "$1"'
        there = str(MOUNT / archive.relative_to(folder))
        in_parallel(
            lambda host: run_in(host, command, there, seconds=SECONDS),
            [host for host, names in lacking.items() if names],
        )


def _id(image: str) -> str:
    id_ = docker_client.image_id(image)
    if not id_:
        raise SupportError(f"There is no image {image} on this machine's engine.")
    return id_


def _save(images: list[str], archive: Path) -> None:
    with explained(f"saving {', '.join(images)}"), archive.open("wb") as output:
        # The SDK saves one image; the engine takes several, and writes what they share once.
        api = client().api
        response = api.get(f"{api.base_url}/images/get", params={"names": images}, stream=True, timeout=SECONDS)
        response.raise_for_status()
        for chunk in response.iter_content(1 << 20):
            output.write(chunk)


def _lacking(wanted: dict[str, str], host: Node) -> list[str]:
    present = run_in(host, IDS, *wanted).splitlines()
    return [image for (image, id_), there in zip(wanted.items(), present, strict=True) if id_ != there]

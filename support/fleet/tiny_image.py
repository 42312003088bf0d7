# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small image to run on the hosts, with busybox and nothing else: no image registry is asked."""

from __future__ import annotations

from support import docker_client
from support.cache import cache, locked
from support.docker_client import client, explained
from support.fleet import host_image

NAME = "mf-fleet-tiny:1"
#: The most that the packing may take.
SECONDS = 60

CHANGES = ('CMD ["sh"]', "ENV PATH=/bin")

PACK = """
set -e
root=$(mktemp -d)
mkdir -p "$root/bin" "$root/etc" "$root/tmp"
chmod 1777 "$root/tmp"
echo "root:x:0:0::/:/bin/sh" >"$root/etc/passwd"
cp "$(command -v busybox)" "$root/bin/busybox"
chroot "$root" /bin/busybox --install /bin
tar -C "$root" -c .
"""


def ensure(suite: str = "trixie") -> str:
    """The image's name, made on this machine's engine of what that suite's host image has."""
    with locked(cache("images/tiny")):
        if not docker_client.image_id(NAME):
            _make(suite)
    return NAME


def _make(suite: str) -> None:
    host, (repository, tag) = host_image.ensure(suite), NAME.split(":")
    with explained(f"making the image {NAME}"):
        container = client().containers.run(host, ["sleep", str(SECONDS)], detach=True, network_mode="none")
        try:
            # Not by the container's log, which is text.
            _status, output = docker_client.execute_binary(str(container.id), ["sh", "-c", PACK])
            client().api.import_image_from_data(
                output[docker_client.STDOUT], repository=repository, tag=tag, changes=list(CHANGES)
            )
        finally:
            container.remove(v=True, force=True)

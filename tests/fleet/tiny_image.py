# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small image to run on the hosts, with busybox and nothing else: no image registry is asked."""

from __future__ import annotations

import subprocess

from tests.fleet import host_image
from tests.fleet.docker_cli import FleetError, attempt, end_of

NAME = "mf-fleet-tiny:1"
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
    if attempt("image", "inspect", NAME).returncode:
        host = host_image.ensure(suite)
        packing = ["docker", "run", "--rm", "--network=none", host, "sh", "-c", PACK]
        importing = ["docker", "import", *(f"--change={change}" for change in CHANGES), "-", NAME]
        archive = b""
        for command in (packing, importing):
            result = subprocess.run(command, input=archive, capture_output=True, check=False)
            if result.returncode:
                raise FleetError(f"The image {NAME} cannot be made: {end_of(result.stderr.decode(errors='replace'))}")
            archive = result.stdout
    return NAME


def remove() -> None:
    """Remove the image."""
    attempt("image", "rm", NAME)

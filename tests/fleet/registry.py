# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private registry on the fleet's network, over plain HTTP, which the hosts' engines take from there."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.fleet import root_filesystem, tiny_image
from tests.fleet.docker_cli import FleetError, attempt, docker, end_of
from tests.fleet.fleet import Fleet
from tests.fleet.images import load
from tests.fleet.nodes import Node, run_in
from tools.cache import cache

IMAGE = "mf-fleet-registry:1"
PACKAGES = ("apache2-utils", "busybox", "docker-registry")
USER, PASSWORD = "releaser", "open-sesame"
PORT = 5000

START = """
htpasswd -Bbn "$1" "$2" >/etc/docker/registry/htpasswd
exec docker-registry serve /etc/docker/registry/config.yml
"""
READY = f"wget -q -O /dev/null --header='Authorization: Basic '$(echo -n {USER}:{PASSWORD} | base64) localhost:{PORT}/v2/"


@dataclass(frozen=True)
class Registry:
    """The registry as one of the hosts sees it; that host pushes."""

    node: Node
    pusher: Node

    @property
    def address(self) -> str:
        """What names of its images begin with."""
        return f"{self.node.address}:{PORT}"

    def push(self, image: str, name: str) -> str:
        """Push what the pusher has as `image` under that name, and return the repository digest."""
        script = """
            set -e
            echo "$4" | docker login --username "$3" --password-stdin "${2%%/*}" >&2
            docker tag "$1" "$2"
            docker push --quiet "$2" >&2
            docker image inspect --format '{{join .RepoDigests "\\n"}}' "$2" | grep "^${2%%:[!/]*}" | tail -1
            docker logout "${2%%/*}" >&2
            docker image rm "$2" >&2
        """
        return run_in(self.pusher, script, image, f"{self.address}/{name}", USER, PASSWORD)


def ensure(fleet: Fleet) -> Registry:
    """The registry as a service of the fleet, and its image made where it is not there."""
    if attempt("image", "inspect", IMAGE).returncode:
        _make()
    command = ["sh", "-c", START, "sh", USER, PASSWORD]
    node = fleet.service("registry", IMAGE, command=command, ready=["sh", "-c", READY])
    return Registry(node, fleet.hosts[-1])

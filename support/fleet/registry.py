# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private registry on the fleet's network, over plain HTTP, which the hosts' engines take from there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from support import debian_image, docker_client
from support.cache import cache, locked
from support.debian_image import Recipe
from support.fleet.fleet import Fleet
from support.fleet.nodes import Node, run_in
from support.process import run_logged

IMAGE = "mf-fleet-registry:1"
PACKAGES = ("apache2-utils", "docker-registry")
USER, PASSWORD = "releaser", "open-sesame"
PORT = 5000

START = """
htpasswd -Bbn "$1" "$2" >/etc/docker/registry/htpasswd
exec docker-registry serve /etc/docker/registry/config.yml
"""
READY = f": >/dev/tcp/127.0.0.1/{PORT}"

LOGIN = 'echo "$3" | docker login --username "$2" --password-stdin "$1"'
PUSH = """
set -e
docker tag "$1" "$2"
docker push --quiet "$2" >&2
docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$2" | grep "^$3@"
docker image rm "$1" "$2" >&2
"""
PULL = 'docker pull --quiet "$1"'


@dataclass(frozen=True)
class Registry:
    """The registry, and the fleet that it belongs to, whose last host pushes."""

    fleet: Fleet
    node: Node

    @property
    def address(self) -> str:
        """What the names of its images begin with."""
        return f"{self.node.address}:{PORT}"

    def push(self, image: str, repository: str, tag: str) -> str:
        """Push an image of this machine's engine, and return its name there by digest."""
        pusher = self.fleet.hosts[-1]
        self.fleet.load(image, hosts=[pusher])
        self._log_in(pusher)
        name = f"{self.address}/{repository}"
        digest = run_in(pusher, PUSH, image, f"{name}:{tag}", name)
        self._log_out(pusher)
        return digest

    def pull(self, host: Node, image: str) -> None:
        """Let the host have the image, as if somebody had pulled it by hand."""
        self._log_in(host)
        run_in(host, PULL, image)
        self._log_out(host)

    def _log_in(self, host: Node) -> None:
        run_in(host, LOGIN, self.address, USER, PASSWORD)

    def _log_out(self, host: Node) -> None:
        run_in(host, 'docker logout "$1"', self.address)


def ensure(fleet: Fleet) -> Registry:
    """The registry as a service of the fleet, and its image made where it is not there."""
    with locked(cache("images/registry")):
        if not docker_client.image_id(IMAGE):
            _make()
    command = ["sh", "-c", START, "sh", USER, PASSWORD]
    return Registry(fleet, fleet.service("registry", IMAGE, command=command, ready=["bash", "-c", READY]))


def _make() -> None:
    debian_image.require_tools("fleet")
    folder = cache("fleet")
    debian_image.make(IMAGE, Recipe("trixie", PACKAGES), folder, partial(run_logged, log=folder / "registry-image.log"))

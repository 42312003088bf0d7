# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docker command, and the demo's own things on an engine, known by their label."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from urllib.parse import urlsplit

from examples.shop.demo import screen
from support import engine
from support.cache import CHECKOUT

# All images of the demo have a label of this key; those of the shop have this one, and their containers inherit it.
KEY = "migrate_first.demo"
LABEL = f"{KEY}=shop"
RELEASE = "migrate_first.docker.release"


@dataclass(frozen=True)
class Container:
    """One of the demo's containers, in the engine's own words."""

    name: str
    id: str
    image_id: str
    started_at: str
    exit_code: int
    release: str


@dataclass(frozen=True)
class Docker:
    """The docker command that asks one engine: `words` are what it begins with.

    Its methods end with SystemExit where the command fails, saying which one, and what it said.
    """

    words: tuple[str, ...] = ("docker",)

    def ask(self, *arguments: str) -> str:
        """What the command prints."""
        result = subprocess.run([*self.words, *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False)
        if result.returncode:
            raise SystemExit(f"{self.shell(*arguments)} ended with {result.returncode}: {result.stderr.strip()}")
        return result.stdout.strip()

    def show(self, *arguments: str) -> None:
        """Show the command, and run it."""
        screen.command([*self.words, *arguments])
        self.ask(*arguments)

    def shell(self, *arguments: str) -> str:
        """The command as one line for a shell."""
        return screen.shell([*self.words, *arguments])

    def image_id(self, name: str) -> str | None:
        """The ID of the image of that name, if it is there."""
        return self.ask("images", "--quiet", "--no-trunc", name) or None

    def containers(self) -> list[Container]:
        """All of the shop's containers, those that have exited too, by name."""
        ids = self.ask("ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={LABEL}").split()
        found = json.loads(self.ask("inspect", *ids)) if ids else []
        containers = [
            Container(
                name=it["Name"].removeprefix("/"),
                id=it["Id"],
                image_id=it["Image"],
                started_at=it["State"]["StartedAt"],
                exit_code=it["State"]["ExitCode"],
                release=it["Config"]["Labels"].get(RELEASE, ""),
            )
            for it in found
        ]
        return sorted(containers, key=lambda container: container.name)

    def remove_containers(self) -> None:
        """Remove the shop's containers, running or not, and show the command."""
        names = [container.name for container in self.containers()]
        if names:
            self.show("rm", "--force", "--volumes", *names)

    def remove_images(self) -> None:
        """Remove the demo's images, and show the command."""
        form = "{{.ID}} {{.Repository}}:{{.Tag}}"
        found = self.ask("images", "--filter", f"label={KEY}", "--format", form).splitlines()
        names = [image if "<none>" in name else name for image, name in (line.split() for line in found)]
        if names:
            # Newest first, as they are listed: the engine keeps what another image is built on.
            self.show("rmi", *dict.fromkeys(names))

    def show_end_of_log(self, name: str, lines: int) -> None:
        """Show the last lines that the container has written, and the command."""
        command = [*self.words, "logs", "--tail", str(lines), name]
        screen.command(command)
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        screen.say(result.stdout.strip())


HERE = Docker()


def use(host: str) -> None:
    """Let the docker command and Ansible ask this engine, whatever context the person has chosen.

    SystemExit says what to do where the docker command is missing.
    """
    os.environ["DOCKER_HOST"] = host
    if not shutil.which("docker"):
        raise SystemExit(
            "A Docker engine answers, but the command docker is missing here. "
            "Install it (on Debian: apt install docker-cli; before Debian 13: docker.io), and repeat the command."
        )


def use_this_machine() -> None:
    """Use the engine of this machine, installed and started where there is none. SystemExit: it cannot be had."""
    found = engine.ensure()
    use(found.host)
    screen.good(f"Docker engine {found.version} at {found.host}")
    if urlsplit(found.host).hostname not in (None, "localhost", "127.0.0.1", "::1"):
        raise SystemExit("That engine is on another machine. Unset DOCKER_HOST, and repeat the command.")

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docker command, and the demo's own things on the engine, known by their label."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass

from tools import demo_screen as screen
from tools.cache import CHECKOUT

# The images carry it, and their containers inherit it.
LABEL = "migrate_first.demo=shop"
VOLUME = "shop-demo-data"


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


def docker(*arguments: str) -> str:
    """What the command prints. SystemExit says which command failed, and what it said."""
    result = subprocess.run(["docker", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if result.returncode:
        command = screen.shell(["docker", *arguments])
        raise SystemExit(f"{command} ended with {result.returncode}: {result.stderr.strip()}")
    return result.stdout.strip()


def image_id(name: str) -> str | None:
    """The ID of the image of that name, if it is there."""
    return docker("images", "--quiet", "--no-trunc", name) or None


@dataclass(frozen=True, order=True)
class Container:
    """One of the demo's containers, in the engine's own words."""

    name: str
    id: str
    image_id: str
    started_at: str
    exit_code: str


def containers() -> list[Container]:
    """All of the demo's containers, those that have exited too, by name."""
    ids = docker("ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={LABEL}").split()
    fields = "{{.Name}} {{.Id}} {{.Image}} {{.State.StartedAt}} {{.State.ExitCode}}"
    lines = docker("inspect", "--format", fields, *ids).splitlines() if ids else []
    return sorted(Container(*line.removeprefix("/").split()) for line in lines)


def remove_containers() -> None:
    """Remove the demo's containers, running or not, and show the command."""
    names = [container.name for container in containers()]
    if names:
        _shown("rm", "--force", "--volumes", *names)


def show_end_of_log(name: str) -> None:
    """Show the last line that the container has written, and the command."""
    command = ["docker", "logs", "--tail", "1", name]
    screen.command(command)
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    screen.say(result.stdout.strip())


def make_volume() -> None:
    """Make the demo's volume, empty. SystemExit tells of one of that name that is not the demo's."""
    if VOLUME in docker("volume", "ls", "--quiet").split():
        raise SystemExit(
            f"There is a volume {VOLUME} that the demo has not made, and will not touch. "
            f"If nothing needs it, remove it (docker volume rm {VOLUME}), and repeat the command."
        )
    _shown("volume", "create", "--label", LABEL, VOLUME)


def remove_volume() -> None:
    """Remove the demo's volume with the shop's data, and show the command."""
    if VOLUME in docker("volume", "ls", "--quiet", "--filter", f"label={LABEL}").split():
        _shown("volume", "rm", VOLUME)


def remove_images() -> None:
    """Remove the demo's images, and show the command."""
    found = docker("images", "--filter", f"label={LABEL}", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}").splitlines()
    names = [image if "<none>" in name else name for image, name in (line.split() for line in found)]
    if names:
        # Newest first, as they are listed: the engine keeps what another image is built on.
        _shown("rmi", *dict.fromkeys(names))


def _shown(*arguments: str) -> None:
    screen.command(["docker", *arguments])
    docker(*arguments)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of `make demo-fleet`: containers on this machine, made by `support/fleet`."""

from __future__ import annotations

from pathlib import Path

from examples.shop.demo import images, screen
from examples.shop.demo.docker_command import HERE, Docker
from support import state
from support.cache import cache
from support.fleet import Fleet, Node, host_image, labels
from support.fleet.clean import clean
from support.process import Command

NAME = "shop"
COUNT = 3


def command(action: str, *arguments: str) -> Command:
    """What does this to the fleet, from the checkout's root."""
    return ["python3", "-m", "support.bootstrap", "hosts", action, "--name", NAME, *arguments]


def docker(host: Node) -> Docker:
    """The docker command on the host."""
    return Docker(("docker", "exec", host.container, "docker"))


def prepare() -> Fleet:
    """The hosts, with the shop's images and nothing else. SupportError or SystemExit says what is in the way."""
    fleet = Fleet(NAME, COUNT)
    image = host_image.name(fleet.suite)
    if not HERE.image_id(image):
        state.write(_memory(), {"made": image})
    screen.command(command("up", "--hosts", str(COUNT)))
    fleet.up()
    screen.command(command("reset"))
    fleet.reset()
    screen.good(f"Hosts: {', '.join(f'{host.name} at {host.address}' for host in fleet.hosts)}")
    names = [images.name(version) for version in images.VERSIONS]
    screen.command(command("load", *names))
    fleet.load(*names)
    screen.good(f"Each of them has the images {', '.join(names)}")
    return fleet


def remove() -> None:
    """Remove the hosts, and their image if the demo had it made; where no other fleet is left, all of `support/fleet`."""
    if labels.networks(NAME):
        screen.command(command("down"))
        Fleet(NAME).down()
    made = state.read(_memory()).get("made")
    if made and HERE.image_id(made):
        try:
            HERE.show("rmi", made)
        except SystemExit as error:
            screen.say(f"The image {made} was left, since others use it: {error}")
    if not labels.networks() and not host_image.images():
        clean()


def _memory() -> Path:
    return cache("demo") / "host-image.json"

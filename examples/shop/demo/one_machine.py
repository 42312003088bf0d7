# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo`: three versions of a shop on this machine, the last of which cannot migrate."""

from __future__ import annotations

import os
import re
import socket
import sys

from examples.shop.demo import deployment, images, screen, volume
from examples.shop.demo.docker_command import HERE, use_this_machine
from examples.shop.demo.story import Host, Story
from support.cache import CHECKOUT, cache

INVENTORY = "examples/shop/inventory"
DEFAULT_PORTS = (8001, 8002)
INTERVAL = 0.1  # in seconds, at which each replica is asked


def demo() -> None:
    """Tell the whole story. SystemExit says what was not as it should be."""
    story = _prepare(_ports())
    screen.heading("Version 1 migrates an empty database, then two replicas start")
    story.roll_out("1")
    screen.heading("Version 2 is rolled out over it")
    story.roll_out("2")
    screen.heading("A broken version is stopped at its migration, and version 2 goes on serving")
    story.stop_broken(serving="2", lines=1)
    story.look_next(("What the play was told", f"{INVENTORY}/group_vars/all.yml"))


def _prepare(ports: tuple[int, int]) -> Story:
    screen.heading("Preparing")
    use_this_machine()
    _start_anew(ports)
    variables = [] if ports == DEFAULT_PORTS else ["-e", f"shop_ports={ports[0]}-{ports[1]}"]
    remote_tmp = cache("demo") / "ansible" / "remote"
    way = deployment.prepare("ansible", ["-i", INVENTORY, *variables], remote_tmp=remote_tmp)
    images.ensure()
    host = Host("this machine", HERE, [f"http://127.0.0.1:{port}" for port in ports])
    return Story("make demo", [host], way, INTERVAL / len(ports))


def _start_anew(ports: tuple[int, int]) -> None:
    HERE.remove_containers()
    volume.remove()
    volume.make()
    for port in ports:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError as error:
            holder = HERE.ask("ps", "--filter", f"publish={port}", "--format", "{{.Names}}")
            raise SystemExit(
                f"The demo needs port {port} of this machine, and cannot have it: "
                f"{f'the container {holder} has it' if holder else os.strerror(error.errno or 0)}. "
                "Choose two others: make demo PORTS=9001-9002"
            ) from None


def _ports() -> tuple[int, int]:
    first, last = DEFAULT_PORTS
    wanted = os.environ.get("PORTS") or f"{first}-{last}"
    match = re.fullmatch(r"(\d{1,5})-(\d{1,5})", wanted)
    if not match or not 0 < int(match[1]) < int(match[2]) < 65536:
        raise SystemExit(f"PORTS={wanted} is no range of ports: make demo PORTS=9001-9002")
    return int(match[1]), int(match[1]) + 1


if __name__ == "__main__":
    os.chdir(CHECKOUT)
    try:
        demo()
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Repeat it with make demo, or remove all of it with make demo-clean.")

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo`: three versions of a shop on this machine, the last of which cannot migrate. `make demo-clean`."""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from typing import NoReturn
from urllib.parse import urlsplit

from tools import demo_clean, demo_deploy, engine, images
from tools import demo_docker as docker
from tools import demo_screen as screen
from tools.cache import CHECKOUT, cache
from tools.demo_deploy import Deployment
from tools.demo_watch import Answer, Watch, ask

NAME = "shop-demo"
MIGRATION = f"{NAME}-migration"
REPLICAS = (f"{NAME}-1", f"{NAME}-2")
INTERVAL = 0.1


def demo() -> None:
    """Tell the whole story. SystemExit says what was not as it should be."""
    ports = _ports()
    deployment = _prepare(ports)
    _roll_out(deployment, "1", "Version 1 migrates an empty database, then two replicas start")
    _roll_out(deployment, "2", "Version 2 is rolled out over it")
    _break(deployment)
    _look_next(deployment)


def _prepare(ports: tuple[int, int]) -> Deployment:
    screen.heading("Preparing")
    found = engine.ensure()
    docker.use(found.host)
    screen.good(f"Docker engine {found.version} at {found.host}")
    if urlsplit(found.host).hostname not in (None, "localhost", "127.0.0.1", "::1"):
        raise SystemExit("That engine is on another machine. Unset DOCKER_HOST, and repeat the command.")
    _start_anew(ports)
    deployment = demo_deploy.prepare(ports)
    screen.good(f"Ansible and the collection: {cache('demo')}")
    images.ensure()
    screen.good(f"Images: {', '.join(images.name(version) for version in images.VERSIONS)}")
    return deployment


def _start_anew(ports: tuple[int, int]) -> None:
    docker.remove_containers()
    docker.remove_volume()
    docker.make_volume()
    for port in ports:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError as error:
            holder = docker.docker("ps", "--filter", f"publish={port}", "--format", "{{.Names}}")
            raise SystemExit(
                f"The demo needs port {port} of this machine, and cannot have it: "
                f"{f'the container {holder} has it' if holder else os.strerror(error.errno or 0)}. "
                "Choose two others: make demo PORTS=9001-9002"
            ) from None


def _roll_out(deployment: Deployment, version: str, title: str) -> None:
    screen.heading(title)
    start = time.monotonic()
    status = deployment.run(version)
    seconds = time.monotonic() - start
    if status:
        _fail(f"Version {version} was not rolled out: ansible-playbook ended with {status}.")
    screen.good(f"Version {version} is rolled out, in {seconds:.1f} s. Both replicas answer:")
    for url in _urls(deployment):
        _answered(ask(f"{url}/health"), "")
        _answered(ask(f"{url}/version"), f'"version": "{version}"')
    image = docker.image_id(images.name(version))
    now = {container.name: container.image_id for container in docker.containers()}
    if any(now.get(name) != image for name in (MIGRATION, *REPLICAS)):
        _fail(f"The migration and both replicas should have run {images.name(version)}, {image}. They ran: {now}.")
    screen.good(f"Migration and replicas ran one and the same image, {image}")


def _break(deployment: Deployment) -> None:
    screen.heading("A broken version is stopped at its migration, and version 2 goes on serving")
    before = _replicas()
    with Watch([f"{url}/" for url in _urls(deployment)], INTERVAL, _is_page_of_version_2) as watch:
        status = deployment.run("broken")
    broken = docker.image_id(images.name("broken"))
    exit_codes = [
        found.exit_code for found in docker.containers() if (found.name, found.image_id) == (MIGRATION, broken)
    ]
    if status == 0 or exit_codes != ["1"]:
        _fail(f"The migration should end with 1: {exit_codes}. And ansible-playbook not with 0: {status}.")
    screen.good(f"ansible-playbook ended with {status}, as it should: the migration ended with 1.")
    if watch.failed:
        first = watch.failed[0]
        _fail(f"{len(watch.failed)} of {len(watch.answers)} answers failed meanwhile. {first.url}: {first.text[:200]}")
    screen.good(
        f"Version 2 was asked every {INTERVAL * 1000:.0f} ms meanwhile: {len(watch.answers)} answers, "
        f"{len(watch.failed)} failed, the slowest after {watch.slowest * 1000:.0f} ms."
    )
    if _replicas() != before:
        _fail(f"The replicas are not those from before. Before: {before}. Now: {_replicas()}.")
    screen.good("No replica was touched: the same two containers run since version 2 was rolled out.")
    screen.say("\nWhy it failed:")
    docker.show_end_of_log(MIGRATION)
    screen.say("Two customers share an e-mail address but for its capital letters, and addresses are unique.")


def _look_next(deployment: Deployment) -> None:
    screen.heading("Where to look next")
    for what, where in (
        ("The shop, in a browser", " ".join(f"{url}/" for url in _urls(deployment))),
        ("The failed migration, from its start", f"docker logs {MIGRATION}"),
        ("Replicas, and every migration that ran", f"docker ps --all --filter label={docker.LABEL}"),
        ("What the play was told", f"{demo_deploy.INVENTORY}/group_vars/all.yml"),
        ("The next version that works", deployment.shell("3")),
        ("All of it again, from version 1", "make demo"),
        ("Remove all of it", "make demo-clean"),
    ):
        screen.say(f"{what}:\n    {where}")


def _answered(answer: Answer, wanted: str) -> None:
    screen.say(f"    {answer.url}  {answer.status}  {answer.text}")
    if answer.status != 200 or wanted not in answer.text:
        _fail(f"{answer.url} should have answered 200 {wanted}")


def _is_page_of_version_2(answer: Answer) -> bool:
    return answer.status == 200 and "<title>Shop 2</title>" in answer.text


def _replicas() -> list[docker.Container]:
    """All containers of the demo beside the migrations'."""
    return [container for container in docker.containers() if not container.name.startswith(MIGRATION)]


def _urls(deployment: Deployment) -> list[str]:
    return [f"http://127.0.0.1:{port}" for port in deployment.ports]


def _ports() -> tuple[int, int]:
    first, last = demo_deploy.DEFAULT_PORTS
    wanted = os.environ.get("PORTS") or f"{first}-{last}"
    match = re.fullmatch(r"(\d{1,5})-(\d{1,5})", wanted)
    if not match or not 0 < int(match[1]) < int(match[2]) < 65536:
        raise SystemExit(f"PORTS={wanted} is no range of ports: make demo PORTS=9001-9002")
    return int(match[1]), int(match[1]) + 1


def _fail(what: str) -> NoReturn:
    raise SystemExit(
        f"\n✗ {what}\n"
        f"  All is left as it is, to be looked at: docker ps --all --filter label={docker.LABEL}. Repeat it with make demo."
    )


if __name__ == "__main__":
    os.chdir(CHECKOUT)
    try:
        match sys.argv[1:]:
            case []:
                demo()
            case ["clean"]:
                demo_clean.clean()
            case _:
                raise SystemExit("usage: python3 -m tools.demo [clean]")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Repeat it with make demo, or remove all of it with make demo-clean.")

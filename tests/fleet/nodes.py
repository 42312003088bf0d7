# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is on a fleet's network, a host or a service: a container under a name and an address that stay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.fleet import network
from tests.fleet.docker_cli import LABEL, FleetError, attempt, docker, end_of, ours

MADE_FROM = f"{LABEL}.made-from"
ADDRESS = f"{LABEL}.address"

TIMED_OUT = (124, 137)  # says timeout, when it has sent SIGTERM, and SIGKILL


@dataclass(frozen=True)
class Node:
    """A container of the fleet; its name is also its host name there."""

    fleet: str
    name: str
    address: str

    @property
    def container(self) -> str:
        """The name of the container on this machine's engine."""
        return f"{network.name(self.fleet)}-{self.name}"

    def __str__(self) -> str:
        return f"{self.name} of the fleet {self.fleet}"


@dataclass(frozen=True)
class Found:
    """What is there of a node. `status` is the engine's word: running, paused, exited, …"""

    node: Node
    status: str
    connected: bool
    made_from: str


def look(fleet: str) -> dict[str, Found]:
    """The fleet's containers by the name of the node."""
    names = ours("container", fleet)
    result = attempt("container", "inspect", *names) if names else None
    found = [_found(fleet, container) for container in json.loads(result.stdout)] if result else []
    return {it.node.name: it for it in found}


def make(node: Node, options: Sequence[str], image: str, command: Sequence[str] = ()) -> None:
    """Start the node in a new container; an old one is removed."""
    attempt("rm", "--force", "--volumes", node.container)
    labels = {LABEL: node.fleet, ADDRESS: node.address, MADE_FROM: fingerprint(node, options, image, command)}
    docker(
        *("run", "--detach", f"--name={node.container}", f"--hostname={node.name}"),
        *(f"--label={key}={value}" for key, value in labels.items()),
        *(f"--network={network.name(node.fleet)}", f"--ip={node.address}", f"--network-alias={node.name}"),
        *options,
        image,
        *command,
    )


def fingerprint(node: Node, options: Sequence[str], image: str, command: Sequence[str] = ()) -> str:
    """What a node is made from: where it differs, the node is made anew."""
    return hashlib.sha256(repr((node, list(options), image, list(command))).encode()).hexdigest()[:16]


def revive(found: Found) -> None:
    """Undo what can happen to a container from outside: paused, stopped, taken off its network."""
    node = found.node
    if found.status == "paused":
        docker("unpause", node.container)
    elif found.status != "running":
        docker("start", node.container)
    if not found.connected:
        network.attach(node.fleet, node.container, node.address, node.name)


def run_in(node: Node, script: str, *arguments: str, seconds: float = 60) -> str:
    """What the shell script prints, run as root in the node. FleetError: it failed, or did not end in time."""
    # Bounded inside: ending the docker command alone leaves the script running.
    bounded = ["timeout", "--kill-after=1", f"{seconds:g}", "sh", "-c", script, "sh", *arguments]
    result = attempt("exec", node.container, *bounded, seconds=seconds + 10)
    if result.returncode:
        title = script.strip().splitlines()[0]
        end = (
            f"did not end within {seconds:g} s" if result.returncode in TIMED_OUT else f"ended with {result.returncode}"
        )
        raise FleetError(f"On {node}, the script that begins with `{title}` {end}: {end_of(result.stderr)}")
    return result.stdout.strip()


def _found(fleet: str, container: dict[str, Any]) -> Found:
    labels = container["Config"]["Labels"]
    name = container["Name"].removeprefix(f"/{network.name(fleet)}-")
    return Found(
        node=Node(fleet, name, labels[ADDRESS]),
        status=container["State"]["Status"],
        connected=network.name(fleet) in container["NetworkSettings"]["Networks"],
        made_from=labels[MADE_FROM],
    )

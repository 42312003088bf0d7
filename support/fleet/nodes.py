# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is on a fleet's network, a host or a service: a container under a name and an address that stay."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from support import docker_client
from support.docker_client import client, explained
from support.errors import SupportError, end_of
from support.fleet import network
from support.fleet.labels import LABEL, containers

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
    found = [_found(fleet, container.attrs) for container in containers(fleet)]
    return {it.node.name: it for it in found}


@dataclass(frozen=True)
class Blueprint:
    """What a node is made from. `options` are those of a container's host configuration, as the Docker SDK has them."""

    image: str
    command: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    unmasked: bool = False  # the engine hides no path of /proc and /sys

    def fingerprint(self, node: Node) -> str:
        """What the node is made from, in short: where it differs, the node is made anew."""
        parts = (node, self.image, list(self.command), dict(self.env), dict(self.options), self.unmasked)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def make(node: Node, blueprint: Blueprint) -> None:
    """Start the node in a new container; an old one is removed."""
    docker_client.remove_container(node.container)
    api: Any = client().api
    net = network.name(node.fleet)
    host_config = api.create_host_config(network_mode=net, **blueprint.options)
    if blueprint.unmasked:
        host_config |= {"MaskedPaths": [], "ReadonlyPaths": []}
    endpoint = api.create_endpoint_config(ipv4_address=node.address, aliases=[node.name])
    with explained(f"starting {node}"):
        api.create_container(
            blueprint.image,
            list(blueprint.command) or None,
            name=node.container,
            hostname=node.name,
            environment=dict(blueprint.env),
            labels={LABEL: node.fleet, ADDRESS: node.address, MADE_FROM: blueprint.fingerprint(node)},
            host_config=host_config,
            networking_config=api.create_networking_config({net: endpoint}),
        )
        api.start(node.container)


def revive(found: Found) -> None:
    """Undo what can happen to a container from outside: paused, stopped, taken off its network."""
    node = found.node
    container = docker_client.container(node.container)
    with explained(f"reviving {node}"):
        if found.status == "paused":
            container.unpause()
        elif found.status != "running":
            container.start()
    if not found.connected:
        network.attach(node.fleet, node.container, node.address, node.name)


def restart(node: Node) -> None:
    """Kill all its processes at once, and start it again."""
    with explained(f"restarting {node}"):
        docker_client.container(node.container).restart(timeout=0)


def run_in(node: Node, script: str, *arguments: str, seconds: float = 60) -> str:
    """What the shell script prints, run as root in the node. SupportError: it failed, or did not end in time."""
    # Bounded inside: hanging up leaves the script running.
    bounded = ["timeout", "--kill-after=1", f"{seconds:g}", "sh", "-c", script, "sh", *arguments]
    result = docker_client.execute(node.container, bounded)
    if result.status:
        title = script.strip().splitlines()[0]
        end = f"did not end within {seconds:g} s" if result.status in TIMED_OUT else f"ended with {result.status}"
        raise SupportError(f"On {node}, the script that begins with `{title}` {end}: {end_of(result.stderr)}")
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

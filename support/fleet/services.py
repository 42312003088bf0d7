# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the hosts use and Ansible does not manage: a database, a registry, a proxy, on the fleet's network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from support import docker_client
from support.errors import SupportError
from support.fleet import network, nodes
from support.fleet.nodes import Blueprint, Found, Node
from support.waiting import wait_until


@dataclass(frozen=True)
class Definition:
    """A service's container: `ready` is a command that ends with 0 in it."""

    image: str
    command: Sequence[str] = ()
    env: dict[str, str] = field(default_factory=dict)
    ready: Sequence[str] = ()
    seconds: float = 60  # until it must be ready


def ensure(node: Node, definition: Definition, found: Found | None) -> Node:
    """Start the service, or leave it as it is where it fits; wait until it is ready.

    SupportError says why it is not, with the end of its log.
    """
    # By its ID: a tag may have moved since.
    image = docker_client.image_id(definition.image)
    if not image:
        raise SupportError(f"There is no image {definition.image} on this machine's engine.")
    blueprint = Blueprint(image, definition.command, definition.env)
    if found and found.made_from == blueprint.fingerprint(node):
        nodes.revive(found)
    else:
        nodes.make(node, blueprint)
    try:
        wait_until(lambda: _is_ready(node, definition), f"{node} is not ready", definition.seconds)
    except SupportError as fault:
        raise SupportError(f"{fault} {docker_client.end_of_log(node.container)}") from None
    return node


def address(subnet: IPv4Network, name: str, found: dict[str, Found]) -> str:
    """The service's address: the one that it has, or the first that none has."""
    if name in found:
        return found[name].node.address
    taken = {it.node.address for it in found.values()}
    free = (str(subnet[number]) for number in range(network.FIRST_SERVICE, network.DYNAMIC))
    return next(address for address in free if address not in taken)


def _is_ready(node: Node, definition: Definition) -> bool:
    state = docker_client.container(node.container).attrs["State"]
    if state["Status"] != "running":
        raise SupportError(f"{node} does not run: {state['Status']} {state['ExitCode']}.")
    return not definition.ready or not docker_client.execute(node.container, definition.ready).status

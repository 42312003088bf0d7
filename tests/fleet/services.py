# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the hosts use and Ansible does not manage: a database, a registry, a proxy, on the fleet's network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from tests.fleet import network, nodes
from tests.fleet.docker_cli import FleetError, attempt, docker, log_of
from tests.fleet.nodes import Found, Node
from tests.fleet.waiting import wait_until


@dataclass(frozen=True)
class Definition:
    """A service's container: `options` are those of `docker run`, `ready` a command that ends with 0 in it."""

    image: str
    command: Sequence[str] = ()
    env: dict[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    ready: Sequence[str] = ()
    seconds: float = 60  # until it must be ready


def ensure(node: Node, definition: Definition, found: Found | None) -> Node:
    """Start the service, or leave it as it is where it fits; wait until it is ready.

    FleetError says why it is not, with the end of its log.
    """
    # By its ID: a tag may have moved since.
    image = docker("image", "inspect", "--format", "{{.Id}}", definition.image)
    options = [*(f"--env={key}={value}" for key, value in definition.env.items()), *definition.options]
    if found and found.made_from == nodes.fingerprint(node, options, image, definition.command):
        nodes.revive(found)
    else:
        nodes.make(node, options, image, definition.command)
    try:
        wait_until(lambda: _is_ready(node, definition), f"{node} is not ready", definition.seconds)
    except FleetError as fault:
        raise FleetError(f"{fault} {log_of(node.container)}") from None
    return node


def address(subnet: IPv4Network, name: str, found: dict[str, Found]) -> str:
    """The service's address: the one that it has, or the first that none has."""
    if name in found:
        return found[name].node.address
    taken = {it.node.address for it in found.values()}
    free = (str(subnet[number]) for number in range(network.FIRST_SERVICE, network.DYNAMIC))
    return next(address for address in free if address not in taken)


def _is_ready(node: Node, definition: Definition) -> bool:
    status = docker("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", node.container)
    if not status.startswith("running"):
        raise FleetError(f"{node} does not run: {status}.")
    return not definition.ready or not attempt("exec", node.container, *definition.ready).returncode

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a new replica can start while the old one still serves, and how long the old one then runs on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._engine.interface import Container
from .._preflight.port_ranges import overlap
from .._preflight.resources import networks_of
from .model import START_FIRST, STOP_FIRST, Replica, UpdatePolicy
from .operations import Drain
from .plan import Impossible
from .slots import Slot

#: Seconds; proxies keep an address that they have looked up for one second and more.
DRAIN = 2.0

_ADDRESSES = ("ipv4_address", "ipv6_address", "mac_address")


def order_of(slots: Iterable[Slot], policy: UpdatePolicy) -> str:
    """Return the order of an update; raise Impossible where the one that was asked for is not possible."""
    if policy.order == STOP_FIRST:
        return STOP_FIRST
    obstacles = [
        (slot.name, obstacle(slot.wanted, slot.current))
        for slot in slots
        if slot.wanted and slot.current and not slot.fits(slot.current)
    ]
    for name, reason in obstacles:
        if reason and policy.order == START_FIRST:
            raise Impossible(
                f"update.order is start_first, but a new {name} cannot serve beside the old one: {reason}; leave the order "
                "out or make it stop_first, or let a proxy on a network of the replicas find them by their names"
            )
    return STOP_FIRST if any(reason for _name, reason in obstacles) else START_FIRST


def obstacle(replica: Replica, old: Container) -> str:
    """Return what a replica would have to share with an old container while both run, empty where nothing is shared."""
    if overlap(replica.host_ports, old.host_ports):
        return "both need the same port of the host (container.published_ports)"
    options = replica.definition.options
    mode = options.get("network_mode", "")
    if mode == "host" or mode.startswith("container:") or any(it["name"] == "host" for it in _networks(options)):
        return f"both would listen on the same network ({mode or 'host'})"
    for network in _networks(options):
        if network.get("aliases"):
            return f"the alias {network['aliases'][0]} would lead to it before it is healthy (container.networks)"
        if any(network.get(word) for word in _ADDRESSES):
            return f"both would have the same address in {network['name']} (container.networks)"
    return ""


def drain_operations(replica: Replica, old: Container, policy: UpdatePolicy) -> tuple[Drain, ...]:
    """Return the wait before an old container is stopped: none where it does not run, or no DNS has led to it."""
    default = DRAIN if networks_of(replica.definition) else 0.0
    seconds = default if policy.drain is None else policy.drain
    return (Drain(old.id, seconds),) if seconds and old.running else ()


def _networks(options: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return tuple(options.get("networks", ()))

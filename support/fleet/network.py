# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet's network, with addresses that stay: a host that was cut off comes back under its own."""

from __future__ import annotations

import zlib
from ipaddress import IPv4Network

from docker.errors import APIError
from docker.types import IPAMConfig, IPAMPool

from support.docker_client import client, explained
from support.errors import SupportError
from support.fleet.labels import LABEL, networks

# Set aside for tests of network devices (RFC 2544): neither a local network nor Docker's own pools are there.
SPACE = list(IPv4Network("198.18.0.0/15").subnets(new_prefix=24))

# Of the 254 addresses: what is neither a host nor a service gets its own from the last 32.
FIRST_HOST, FIRST_SERVICE, DYNAMIC = 11, 101, 224


def name(fleet: str) -> str:
    """The network of that fleet; its containers and volumes begin with the same."""
    return f"mf-fleet-{fleet}"


def find(fleet: str) -> IPv4Network | None:
    """The fleet's subnet; None where it has no network."""
    found = [it.attrs for it in networks(fleet) if it.name == name(fleet)]
    return IPv4Network(found[0]["IPAM"]["Config"][0]["Subnet"]) if found else None


def ensure(fleet: str) -> None:
    """Make the fleet's network where it is not there. SupportError says what is in the way."""
    if find(fleet):
        return
    start = zlib.crc32(fleet.encode())
    for step in range(len(SPACE)):
        subnet = SPACE[(start + step) % len(SPACE)]
        pool = IPAMPool(subnet=str(subnet), iprange=f"{subnet[DYNAMIC]}/27")
        try:
            client().networks.create(
                name(fleet), check_duplicate=True, labels={LABEL: fleet}, ipam=IPAMConfig(pool_configs=[pool])
            )
        except APIError as error:
            if "overlaps" not in str(error):
                raise SupportError(f"The network {name(fleet)} cannot be made: {error.explanation}") from None
        else:
            return
    raise SupportError(f"The network {name(fleet)} cannot be made: every subnet of 198.18.0.0/15 is taken.")


def attach(fleet: str, container: str, address: str, alias: str) -> None:
    """Connect the container, under this address and this name."""
    with explained(f"connecting {container}"):
        client().networks.get(name(fleet)).connect(container, ipv4_address=address, aliases=[alias])


def detach(fleet: str, container: str) -> None:
    """Take the container off the network, as if its cable were pulled."""
    with explained(f"disconnecting {container}"):
        client().networks.get(name(fleet)).disconnect(container)

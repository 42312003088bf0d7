# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of the host that containers ask for, and how replicas share a range of them, as Compose does. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .._engine.interface import HostPort

_MAPPING = re.compile(
    r"(?:(?P<address>\[[0-9a-fA-F:]+\]|\d+\.\d+\.\d+\.\d+):)?"
    r"(?:(?P<host>\d+)(?:-(?P<host_end>\d+))?:|:)?"
    r"(?P<port>\d+)(?:-(?P<port_end>\d+))?"
    r"(?P<protocol>/(?:tcp|udp|sctp))?"
)


def assign(published_ports: Sequence[str], index: int, count: int) -> list[str]:
    """
    Return the ports of the replica ``index`` of ``count``, numbered from 1.

    ``8001-8004:8000`` gives replica 2 ``8002:8000``; without a host port the engine chooses one.
    Raises ValueError, naming the entry, where it is not a port mapping, or is too short for all replicas.
    """
    return [mapping for entry in published_ports for mapping in _assigned(entry, index, count)]


def host_ports(published_ports: Iterable[str]) -> list[HostPort]:
    """Return the host's ports that a replica with these mappings needs; those that the engine chooses do not count."""
    matches = [match for entry in published_ports for match in [_MAPPING.fullmatch(entry)] if match and match["host"]]
    return [HostPort(int(it["host"]), (it["protocol"] or "/tcp")[1:], _address(it["address"])) for it in matches]


def overlap(some: Iterable[HostPort], others: Sequence[HostPort]) -> bool:
    """Return whether two containers with these ports cannot run at the same time."""
    return any(one.overlaps(other) for one in some for other in others)


def _address(address: str | None) -> str:
    bare = (address or "").strip("[]")
    return "" if bare in ("0.0.0.0", "::") else bare  # noqa: S104 - compared here, not listened on


def _assigned(entry: str, index: int, count: int) -> list[str]:
    match = _MAPPING.fullmatch(entry)
    if match is None:
        raise ValueError(
            f"container.published_ports: {entry!r} is no port mapping such as 8001-8004:8000, "
            "127.0.0.1:8001:8000 or 8000"
        )
    address = f"{match['address']}:" if match["address"] else ""
    protocol = match["protocol"] or ""
    inside = _range(entry, match["port"], match["port_end"])
    if match["host"] is None:
        separator = ":" if address else ""
        return [f"{address}{separator}{port}{protocol}" for port in inside]
    outside = _range(entry, match["host"], match["host_end"])
    if len(outside) < count * len(inside):
        raise ValueError(
            f"container.published_ports: {entry!r} has {len(outside)} host ports, and {count} replicas "
            f"need {count * len(inside)}: give a longer range or fewer replicas"
        )
    first = (index - 1) * len(inside)
    return [f"{address}{outside[first + place]}:{port}{protocol}" for place, port in enumerate(inside)]


def _range(entry: str, first: str, last: str | None) -> range:
    ports = range(int(first), int(last or first) + 1)
    if not ports or ports[0] < 1 or ports[-1] > 65535:
        raise ValueError(f"container.published_ports: {entry!r} has no ports between 1 and 65535 in order")
    return ports

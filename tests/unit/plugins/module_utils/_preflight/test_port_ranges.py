# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host ports for each replica, out of one range for all."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import HostPort
from ansible_collections.migrate_first.docker.plugins.module_utils._preflight.port_ranges import assign, host_ports

#: An entry, and what the replicas get, as many as there are.
TABLE = [
    ("8000", [["8000"], ["8000"]]),
    (":8000", [["8000"]]),
    ("8000/udp", [["8000/udp"]]),
    ("8000-8001", [["8000", "8001"], ["8000", "8001"]]),
    ("8001:8000", [["8001:8000"]]),
    ("8001-8004:8000", [["8001:8000"], ["8002:8000"], ["8003:8000"], ["8004:8000"]]),
    ("8001-8004:8000", [["8001:8000"], ["8002:8000"]]),
    ("8001-8004:8000/udp", [["8001:8000/udp"], ["8002:8000/udp"]]),
    ("8001-8004:8000-8001", [["8001:8000", "8002:8001"], ["8003:8000", "8004:8001"]]),
    ("127.0.0.1:8001-8002:8000", [["127.0.0.1:8001:8000"], ["127.0.0.1:8002:8000"]]),
    ("127.0.0.1::8000", [["127.0.0.1::8000"], ["127.0.0.1::8000"]]),
    ("[::1]:8001-8002:8000", [["[::1]:8001:8000"], ["[::1]:8002:8000"]]),
    ("[::1]::8000", [["[::1]::8000"]]),
    ("1:65535", [["1:65535"]]),
]


@pytest.mark.parametrize(("entry", "expected"), TABLE, ids=[f"{entry} for {len(row)}" for entry, row in TABLE])
def test_each_replica_gets_its_own_ports(entry: str, expected: list[list[str]]) -> None:
    count = len(expected)
    assert [assign([entry], index, count) for index in range(1, count + 1)] == expected


def test_all_entries_are_assigned() -> None:
    assert assign([], 1, 1) == []
    assert assign(["8001-8002:8000", "53/udp", "9001-9002:9000"], 2, 2) == ["8002:8000", "53/udp", "9002:9000"]


@pytest.mark.parametrize(
    ("entry", "count"),
    [("8001:8000", 2), ("8001-8002:8000", 3), ("8001-8003:8000-8001", 2), ("127.0.0.1:8001:8000/tcp", 2)],
)
def test_a_range_that_is_too_short_is_refused(entry: str, count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} replicas need") as refusal:
        assign([entry], 1, count)
    assert entry in str(refusal.value)


@pytest.mark.parametrize(
    "entry",
    [
        *("", "http", "8001:", "8001:8000:80:80", "8000/http", "-8000", "8000-", "localhost:8001:8000"),
        *("8000 ", "0:8000", "65536:8000", "8002-8001:8000", "8001:0", "70000", "8001-70000:8000", "::1:8001:8000"),
    ],
)
def test_an_entry_that_is_no_port_mapping_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"container\.published_ports: ") as refusal:
        assign([entry], 1, 1)
    assert repr(entry) in str(refusal.value)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("8001:8000", [HostPort(8001)]),
        ("0.0.0.0:8001:8000", [HostPort(8001)]),
        ("[::]:8001:8000", [HostPort(8001)]),
        ("127.0.0.1:8001:8000/udp", [HostPort(8001, "udp", "127.0.0.1")]),
        ("[::1]:8001:8000", [HostPort(8001, "tcp", "::1")]),
        ("8000", []),
        ("127.0.0.1::8000", []),
    ],
)
def test_the_host_ports_that_a_replica_needs(entry: str, expected: list[HostPort]) -> None:
    assert host_ports([entry]) == expected


@pytest.mark.parametrize(
    ("one", "other", "overlapping"),
    [
        (HostPort(8001), HostPort(8001), True),
        (HostPort(8001), HostPort(8002), False),
        (HostPort(8001), HostPort(8001, "udp"), False),
        (HostPort(8001), HostPort(8001, "tcp", "127.0.0.1"), True),
        (HostPort(8001, "tcp", "127.0.0.1"), HostPort(8001, "tcp", "127.0.0.1"), True),
        (HostPort(8001, "tcp", "127.0.0.1"), HostPort(8001, "tcp", "127.0.0.2"), False),
    ],
)
def test_ports_overlap_where_both_cannot_be_used(one: HostPort, other: HostPort, overlapping: bool) -> None:
    assert one.overlaps(other) == other.overlaps(one) == overlapping

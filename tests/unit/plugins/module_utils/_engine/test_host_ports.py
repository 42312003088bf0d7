# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether another program of this host uses a port."""

from __future__ import annotations

import socket

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.host_ports import in_use
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import HostPort


@pytest.mark.parametrize("address", ["", "127.0.0.1"])
@pytest.mark.parametrize(("protocol", "kind"), [("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)])
def test_a_port_is_in_use_while_a_program_has_it(address: str, protocol: str, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as taker:
        taker.bind(("127.0.0.1", 0))
        if protocol == "tcp":
            taker.listen()
        port = HostPort(taker.getsockname()[1], protocol, address)
        assert in_use(port)
    assert not in_use(port)


def test_a_protocol_that_cannot_be_checked_counts_as_free() -> None:
    assert not in_use(HostPort(1, "sctp"))

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of this host that other programs than containers use."""

from __future__ import annotations

import errno
import socket

from .interface import HostPort

_TYPES = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def in_use(port: HostPort) -> bool:
    """
    Return whether a program has the port, asked by binding it for a moment.

    A port that cannot be asked for in this way counts as free: this user may not bind it, or it has another protocol.
    """
    kind = _TYPES.get(port.protocol)
    if kind is None:
        return False
    family = socket.AF_INET6 if ":" in port.address else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM:
            # Connections of a program that has gone do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.address.strip("[]"), port.number))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False

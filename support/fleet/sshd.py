# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host's sshd, asked from this machine."""

from __future__ import annotations

import errno
import socket

PORT = 22


def banner(address: str) -> str | None:
    """What the sshd at that address says first; None where none answers within 2 s."""
    try:
        with socket.create_connection((address, PORT), timeout=2) as connection:
            return connection.recv(256).decode(errors="replace").strip() or None
    except OSError:
        return None


def is_reachable(address: str) -> bool:
    """Whether the network leads there; a closed port is an answer too."""
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex((address, PORT)) in (0, errno.ECONNREFUSED)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask until something holds, and what is asked from this machine."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable

from tests.fleet.docker_cli import FleetError

SSH = 22


def banner(address: str) -> str | None:
    """What the sshd at that address says first; None where none answers within 2 s."""
    try:
        with socket.create_connection((address, SSH), timeout=2) as connection:
            return connection.recv(256).decode(errors="replace").strip() or None
    except OSError:
        return None


def is_reachable(address: str) -> bool:
    """Whether the network leads there; a closed port is an answer too."""
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex((address, SSH)) in (0, errno.ECONNREFUSED)


def wait_until(condition: Callable[[], object], otherwise: str, seconds: float = 30) -> None:
    """Ask until the condition holds. FleetError says what is the case otherwise, after that many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise FleetError(f"{otherwise}, {seconds:g} s long.")
        time.sleep(0.05)

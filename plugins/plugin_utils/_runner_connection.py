# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to the runner: it can drop, or fall silent, while the job goes on there."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase

#: OpenSSH gives up a connection that has been silent for three times these seconds.
KEEP_ALIVE = 5

#: Seconds between two attempts to reach the runner again.
INTERVAL = 2.0


class ConnectionLost(Exception):
    """The runner could not be reached again in time; the message is the last cause."""


class RunnerConnection:
    """A connection that is opened again when it has dropped, for so many seconds each time; ``say`` tells a person."""

    def __init__(self, connection: ConnectionBase, reconnect_timeout: float, say: Callable[[str], None]) -> None:
        self._connection = connection
        self._reconnect_timeout = reconnect_timeout
        self._say = say

    def keep_alive(self) -> None:
        """
        Let OpenSSH notice a silent connection.

        A connection that this controller keeps open already would go on without that, and is closed.
        """
        if self._connection.transport != "ssh" or any("ServerAliveInterval" in it for it in self._arguments()):
            return
        options = f"-o ServerAliveInterval={KEEP_ALIVE} -o ServerAliveCountMax=3"
        # The arguments of ssh, and of the programs that copy files.
        common = self._connection.get_option("ssh_common_args") or ""
        self._connection.set_option("ssh_common_args", f"{common} {options}".strip())
        self._connection.reset()

    def _arguments(self) -> list[str]:
        return [self._connection.get_option(it) or "" for it in ("ssh_args", "ssh_common_args", "ssh_extra_args")]

    def open(self) -> None:
        """Reach the runner for the first time; raise AnsibleConnectionFailure."""
        self.keep_alive()
        # With become, core would wait for a password prompt that never comes.
        self._connection.exec_command("true", sudoable=False)

    def call(self, execute: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """Execute, again and again while the runner cannot be reached; raise ConnectionLost."""
        until = None
        while True:
            try:
                return dict(execute())
            except AnsibleConnectionFailure as error:
                now = time.monotonic()
                until = until or now + self._reconnect_timeout
                if now >= until:
                    raise ConnectionLost(str(error)) from error
                if until - now >= self._reconnect_timeout:
                    self._say("the connection was lost; the job goes on, and the connection is tried again")
                self._reset()
                time.sleep(INTERVAL)

    def _reset(self) -> None:
        # The temporary folder of the lost session may be gone too.
        self._connection._shell.tmpdir = None  # noqa: SLF001 - core's own way
        try:
            self._connection.reset()
        except AnsibleError:
            return

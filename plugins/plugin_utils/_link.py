# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to the runner: it may drop, or fall silent, while the job goes on there."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase

#: OpenSSH gives up a link that has been silent for three times these seconds.
KEEP_ALIVE = 5

#: Seconds between two attempts to reach the runner again.
INTERVAL = 2.0


class RunnerLost(Exception):
    """The runner could not be reached again in time; the message is the last cause."""


class Link:
    """A connection that is taken up again when it has dropped, for so many seconds each time."""

    def __init__(self, connection: ConnectionBase, reconnect_timeout: float, say: Callable[[str], None]) -> None:
        self._connection = connection
        self._reconnect_timeout = reconnect_timeout
        self._say = say

    def watch(self) -> None:
        """
        Let a silent link be noticed.

        An SSH connection that others of this controller keep open would go on without: it is closed.
        """
        if self._connection.transport != "ssh" or any("ServerAliveInterval" in it for it in self._arguments()):
            return
        options = f"-o ServerAliveInterval={KEEP_ALIVE} -o ServerAliveCountMax=3"
        # Those of ssh, and of the programs that copy files.
        common = self._connection.get_option("ssh_common_args") or ""
        self._connection.set_option("ssh_common_args", f"{common} {options}".strip())
        self._connection.reset()

    def _arguments(self) -> list[str]:
        return [self._connection.get_option(it) or "" for it in ("ssh_args", "ssh_common_args", "ssh_extra_args")]

    def open(self) -> None:
        """Reach the runner for the first time; raise AnsibleConnectionFailure."""
        self.watch()
        # With become, core would wait for a prompt that nobody was asked for.
        self._connection.exec_command("true", sudoable=False)

    def call(self, execute: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """Return what the call returns, made again while the runner cannot be reached; raise RunnerLost."""
        until = None
        while True:
            try:
                return dict(execute())
            except AnsibleConnectionFailure as error:
                now = time.monotonic()
                until = until or now + self._reconnect_timeout
                if now >= until:
                    raise RunnerLost(str(error)) from error
                if until - now >= self._reconnect_timeout:
                    self._say("the connection was lost while the job went on; trying again")
                self._reset()
                time.sleep(INTERVAL)

    def _reset(self) -> None:
        # The temporary folder of the lost session may be gone with it.
        self._connection._shell.tmpdir = None  # noqa: SLF001 - core's own way
        try:
            self._connection.reset()
        except AnsibleError:
            return

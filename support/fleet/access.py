# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way in over SSH: a key and known hosts of the fleet's own. What the user has in ~/.ssh is not touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support import debian
from support.errors import SupportError
from support.fleet.host_image import PURPOSE
from support.fleet.nodes import Node
from support.parallel import in_parallel

LONGEST_SOCKET = 107 - len("/0123456789.0123456789abcdef")  # of a Unix socket's path, less what Ansible and ssh add


@dataclass(frozen=True)
class Access:
    """The files of one fleet, in its folder."""

    folder: Path

    @property
    def key(self) -> Path:
        """The private key; the public one is beside it."""
        return self.folder / "key"

    @property
    def known_hosts(self) -> Path:
        """The public keys of the hosts, by address."""
        return self.folder / "known_hosts"

    @property
    def control_path(self) -> Path:
        """The folder of the sockets of Ansible's connections that stay open."""
        return self.folder / "cp"

    @property
    def options(self) -> list[str]:
        """Those of ssh, beside the key and the user."""
        return [
            *("-F", "none", "-o", f"UserKnownHostsFile={self.known_hosts}", "-o", "GlobalKnownHostsFile=/dev/null"),
            *("-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes"),
        ]

    def prepare(self) -> str:
        """Make what is missing. Returns the public key. SystemExit or SupportError says what is in the way."""
        if len(str(self.control_path)) > LONGEST_SOCKET:
            raise SupportError(
                f"The path {self.control_path} is too long for the sockets of SSH connections: "
                "let MIGRATE_FIRST_CACHE name a folder with a shorter one."
            )
        _require_ssh()
        self.control_path.mkdir(mode=0o700, exist_ok=True)
        public = self.key.with_suffix(".pub")
        if not public.exists():
            self.key.unlink(missing_ok=True)
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "migrate_first fleet", "-f", str(self.key)]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode:
                raise SupportError(f"The key {self.key} cannot be made: {result.stderr.strip()}")
        return public.read_text(encoding="ascii").strip()

    def remember(self, host_keys: Mapping[str, str]) -> None:
        """Write the known hosts: public keys by address."""
        text = "".join(f"{address} {key}\n" for address, key in host_keys.items())
        if not self.known_hosts.exists() or self.known_hosts.read_text(encoding="ascii") != text:
            draft = self.known_hosts.with_suffix(".new")
            draft.write_text(text, encoding="ascii")
            draft.rename(self.known_hosts)

    def command(self, node: Node, user: str) -> list[str]:
        """The ssh command that logs in there; what is to be run there may follow."""
        ours = ["-i", str(self.key), *self.options, "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]
        return ["ssh", *ours, f"{user}@{node.address}"]

    def disconnect(self) -> None:
        """End the connections that stay open between plays: one that hangs would hang the next play too."""
        sockets = list(self.control_path.glob("*")) if self.control_path.exists() else []
        in_parallel(_disconnect, sockets)


def _disconnect(socket: Path) -> None:
    command = ["ssh", "-F", "none", "-o", f"ControlPath={socket}", "-O", "exit", "fleet"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=5, check=False)
    socket.unlink(missing_ok=True)


def _require_ssh() -> None:
    if shutil.which("ssh") and shutil.which("ssh-keygen"):
        return
    if not debian.is_root():
        raise SystemExit(
            f"The program ssh is missing, and user {os.geteuid()} cannot install it. "
            "Install it (on Debian and Ubuntu: apt install openssh-client), and repeat the command."
        )
    debian.update()
    debian.install(PURPOSE, ["openssh-client"])

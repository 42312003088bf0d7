# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet as Ansible's inventories, one for each user that can log in."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from pathlib import Path

from support.fleet.access import Access
from support.fleet.nodes import Node

GROUP = "fleet"

# Whether the user becomes root.
USERS = {
    "root": False,
    "deployer": False,  # in the group docker
    "admin": True,  # not in the group docker; sudo asks for no password
    "outsider": False,  # in no group: the engine refuses this user
}


def path(access: Access, user: str) -> Path:
    """The inventory for that user, a key of USERS."""
    return access.folder / f"inventory-{user}.yml"


def write(access: Access, hosts: Iterable[Node]) -> None:
    """Write the inventories of all users."""
    addresses = {host.name: host.address for host in hosts}
    for user, become in USERS.items():
        path(access, user).write_text(_inventory(access, addresses, user, become), encoding="utf-8")


def _inventory(access: Access, addresses: dict[str, str], user: str, become: bool) -> str:
    variables = {
        "ansible_user": user,
        "ansible_become": become,
        "ansible_ssh_private_key_file": str(access.key),
        "ansible_ssh_common_args": shlex.join(access.options),
        "ansible_control_path_dir": str(access.control_path),
        "ansible_python_interpreter": "/usr/bin/python3",
    }
    return "\n".join(
        [
            "---",
            f"{GROUP}:",
            "  hosts:",
            *(f"    {name}: {{ansible_host: {address}}}" for name, address in addresses.items()),
            "  vars:",
            # What JSON says in a line, YAML understands.
            *(f"    {key}: {json.dumps(value)}" for key, value in variables.items()),
            "",
        ]
    )

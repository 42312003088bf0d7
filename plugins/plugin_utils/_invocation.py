# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action can find out about the ansible-playbook that it runs in."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping
from typing import Any

from ansible.playbook.task import Task


def invocation(task: Task) -> str:
    """
    Return the name of this ansible-playbook: the same for all its plays, and another one each time.

    Core numbers its objects; the part before the number is drawn once per process.
    """
    return str(task.get_play()._uuid).rpartition("-")[0]  # noqa: SLF001 - core has no public name for it


def invoked_by() -> str:
    """Return who runs it and where, as user@controller; a user without a name is a number."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def first_host(task: Task, task_vars: Mapping[str, Any]) -> str | None:
    """Return the first host of the play as it is without ``--limit``, or None where it has no hosts."""
    play = task.get_play()
    inventory = task_vars["hostvars"]._inventory  # noqa: SLF001 - nor for this
    hosts = inventory.get_hosts(play.hosts, ignore_limits=True, ignore_restrictions=True, order=play.order)
    return str(hosts[0].name) if hosts else None

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task wants its replicas to be updated, in the words of Compose and Swarm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._definition.duration import seconds

START_FIRST, STOP_FIRST = "start_first", "stop_first"
ROLLBACK, PAUSE = "rollback", "pause"

OPTIONS: dict[str, Any] = {
    "order": {"type": "str", "choices": [START_FIRST, STOP_FIRST]},
    "parallelism": {"type": "int", "default": 1},
    "healthy_timeout": {"type": "str"},
    "monitor": {"type": "str"},
    "drain": {"type": "str"},
    "failure_action": {"type": "str", "choices": [ROLLBACK, PAUSE], "default": ROLLBACK},
}


@dataclass(frozen=True)
class UpdatePolicy:
    """
    The option ``update``.

    ``order`` None stands for start_first where nothing is in the way; times are in seconds, None for
    what follows from the healthcheck, and for ``drain`` from the networks.
    """

    order: str | None = None
    parallelism: int = 1
    healthy_timeout: float | None = None
    monitor: float | None = None
    drain: float | None = None
    failure_action: str = ROLLBACK


def policy_of(option: Mapping[str, Any] | None) -> UpdatePolicy:
    """Return what the option asks for; raise ValueError, naming the suboption."""
    given = {key: value for key, value in (option or {}).items() if value is not None}
    if given.get("parallelism", 1) < 1:
        raise ValueError(f"update.parallelism is {given['parallelism']}: at least 1 is replaced at a time")
    for key in ("healthy_timeout", "monitor", "drain"):
        if key in given:
            given[key] = seconds(given[key], f"update.{key}")
    return UpdatePolicy(**given)

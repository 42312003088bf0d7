# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the replicas' task beside the container: as an argument spec, and as a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from .._definition.definition import Definition
from .._definition.duration import seconds
from .._definition.name import checked
from .._engine.interface import Image
from .model import PAUSE, ROLLBACK, START_FIRST, STOP_FIRST, Replicas, UpdatePolicy

UPDATE: dict[str, Any] = {
    "order": {"type": "str", "choices": [START_FIRST, STOP_FIRST]},
    "parallelism": {"type": "int", "default": 1},
    "healthy_timeout": {"type": "str"},
    "monitor": {"type": "str"},
    "drain": {"type": "str"},
    "failure_action": {"type": "str", "choices": [ROLLBACK, PAUSE], "default": ROLLBACK},
}

OPTIONS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "count": {"type": "int", "default": 1},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "image_id": {"type": "str"},
    "image_digest": {"type": "str"},
    "release": {"type": "str", "default": ""},
    "fence": {"type": "int"},
    "ignore_fence": {"type": "bool", "default": False},
    "adopt": {"type": "bool", "default": False},
    "pull": {"type": "str", "choices": ["always", "missing", "never"], "default": "missing"},
    "update": {"type": "dict", "options": UPDATE},
    # What the role gives: migration, the options of a job to look at, and require_resources, a boolean.
    "internal": {"type": "dict", "default": {}},
}


def replicas_from_options(params: Mapping[str, Any], definition: Definition) -> Replicas:
    """Return the replicas that the options ask for; raise ValueError, naming the option that is wrong."""
    if params["count"] < 0:
        raise ValueError(f"count is {params['count']}: it cannot be less than 0")
    checked(params["name"], number=params["count"])
    replicas = Replicas(
        name=params["name"],
        definition=definition,
        count=0 if params["state"] == "absent" else params["count"],
        release=params["release"],
        fence=params["fence"],
        ignore_fence=params["ignore_fence"],
        adopt=params["adopt"],
        pull=params["pull"],
        require_resources=boolean(params["internal"].get("require_resources", True)),
        expected=tuple(name for name in (params["image_id"], params["image_digest"]) if name),
        update=_update_policy(params["update"]),
    )
    # A range of host ports that is too short is found before the engine is asked for anything.
    replicas.wanted(Image(""))
    return replicas


def _update_policy(option: Mapping[str, Any] | None) -> UpdatePolicy:
    """Return what the option ``update`` asks for; raise ValueError, naming the suboption."""
    given = {key: value for key, value in (option or {}).items() if value is not None}
    if given.get("parallelism", 1) < 1:
        raise ValueError(f"update.parallelism is {given['parallelism']}: it cannot be less than 1")
    for key in ("healthy_timeout", "monitor", "drain"):
        if key in given:
            given[key] = seconds(given[key], f"update.{key}")
    return UpdatePolicy(**given)

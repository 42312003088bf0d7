# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the replicas' task beside the container, as an argument spec and as a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._definition.definition import Definition
from .._definition.name import checked
from . import policy
from .model import Replicas

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
    "require_resources": {"type": "bool", "default": True},
    "update": {"type": "dict", "options": policy.OPTIONS},
    "migration": {"type": "dict"},
}


def replicas_of(params: Mapping[str, Any], definition: Definition) -> Replicas:
    """Return the replicas that the options ask for; raise ValueError, naming the option."""
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
        require_resources=params["require_resources"],
        expected=tuple(name for name in (params["image_id"], params["image_digest"]) if name),
        update=policy.policy_of(params["update"]),
    )
    replicas.check()
    return replicas

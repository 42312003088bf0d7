# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the replicas of a host are, as the module returns it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._engine.interface import Container
from .model import Replicas
from .operations import KEPT
from .slots import Slot


def listed(replicas: Replicas, found: Iterable[Container], actions: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the replicas that are there; ``action`` is what was done to each."""
    return [
        {
            "name": container.name,
            "container_id": container.id,
            "image_id": container.image_id,
            "status": container.state,
            "health": container.health,
            "action": actions.get(container.name, KEPT),
            "published": {port: list(addresses) for port, addresses in container.published.items()},
        }
        for container in found
        if replicas.owns(container)
    ]


def before_and_after(places: Iterable[Slot]) -> dict[str, str]:
    """Return the diff: a line for each replica, its name and image, as it is and as it shall be."""
    before, after = {}, {}
    for slot in places:
        if slot.serving:
            before[slot.name] = slot.serving.image_id
        if slot.wanted:
            after[slot.name] = slot.wanted.image.id
    return {"before": _lines(before), "after": _lines(after)}


def _lines(images: Mapping[str, str]) -> str:
    return "".join(f"{name} {image}\n" for name, image in sorted(images.items()))

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task returns of a host's replicas. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .._engine.interface import Container
from .model import Replicas
from .plan import KEPT, Plan
from .slots import Slot


@dataclass(frozen=True)
class Result:
    """
    See RETURN of the module replicas for what each field means.

    ``failure`` is a sentence where the replicas are not as wanted, and empty where they are.
    """

    replicas: Sequence[Mapping[str, Any]] = ()
    fence: int | None = None
    changed: bool = False
    rolled_back: bool = False
    up_to_date: bool = False
    diff: Mapping[str, str] = field(default_factory=lambda: {"before": "", "after": ""})
    image_names: Sequence[str] = ()
    missing: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"networks": [], "volumes": []})
    failure: str = ""

    def returned(self) -> dict[str, Any]:
        """Return what the module returns."""
        return {key: value for key, value in asdict(self).items() if key != "failure"}


def list_of_replicas(
    replicas: Replicas, found: Iterable[Container], actions: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the replicas that are there; ``actions`` are by their names."""
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


def diff_of(slots: Iterable[Slot], plan: Plan) -> dict[str, str]:
    """Return the diff: each replica's image as it is and as it shall be, and the plan that leads there."""
    before, after = {}, {}
    for slot in slots:
        if slot.serving:
            before[slot.name] = slot.serving.image_id
        if slot.wanted:
            after[slot.name] = slot.wanted.image.id
    # Ansible shows a text under the key ``prepared`` as it is, after the difference of the other two.
    return {"before": _lines(before), "after": _lines(after), "prepared": str(plan)}


def _lines(images: Mapping[str, str]) -> str:
    return "".join(f"{name} {image}\n" for name, image in sorted(images.items()))

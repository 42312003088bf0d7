# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine shows of a host's replicas, beside what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .._engine.interface import Container, Engine, Image
from .._preflight.image import require_image
from .._preflight.resources import NOTHING, Missing, missing
from .model import Replica, Replicas
from .slots import Slot, slots_of


@dataclass(frozen=True)
class ObservedState:
    """
    The slots of the replicas, at one moment by the engine's clock.

    ``replicas`` are what is wanted, with the fence that new ones get. ``image`` is None where the host has none and needs
    none, or is yet to pull it; ``missing`` are the networks and volumes that are named and not there.
    """

    replicas: Replicas
    image: Image | None
    slots: tuple[Slot, ...]
    missing: Missing
    now: datetime

    @property
    def wanted(self) -> tuple[Replica, ...]:
        """Return the replicas that are wanted."""
        return tuple(slot.wanted for slot in self.slots if slot.wanted)


def observe(
    engine: Engine, replicas: Replicas, found: Sequence[Container], now: datetime, dry_run: bool
) -> ObservedState:
    """
    Look at all that the replicas need beside the containers that were found; pull the image unless this is a dry run.

    Raises Refusal where they may not be touched, and ValueError where the host ports do not suffice.
    """
    fenced = replicas.with_fence(found)
    image = _image(engine, fenced, dry_run)
    reference = next(iter(fenced.expected), fenced.definition.image)
    slots = slots_of(fenced, fenced.wanted(image or Image(reference)), found)
    needed = bool(fenced.count) or dry_run
    return ObservedState(fenced, image, slots, missing(engine, fenced.definition) if needed else NOTHING, now)


def _image(engine: Engine, replicas: Replicas, dry_run: bool) -> Image | None:
    present = engine.image(replicas.definition.image)
    if not replicas.count or (dry_run and present is None and replicas.pull != "never"):
        return present
    return require_image(engine, replicas.definition, "never" if dry_run else replicas.pull, replicas.expected)

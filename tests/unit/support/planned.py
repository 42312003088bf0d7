# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers of replicas as they may be found, and a plan in few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, Image
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.operations import Stage
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.plan import Plan, plan
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.policy import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.slots import slots
from ansible_collections.migrate_first.docker.tests.unit.support.found import (
    BEGAN,
    IMAGE_ID,
    container,
    exited,
    running,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas

IMAGE = Image(IMAGE_ID)
OPTIONS = {"env": {"COLOUR": "blue"}, "secret_env": {"TOKEN": "hidden"}}
WANTED = replicas("shop", container=OPTIONS).wanted(IMAGE)[0]
FITS: dict[str, Any] = {"labels": dict(WANTED.labels), "environment": dict(WANTED.definition.environment)}
OTHER: dict[str, Any] = {"image_id": "sha256:other", **FITS}

#: When the plans are made: what runs has run for an hour.
NOW = BEGAN + timedelta(hours=1)

#: What is there, by a word: a container without its name, the way of the engine to have it.
THERE: dict[str, Container] = {
    "runs": running(**FITS),
    "runs for another release": running(**{**FITS, "labels": {**WANTED.labels, labels.RELEASE: "0"}}),
    "has just been started": running(**FITS, started_at=NOW),
    "is not healthy yet": running(**FITS, health="starting"),
    "is not healthy yet, and has its restart policy": running(**FITS, health="starting"),
    "was stopped": exited(0, **FITS),
    "has crashed": exited(3, **FITS),
    "was created": container(**FITS),
    "has another image": running(**OTHER),
    "has another image, and has just been started": running(**OTHER, started_at=NOW),
    "has another environment": running(**{**FITS, "environment": {"COLOUR": "red", "TOKEN": "hidden"}}),
    "has another secret": running(**{**FITS, "environment": {"COLOUR": "blue", "TOKEN": "other"}}),
    "has another definition": running(**{**FITS, "labels": {**WANTED.labels, labels.DEFINITION: "{}"}}),
    "was created, and has another image": container(**OTHER),
    "was stopped, and has another image": exited(0, **OTHER),
    "is restarted, and has another image": container(state="restarting", started_at=BEGAN, **OTHER),
}


def there(*states: str, suffix: str = "") -> list[Container]:
    """Return containers shop-1, shop-2, ... in these states; none where the word is empty."""
    return [
        replace(THERE[state], name=f"shop-{number}{suffix}", id=f"{number}{suffix or '.now'}".ljust(64, "0"))
        for number, state in enumerate(states, 1)
        if state
    ]


def planned(
    found: Sequence[Container],
    count: int,
    wanted: Replicas | None = None,
    update: UpdatePolicy | None = None,
    now: datetime = NOW,
) -> Plan:
    """Return the plan for replicas of the shop."""
    asked = wanted or replicas("shop", count, container=OPTIONS)
    return plan(slots(asked, asked.wanted(IMAGE), found), now, update or asked.update)


def told(way: Plan) -> str:
    """Return a plan in few words: what each stage does to which replica, a plan that leads to another with dots."""
    stages = [stage for stage in (*way.stages, way.clearing) if stage]
    return " / ".join(_told(stage) for stage in stages) + (" ..." if way.again else "")


def _told(stage: Stage) -> str:
    return ", ".join(f"{track.action or 'clear'} {track.name[len('shop-') :]}" for track in stage)

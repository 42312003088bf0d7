# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers of replicas as they may be found, and the plan for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, Image
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas, UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.plan import Plan
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.planner import plan
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.slots import slots_of
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
    "was stopped": exited(0, **FITS),
    "has crashed": exited(3, **FITS),
    "was created": container(**FITS),
    "has another image": running(**OTHER),
    "has another image, and has just been started": running(**OTHER, started_at=NOW),
    "has another environment": running(**{**FITS, "environment": {"COLOUR": "red", "TOKEN": "hidden"}}),
    "has another secret": running(**{**FITS, "environment": {"COLOUR": "blue", "TOKEN": "other"}}),
    "has another definition": running(**{**FITS, "labels": {**WANTED.labels, labels.DEFINITION: "{}"}}),
    "has another image and environment": running(
        image_id="sha256:other", labels=dict(WANTED.labels), environment={"COLOUR": "red", "TOKEN": "hidden"}
    ),
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


def plan_for(
    found: Sequence[Container],
    count: int,
    wanted: Replicas | None = None,
    update: UpdatePolicy | None = None,
    now: datetime = NOW,
) -> Plan:
    """Return the plan for replicas of the shop."""
    asked = wanted or replicas("shop", count, container=OPTIONS)
    return plan(slots_of(asked, asked.wanted(IMAGE), found), now, update or asked.update)


def text(block: str) -> str:
    """Return the plan that a block of indented lines stands for."""
    return "".join(f"{line.strip()}\n" for line in block.splitlines() if line.strip())


def lines(plan: Plan, *verbs: str) -> list[str]:
    """Return the lines of a plan that have one of the verbs, as in ``1: create shop-1``, without their causes."""
    each = (line[len("stage ") :].rpartition(" (")[0] for line in str(plan).splitlines())
    return [line for line in each if line.split()[1:2] and line.split()[1] in verbs]

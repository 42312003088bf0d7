# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a replica is healthy, when it never will be, and how long it is waited for."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Healthcheck
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.converge import NotHealthy, converge
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.health import (
    RUNNING_TIMEOUT,
    healthy,
    healthy_timeout,
    hopeless,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.plan import Keep
from ansible_collections.migrate_first.docker.tests.unit.support.found import container
from ansible_collections.migrate_first.docker.tests.unit.support.lab import memory_engine
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas


@pytest.mark.parametrize(
    ("state", "health", "is_healthy", "is_hopeless"),
    [
        ("running", None, True, False),
        ("running", "healthy", True, False),
        ("running", "starting", False, False),
        ("running", "unhealthy", False, True),
        ("created", None, False, False),
        ("paused", None, False, False),
        ("paused", "healthy", False, False),
        ("restarting", None, False, False),
        ("restarting", "starting", False, False),
        ("exited", None, False, True),
        ("exited", "healthy", False, True),
        ("dead", None, False, True),
        ("removing", None, False, True),
    ],
)
def test_healthy_hopeless_or_neither(state: str, health: str | None, is_healthy: bool, is_hopeless: bool) -> None:
    found = container(state=state, health=health)
    assert (healthy(found), hopeless(found)) == (is_healthy, is_hopeless)


@pytest.mark.parametrize(
    ("check", "seconds"),
    [
        pytest.param(None, RUNNING_TIMEOUT, id="no healthcheck"),
        pytest.param(Healthcheck(), (30 + 30) * 4, id="the engine's defaults"),
        pytest.param(Healthcheck(interval=1, timeout=2, retries=3, start_period=60), 60 + 3 * 4, id="its own"),
    ],
)
def test_how_long_it_is_waited_for(check: Healthcheck | None, seconds: float) -> None:
    assert healthy_timeout(container(healthcheck=check)) == seconds


def test_one_that_neither_comes_up_nor_ends_is_given_up_in_time() -> None:
    clock = MemoryClock()
    engine = memory_engine(clock)
    wanted = replicas("shop", 1)
    image = engine.image(wanted.definition.image)
    assert image
    replica = wanted.wanted(image)[0]
    container_id = engine.create(replica.name, replica.definition, image.id, replica.labels)
    engine.start(container_id)
    engine.containers[container_id].state = "restarting"
    begun = clock.monotonic()
    with pytest.raises(NotHealthy, match="shop-1 was not healthy within 30 s"):
        converge(engine, clock, [Keep(replica, engine.inspect(container_id))], {})
    assert RUNNING_TIMEOUT <= clock.monotonic() - begun < RUNNING_TIMEOUT + 1

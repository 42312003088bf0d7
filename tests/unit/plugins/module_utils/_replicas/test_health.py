# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a replica is healthy, when it has failed, and how long that may take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Healthcheck
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.health import (
    MONITOR,
    RUNNING_TIMEOUT,
    failure_reason,
    healthy,
    healthy_timeout,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import UpdatePolicy
from ansible_collections.migrate_first.docker.tests.unit.support.found import BEGAN, container, running

LATER = BEGAN + timedelta(hours=1)
CHECK = Healthcheck(interval=1, timeout=2, retries=3, start_period=60)


@pytest.mark.parametrize(
    ("state", "health", "is_healthy", "word"),
    [
        ("running", None, True, ""),
        ("running", "healthy", True, ""),
        ("running", "starting", False, ""),
        ("running", "unhealthy", False, "unhealthy"),
        ("created", None, False, ""),
        ("paused", None, False, "paused"),
        ("paused", "healthy", False, "paused"),
        ("restarting", None, False, "again and again"),
        ("restarting", "starting", False, "again and again"),
        ("exited", None, False, "ended"),
        ("exited", "healthy", False, "ended"),
        ("dead", None, False, "ended"),
        ("removing", None, False, "ended"),
    ],
)
def test_it_is_healthy_or_has_failed_or_neither(state: str, health: str | None, is_healthy: bool, word: str) -> None:
    found = container(state=state, health=health, started_at=BEGAN)
    assert healthy(found, LATER, UpdatePolicy()) == is_healthy
    assert word in failure_reason(found, 0)
    assert bool(failure_reason(found, 0)) == bool(word)


def test_a_restart_during_the_wait_is_a_failure_and_an_earlier_one_is_not() -> None:
    assert "started it 4 times" in failure_reason(running(restarts=3), 2)
    assert failure_reason(running(restarts=3), 3) == ""


@pytest.mark.parametrize(
    ("fields", "monitor", "seconds"),
    [
        pytest.param({}, None, MONITOR, id="without a healthcheck"),
        pytest.param({"health": "healthy", "healthcheck": CHECK}, None, 0.0, id="with a healthcheck"),
        pytest.param({}, 0.0, 0.0, id="none asked for"),
        pytest.param({"health": "healthy", "healthcheck": CHECK}, 20.0, 20.0, id="asked for"),
    ],
)
def test_it_has_to_run_for_the_seconds_of_monitor(
    fields: dict[str, Any], monitor: float | None, seconds: float
) -> None:
    policy = UpdatePolicy(monitor=monitor)
    assert healthy(running(**fields), BEGAN + timedelta(seconds=seconds), policy)
    if seconds:
        assert not healthy(running(**fields), BEGAN + timedelta(seconds=seconds - 0.1), policy)


@pytest.mark.parametrize(
    ("check", "policy", "seconds"),
    [
        pytest.param(None, {}, RUNNING_TIMEOUT + MONITOR, id="no healthcheck"),
        pytest.param(Healthcheck(), {}, (30 + 30) * 4, id="the engine's defaults"),
        pytest.param(CHECK, {}, 60 + 3 * 4, id="its own"),
        pytest.param(CHECK, {"monitor": 7.0}, 60 + 3 * 4 + 7, id="monitored"),
        pytest.param(CHECK, {"healthy_timeout": 5.0}, 5, id="given"),
    ],
)
def test_the_timeout_follows_from_the_healthcheck(
    check: Healthcheck | None, policy: dict[str, float], seconds: float
) -> None:
    assert healthy_timeout(container(healthcheck=check), UpdatePolicy(**policy)) == seconds  # type: ignore[arg-type]

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a replica counts as healthy, and how long that may take. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from .._engine.interface import Container
from .model import UpdatePolicy

#: Seconds that a container without a healthcheck has to reach ``running``, beside those of ``monitor``.
RUNNING_TIMEOUT = 30.0

#: Seconds that a container without a healthcheck has to run before it counts as healthy.
MONITOR = 5.0


def up(container: Container) -> bool:
    """Return whether it runs, and is healthy where it has a healthcheck."""
    return container.state == "running" and container.health in (None, "healthy")


def healthy(container: Container, now: datetime, policy: UpdatePolicy) -> bool:
    """Return whether it is up and has run for the seconds of ``monitor`` by the engine's clock."""
    since = container.started_at
    return up(container) and since is not None and now - since >= timedelta(seconds=monitor(container, policy))


def failure_reason(container: Container, restarts: int) -> str:
    """
    Return why a container will not become healthy, empty where it still may.

    ``restarts`` is how often the engine had restarted it when the wait began.
    """
    if container.state in ("exited", "dead", "removing"):
        status = "" if container.exit_code is None else f" with status {container.exit_code}"
        return f"ended{status} instead of serving"
    if container.state == "restarting" or container.restarts > restarts:
        return f"ends again and again; the engine has started it {container.restarts + 1} times"
    if container.state == "paused":
        return "is paused (docker unpause)"
    if container.health == "unhealthy":
        return "runs, but its healthcheck reports it as unhealthy"
    return ""


def healthy_timeout(container: Container, policy: UpdatePolicy) -> float:
    """
    Return the seconds after which a replica that is not healthy has failed.

    Where the task gives none: the engine calls a container unhealthy after ``retries`` failures in a
    row that begin after the start period; one more round is for a check that runs just then.
    """
    if policy.healthy_timeout is not None:
        return policy.healthy_timeout
    check = container.healthcheck
    if check is None:
        return RUNNING_TIMEOUT + monitor(container, policy)
    return check.start_period + (check.interval + check.timeout) * (check.retries + 1) + monitor(container, policy)


def monitor(container: Container, policy: UpdatePolicy) -> float:
    """Return the seconds that it has to run before it counts as healthy."""
    if policy.monitor is not None:
        return policy.monitor
    return MONITOR if container.healthcheck is None else 0.0

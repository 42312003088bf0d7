# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a replica counts as healthy, and how long that may take. Pure."""

from __future__ import annotations

from .._engine.interface import Container

#: Seconds to reach ``running`` for a container without a healthcheck.
RUNNING_TIMEOUT = 30.0


def healthy(container: Container) -> bool:
    """Return whether it is healthy, or runs where it has no healthcheck."""
    return container.state == "running" and container.health in (None, "healthy")


def hopeless(container: Container) -> bool:
    """Return whether waiting is in vain: it has ended, or its healthcheck has given it up."""
    return container.state in ("exited", "dead", "removing") or container.health == "unhealthy"


def healthy_timeout(container: Container) -> float:
    """
    Return the seconds after which a replica that is not healthy by then will not be.

    The engine calls it unhealthy after ``retries`` failures in a row that begin after the start
    period; one more round is for a check that is under way.
    """
    check = container.healthcheck
    if check is None:
        return RUNNING_TIMEOUT
    return check.start_period + (check.interval + check.timeout) * (check.retries + 1)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The healthchecks of the engine in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._definition.duration import seconds
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Healthcheck


def healthcheck_of(option: Mapping[str, Any] | None, of_image: Healthcheck | None) -> Healthcheck | None:
    """Return the check that comes of a definition's option and the image's own."""
    if option is None:
        return of_image
    test = option.get("test")
    if test is None and not (option.get("test_cli_compatible") and of_image):
        return None
    if isinstance(test, list) and test[:1] == ["NONE"]:
        return None
    basis = of_image if test is None and of_image else Healthcheck()
    return Healthcheck(
        interval=seconds(option.get("interval", f"{basis.interval}")),
        timeout=seconds(option.get("timeout", f"{basis.timeout}")),
        retries=option.get("retries", basis.retries),
        start_period=seconds(option.get("start_period", f"{basis.start_period}")),
    )


def health_at(age: float, check: Healthcheck, healthy_after: float | None) -> str:
    """Return the health of a process of that age, whose checks succeed after those seconds."""
    status, failures = "starting", 0
    for number in range(1, int(age / check.interval) + 1):
        moment = number * check.interval
        if healthy_after is not None and moment >= healthy_after:
            return "healthy"
        if moment > check.start_period:
            failures += 1
        if failures >= check.retries:
            status = "unhealthy"
    return status

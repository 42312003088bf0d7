# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application as it is rolled out here: a version that serves, and those that do not come up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fleet import playing
from tests.fleet.serving.front import MOST, NETWORK

NAME = "app"

#: When it is told to stop, it takes no more requests and answers those that it has. One that does not do so breaks
#: off an answer now and then, which no proxy can make good once it has begun to pass it on.
SERVE = """
finish() { kill $!; while pidof httpd >/dev/null; do sleep 0.05; done; exit; }
trap finish TERM
mkdir -p www && echo "$VERSION" >www/index.html
httpd -f -p 80 -h /www &
"""
COMMAND = ["sh", "-c", f"{SERVE} wait"]

#: Of a healthcheck: what it does costs more than the service, so it is not done more often than is needed.
OFTEN = {"interval": "1s", "timeout": "5s", "retries": 3}
HEALTHCHECK = {"test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"], **OFTEN}

#: Host ports are what makes an update stop the old one first.
PORTS = {"start_first": [], "stop_first": [f"8001-{8000 + MOST}:80"]}


@dataclass(frozen=True)
class Version:
    """An image of the application, and how it is run: `container` has the keys that differ from what serves."""

    number: str
    container: Mapping[str, Any] = field(default_factory=dict)

    @property
    def image(self) -> str:
        """Its image's name."""
        return f"{playing.REPOSITORY}:{self.number}"


ONE, TWO = Version("1"), Version("2")

NEVER_HEALTHY = Version("2", {"healthcheck": {"test": ["CMD", "false"], **OFTEN}})
CRASHES = Version("2", {"command": ["sh", "-c", "echo no such table: price >&2; exit 3"]})
#: Without a healthcheck: what is looked at then is how long it runs.
DIES = Version("2", {"command": ["sh", "-c", f"{SERVE} sleep 3; exit 4"], "healthcheck": None})


def is_replica(container: str) -> bool:
    """Whether a container of that name is one of the application's, or what an update has left of one."""
    return re.match(rf"{NAME}-\d", container) is not None


def variables(version: Version, order: str, replicas: int = 2, **others: Any) -> dict[str, object]:
    """The variables of the role for this version."""
    container = {
        "image": version.image,
        "command": COMMAND,
        "volumes": [f"{playing.VOLUME}:/data"],
        "networks": [{"name": NETWORK}],
        "healthcheck": HEALTHCHECK,
        "published_ports": PORTS[order],
        **version.container,
    }
    return playing.variables(
        version.image,
        rollout_container={key: value for key, value in container.items() if value},
        rollout_replicas=replicas,
        **{"rollout_update": {"order": order}, **others},
    )

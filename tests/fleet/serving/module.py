# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module by itself, on this machine's engine: executed as Ansible executes it, and what is there then."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from support.docker_client import remove_container
from tests.fleet import playing
from tests.fleet.serving.engine_proxy import Engine

#: Names by which everything is found again, and removed.
NAME = f"mf-serving-{os.getpid()}"

MODULE = "ansible_collections.migrate_first.docker.plugins.modules.replicas"
SECONDS = 120

SERVES = ["sh", "-c", "trap exit TERM; sleep 1000 & wait"]
CRASHES = {"command": ["sh", "-c", "echo no such table: price >&2; exit 3"]}


@dataclass(frozen=True)
class Wanted:
    """The arguments of an execution: so many replicas of that version, with what is added to their container and update."""

    version: str = "1"
    count: int = 2
    order: str = "start_first"
    container: Mapping[str, Any] = field(default_factory=dict)
    update: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arguments(self) -> dict[str, Any]:
        """As a task has them."""
        container = {
            "image": f"{playing.REPOSITORY}:{self.version}",
            "command": SERVES,
            "restart_policy": "always",
            **self.container,
        }
        # What crashes has done so by then.
        update = {"order": self.order, "monitor": "500ms", **self.update}
        return {"name": NAME, "count": self.count, "container": container, "update": update, "pull": "never"}


@dataclass(frozen=True)
class Container:
    """A container of the replicas that is there."""

    id: str
    name: str
    version: str
    running: bool
    restarts: str


def execute(wanted: Wanted, engine: Path | None = None) -> Mapping[str, Any] | None:
    """Execute the module by way of that socket, and return its result; None where it was killed."""
    way = {"docker_host": f"unix://{engine}"} if engine else {}
    paths = os.environ["ANSIBLE_COLLECTIONS_PATH"]
    done = subprocess.run(
        [sys.executable, "-m", MODULE],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": {**wanted.arguments, **way}}),
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.stdout, done.stderr
    result: Mapping[str, Any] = json.loads(done.stdout)
    return result


def there() -> list[Container]:
    """All that bears the name of the replicas, whatever was left of it."""
    found = [_asked(f"/containers/{it['Id']}/json") for it in _listed()]
    return sorted((_container(it) for it in found), key=lambda it: it.name)


def serving() -> int:
    """How many serve."""
    return sum(it["State"] == "running" for it in _listed())


def clear() -> None:
    """Remove all of them."""
    for it in _listed():
        remove_container(it["Id"])


def _listed() -> Any:
    filters = json.dumps({"name": [f"^/{NAME}-"]})
    return _asked(f"/containers/json?{urlencode({'all': 1, 'filters': filters})}")


def _asked(path: str) -> Any:
    """Ask the engine past its command, which takes more time than the changes that it is asked after."""
    engine = Engine()
    try:
        engine.request("GET", path)
        return json.load(engine.getresponse())
    finally:
        engine.close()


def _container(found: Mapping[str, Any]) -> Container:
    return Container(
        id=found["Id"],
        name=found["Name"].lstrip("/").removeprefix(f"{NAME}-"),
        version=dict(entry.split("=", 1) for entry in found["Config"]["Env"])["VERSION"],
        running=found["State"]["Status"] == "running",
        restarts=found["HostConfig"]["RestartPolicy"]["Name"],
    )

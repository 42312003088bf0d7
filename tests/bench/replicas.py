# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rollout costs on three hosts: `make bench-replicas`, ours beside the naive loop, measured in one run.

The naive loop executes a module for each replica, and the migration once with `run_once`. Both wait until each replica is
healthy.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fleet import Fleet, playing

REPLICAS, HOSTS = 8, 3

#: Of the naive loop's time, what ours may take at most where there is nothing to do.
SHARE = 1 / 3

HEALTHCHECK = {"test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"], "interval": "1s", "retries": 5}

#: What is done, and the environment that the replicas have then.
STEPS = (("first rollout", "one"), ("nothing to do", "one"), ("another environment", "two"))


def main() -> int:
    """Print the table. The exit status: 0 where no playbook has failed, and ours takes no more than its share."""
    image = playing.image("1")
    with Fleet(f"bench-{os.getpid()}", count=HOSTS) as fleet, tempfile.TemporaryDirectory() as folder:
        fleet.load(image)
        playbook = Path(folder, "playbook.yml")
        playbook.write_text(json.dumps([_naive(image)]), encoding="utf-8")
        naive = _measured(fleet, lambda environment: playing.play(fleet, {"step": environment}, playbooks=[playbook]))
        ours = _measured(fleet, lambda environment: playing.play(fleet, _variables(image, environment)))
    print(f"\n{f'{REPLICAS} replicas on each of {HOSTS} hosts':<36}{'naive loop':>12}{'ours':>12}{'ratio':>8}")
    for step, _environment in STEPS:
        print(f"{step:<36}{naive[step]:>10.1f} s{ours[step]:>10.1f} s{ours[step] / naive[step]:>8.2f}")
    return int(ours["nothing to do"] > SHARE * naive["nothing to do"])


def _measured(fleet: Fleet, roll_out: Callable[[str], playing.Play]) -> dict[str, float]:
    """The seconds of each step on hosts that have nothing but the image."""
    playing.prepare(fleet)
    seconds = {}
    for step, environment in STEPS:
        begun = time.monotonic()
        done = roll_out(environment)
        seconds[step] = time.monotonic() - begun
        if done.status:
            raise SystemExit(f"{step} has failed:\n{done.output[-4000:]}")
    return seconds


def _container(image: str, environment: str) -> dict[str, Any]:
    return {
        "image": image,
        "command": ["sh", "-c", playing.SERVE],
        "env": {"STEP": environment},
        "volumes": [f"{playing.VOLUME}:/data"],
        "healthcheck": HEALTHCHECK,
    }


def _variables(image: str, environment: str) -> dict[str, object]:
    ports = {"published_ports": [f"8001-{8000 + REPLICAS}:80"]}
    return playing.variables(
        image,
        rollout_container=_container(image, environment),
        rollout_replica_container=ports,
        rollout_replicas=REPLICAS,
        rollout_serial=HOSTS,
    )


def _naive(image: str) -> dict[str, Any]:
    container = _container(image, "{{ step }}")
    migration = {
        "name": "app-migration",
        **container,
        "command": ["sh", "-c", playing.MIGRATE],
        "detach": False,
        "cleanup": True,
    }
    del migration["healthcheck"]
    replica = {
        "name": "app-{{ item }}",
        **container,
        "published_ports": ["{{ 8000 + item }}:80"],
        "state": "healthy",
        "healthy_wait_timeout": 60,
    }
    tasks = [
        {"name": "Migrate", "community.docker.docker_container": migration, "run_once": True},
        {"name": "Start", "community.docker.docker_container": replica, "loop": list(range(1, REPLICAS + 1))},
    ]
    return {"name": "Release", "hosts": "all", "gather_facts": False, "tasks": tasks}


if __name__ == "__main__":
    sys.exit(main())

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
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.fleet import Fleet
from tests.fleet import playing

REPLICAS, HOSTS = 8, 3

#: Of the naive loop's time, what ours may take at most where there is nothing to do.
SHARE = 1 / 3

#: Often until it is healthy, and seldom from then on: what it costs is not what is measured.
HEALTHCHECK = {
    "test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"],
    "interval": "30s",
    "start_period": "60s",
    "start_interval": "1s",
}

#: What is done, the environment that the replicas have then, and how often: what takes little time is measured thrice.
STEPS = (("first rollout", "one", 1), ("nothing to do", "one", 3), ("another environment", "two", 1))

Seconds = tuple[float, float]


def main() -> int:
    """Print the table. The exit status: 0 where no playbook has failed, and ours takes no more than its share."""
    image = playing.image("1")
    print(
        f"{f'{REPLICAS} replicas on each of {HOSTS} hosts':<36}{'naive loop':>12}{'ours':>12}{'ratio':>8}", flush=True
    )
    ratios = {}
    with Fleet(f"bench-{os.getpid()}", count=HOSTS) as fleet, tempfile.TemporaryDirectory() as folder:
        fleet.load(image)
        playing.prepare(fleet)
        playbook = Path(folder, "playbook.yml")
        playbook.write_text(json.dumps([_naive(image)]), encoding="utf-8")
        for step, environment, times in STEPS:
            # By turns, so that what else the machine does is the same for both.
            pairs = [_measured(fleet, playbook, image, environment) for _time in range(times)]
            naive, ours = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
            ratios[step] = ours / naive
            print(f"{step:<36}{naive:>10.1f} s{ours:>10.1f} s{ratios[step]:>8.2f}", flush=True)
    return int(ratios["nothing to do"] > SHARE)


def _measured(fleet: Fleet, naive: Path, image: str, environment: str) -> Seconds:
    """The seconds of the naive loop, and of ours."""
    return (
        _seconds(lambda: playing.play(fleet, {"step": environment}, playbooks=[naive])),
        _seconds(lambda: playing.play(fleet, _variables(image, environment))),
    )


def _seconds(play: Callable[[], playing.Play]) -> float:
    begun = time.monotonic()
    done = play()
    if done.status:
        raise SystemExit(f"A playbook has failed:\n{done.output[-4000:]}")
    return time.monotonic() - begun


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
        rollout_release=environment,
        rollout_serial=HOSTS,
    )


def _naive(image: str) -> dict[str, Any]:
    container = _container(image, "{{ step }}")
    migration = {
        "name": "naive-migration",
        **container,
        "command": ["sh", "-c", playing.MIGRATE],
        "detach": False,
        "cleanup": True,
    }
    del migration["healthcheck"]
    replica = {
        "name": "naive-{{ item }}",
        **container,
        "published_ports": ["{{ 8100 + item }}:80"],
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

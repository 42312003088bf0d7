# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the jobs themselves have written: each its start and its end, by the clock that all hosts of a fleet share."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from support.fleet import Fleet
from support.fleet.nodes import Node, run_in
from support.parallel import in_parallel
from tests.fleet import playing

UPTIME = "$(cut -d' ' -f1 /proc/uptime)"
READ = 'cat "/var/lib/docker/volumes/$1/_data/journal" 2>/dev/null || true'


def job(seconds: float = 0, status: int = 0) -> list[str]:
    """The command of a job that takes so long, and ends with that status. It lets no SIGTERM end it."""
    steps = [
        "trap '' TERM",
        f'echo "start $VERSION $HOSTNAME {UPTIME}" >>/data/journal',
        'echo "migrating to $VERSION"',
        f"sleep {seconds:g}",
        f'echo "end{status} $VERSION $HOSTNAME {UPTIME}" >>/data/journal',
        f"exit {status}",
    ]
    return ["sh", "-c", "; ".join(steps)]


@dataclass(frozen=True)
class Run:
    """A run of a job, on whichever host; the moments are in seconds since 1970. `status` None: it did not get there."""

    host: str
    version: str
    begin: float
    end: float | None = None
    status: int | None = None

    @property
    def succeeded(self) -> bool:
        """Whether it got to its end, and ended with 0."""
        return self.status == 0


def runs(fleet: Fleet) -> list[Run]:
    """All runs on all hosts, in the order in which they began."""
    found = [run for of_host in in_parallel(_runs, fleet.hosts) for run in of_host]
    return sorted(found, key=lambda run: run.begin)


def _runs(host: Node) -> list[Run]:
    begun: dict[str, Run] = {}
    for line in run_in(host, READ, playing.VOLUME).splitlines():
        word, version, container, uptime = line.split()
        moment = _booted() + float(uptime)
        if word == "start":
            assert container not in begun, f"the container {container} was started twice"
            begun[container] = Run(host.name, version, moment)
        else:
            begin = begun[container].begin
            begun[container] = Run(host.name, version, begin, moment, int(word.removeprefix("end")))
    return list(begun.values())


def _booted() -> float:
    return time.time() - float(Path("/proc/uptime").read_text(encoding="utf-8").split()[0])

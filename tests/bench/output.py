# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a job that writes much costs: `make bench-output`, ours beside the naive task, measured in one run.

The memory is that of the processes, looked at from outside each 50 ms. What a playbook takes whose job writes
nothing is the floor: what counts is how much more it is.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from support.docker_client import remove_container
from support.fleet import tiny_image
from tests.bench.processes import MEGABYTE, Peaks, measured

NAME = "mf-bench-output"
LINE = "a line of a migration, which says what it is doing with which row of which table"

#: By default what the promise is about; the naive task takes about six times as much memory on each side.
MEGABYTES = 500


#: Megabytes that ours may take: the module, and what the worker and the main process may grow by.
MODULE, GROWTH = 80, 50


def main(megabytes: int) -> int:
    """Print the table, row by row. The exit status: 0 where no playbook has failed, and ours are within their bounds."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        rows = {
            "migration_job": _ours(megabytes),
            "migration_job, log_path": _ours(megabytes, log_path=str(log)),
            "docker_container, detach: false": _naive(megabytes),
        }
        print(f"{megabytes} MB of output\n\n{'':<34}{'seconds':>9}{'module':>12}{'worker':>12}{'main':>12}")
        print(f"{'bounds of migration_job':<34}{'':>9}{MODULE:>9} MB{GROWTH:>+9} MB{GROWTH:>+9} MB", flush=True)
        floor = _played(folder, _ours(0))
        good = [_told(name, _played(folder, task), floor) for name, task in rows.items()]
        print(f"\nlog_path has {log.stat().st_size / MEGABYTE:.0f} MB")
    return int(not all(good))


def _told(name: str, peaks: Peaks, floor: Peaks) -> bool:
    """Print a row, and return whether it is as it should be."""
    worker, main = peaks.worker - floor.worker, peaks.main - floor.main
    within = not name.startswith("migration_job") or (peaks.module < MODULE and max(worker, main) < GROWTH)
    verdict = "  failed" if peaks.status else "" if within else "  too much"
    print(
        f"{name:<34}{peaks.seconds:>9.1f}{peaks.module:>9.0f} MB{worker:>+9.0f} MB{main:>+9.0f} MB{verdict}", flush=True
    )
    if peaks.status:
        print(peaks.output[-2000:])
    return within and not peaks.status


def _ours(megabytes: int, **options: Any) -> dict[str, Any]:
    container = {"image": tiny_image.ensure()}
    arguments = {"name": NAME, "container": container, "command": _command(megabytes), **options}
    return {"name": "Migrate", "migrate_first.docker.migration_job": arguments}


def _naive(megabytes: int) -> dict[str, Any]:
    arguments = {"name": NAME, "image": tiny_image.ensure(), "command": _command(megabytes), "detach": False}
    return {"name": "Migrate", "community.docker.docker_container": arguments}


def _command(megabytes: int) -> list[str]:
    # Numbered, since a line that is repeated compresses as no log does.
    lines = f"awk 'BEGIN {{ while (1) print n++, \"{LINE}\" }}'"
    return ["sh", "-c", f"{lines} | head -c {megabytes * MEGABYTE}"]


def _played(folder: str, task: dict[str, Any]) -> Peaks:
    playbook = Path(folder, "playbook.yml")
    play = {"name": "Bench", "hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
    playbook.write_text(json.dumps([play]), encoding="utf-8")
    program = Path(sys.executable).parent / "ansible-playbook"
    interpreter = f"ansible_python_interpreter={sys.executable}"
    remove_container(NAME)
    try:
        command = [str(program), "-i", "localhost,", "-e", interpreter, str(playbook)]
        return measured(command, {**os.environ, "ANSIBLE_PIPELINING": "1"})
    finally:
        remove_container(NAME)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else MEGABYTES))

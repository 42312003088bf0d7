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

from tests.bench.processes import MEGABYTE, Peaks, measured
from tests.fleet import tiny_image
from tests.fleet.docker_cli import attempt

NAME = "mf-bench-output"
LINE = "a line of a migration, which says what it is doing with which row of which table"

#: By default what the promise is about; the naive task takes about six times as much memory on each side.
MEGABYTES = 500


def main(megabytes: int) -> int:
    """Print the table. The exit status: 0 where no playbook has failed."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        floor = _played(folder, _ours(0))
        rows = {
            "migration_job": _played(folder, _ours(megabytes)),
            "migration_job, log_path": _played(folder, _ours(megabytes, log_path=str(log))),
            "docker_container, detach: false": _played(folder, _naive(megabytes)),
        }
        print(f"{megabytes} MB of output; log_path has {log.stat().st_size / MEGABYTE:.0f} MB\n")
    print(f"{'':<34}{'seconds':>9}{'module':>12}{'worker':>12}{'main':>12}")
    for name, peaks in rows.items():
        more = f"{peaks.worker - floor.worker:>+9.0f} MB{peaks.main - floor.main:>+9.0f} MB"
        print(f"{name:<34}{peaks.seconds:>9.1f}{peaks.module:>9.0f} MB{more}{'  failed' if peaks.status else ''}")
        if peaks.status:
            print(peaks.output[-2000:])
    return int(any(peaks.status for peaks in rows.values()))


def _ours(megabytes: int, **options: Any) -> dict[str, Any]:
    container = {"image": tiny_image.ensure()}
    arguments = {"name": NAME, "container": container, "command": _command(megabytes), **options}
    return {"name": "Migrate", "migrate_first.docker.migration_job": arguments}


def _naive(megabytes: int) -> dict[str, Any]:
    arguments = {"name": NAME, "image": tiny_image.ensure(), "command": _command(megabytes), "detach": False}
    return {"name": "Migrate", "community.docker.docker_container": arguments}


def _command(megabytes: int) -> list[str]:
    return ["sh", "-c", f"yes '{LINE}' | head -c {megabytes * MEGABYTE}"]


def _played(folder: str, task: dict[str, Any]) -> Peaks:
    playbook = Path(folder, "playbook.yml")
    play = {"name": "Bench", "hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
    playbook.write_text(json.dumps([play]), encoding="utf-8")
    program = Path(sys.executable).parent / "ansible-playbook"
    interpreter = f"ansible_python_interpreter={sys.executable}"
    attempt("rm", "--force", "--volumes", NAME)
    try:
        command = [str(program), "-i", "localhost,", "-e", interpreter, str(playbook)]
        return measured(command, {**os.environ, "ANSIBLE_PIPELINING": "1"})
    finally:
        attempt("rm", "--force", "--volumes", NAME)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else MEGABYTES))

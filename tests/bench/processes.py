# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of a playbook's processes, measured from outside: who grows by how much."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks.
INTERVAL = 0.05

MEGABYTE = 1_000_000


@dataclass
class Peaks:
    """The most memory that each kind of process has had, in megabytes: the playbook's own, its forks, and modules."""

    seconds: float = 0.0
    status: int = 0
    output: str = ""
    main: float = 0.0
    worker: float = 0.0
    module: float = 0.0


def measured(command: Sequence[str], env: Mapping[str, str]) -> Peaks:
    """Run the command to its end, and return what its processes have taken."""
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, env=dict(env), stdout=said, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        peaks = Peaks()
        while process.poll() is None:
            _look(process.pid, peaks)
            time.sleep(INTERVAL)
        said.seek(0)
        peaks.output = said.read()
    peaks.seconds, peaks.status = time.monotonic() - begun, process.returncode
    return peaks


def _look(main: int, peaks: Peaks) -> None:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
    for pid in parents:
        if pid == main:
            peaks.main = max(peaks.main, _size(pid))
        elif _descends(pid, main, parents):
            kind = "worker" if b"ansible-playbook" in _command(pid) else "module"
            setattr(peaks, kind, max(getattr(peaks, kind), _size(pid)))


def _descends(pid: int, ancestor: int, parents: Mapping[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == ancestor:
            return True
    return False


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _size(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE

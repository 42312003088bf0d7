# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes known by pid and start time, so that a pid that was given to another program is not mistaken for ours."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.waiting import wait_until


@dataclass(frozen=True)
class Process:
    """A process of this machine; `started` is in clock ticks since boot."""

    pid: int
    started: int

    def runs(self, program: str) -> bool:
        """Whether this very process is still there, and runs the program of that name."""
        return find(self.pid, program) == self

    def stop(self, program: str, seconds: float) -> None:
        """Ask it to end, and wait for that. SupportError: it does not end within that many seconds."""
        if self.runs(program):
            os.kill(self.pid, signal.SIGTERM)
        wait_until(lambda: not self.runs(program), f"{program}, process {self.pid}, does not end", seconds)


def find(pid: int, program: str) -> Process | None:
    """The process of that pid, if it is alive and runs the program of that name."""
    try:
        executable = str(Path(f"/proc/{pid}/exe").readlink()).removesuffix(" (deleted)")
        # After the name in brackets, which may hold anything; the start time is the 22nd field of all.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return Process(pid, int(fields[19])) if Path(executable).name == program else None


def start(command: Sequence[str], log: Path, env: Mapping[str, str]) -> Process | None:
    """Start the program in a session of its own, with its output in the log. None: it ended at once."""
    with open(log, "ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
            env=env,
        )
    return find(child.pid, Path(command[0]).name)


def discard_stale_pid_file(file: Path, program: str) -> None:
    """Remove a pid file that a killed program left behind, also where its pid is another program's by now."""
    try:
        pid = int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return
    except ValueError:
        pid = 0
    if not find(pid, program):
        file.unlink(missing_ok=True)

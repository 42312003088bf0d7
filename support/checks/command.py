# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One command of a check, and what its output must and must not contain besides its exit status."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 1800
SECONDS_TO_CLEAN_UP = 30


@dataclass(frozen=True)
class CheckedCommand:
    """A command that passes where it ends with 0, prints all of `expect` and nothing of `forbid`.

    Both are regular expressions, in which ^ and $ stand for a line's start and end: a program that finds nothing
    to do, or misses another program, ends with 0 too.
    """

    command: Sequence[str | Path]
    expect: Sequence[str] = ()
    forbid: Sequence[str] = ()


@dataclass(frozen=True)
class Outcome:
    """The whole output, and in a few words why the command failed; None where it passed."""

    output: str
    fault: str | None


def run(checked: CheckedCommand, folder: Path, env: Mapping[str, str], log: Path) -> Outcome:
    """Run the command in the folder, for at most SECONDS. Its output can be followed in the log."""
    with log.open("w+", encoding="utf-8", errors="replace") as output:
        print("$", *checked.command, file=output, flush=True)
        try:
            process = subprocess.Popen(
                checked.command,
                cwd=folder,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            status = _wait(process)
        except OSError as error:
            return Outcome("", f"could not be run: {error}")
        output.seek(0)
        printed = output.read()
    return Outcome(printed, find_fault(checked, status, printed))


def find_fault(checked: CheckedCommand, status: int | None, output: str) -> str | None:
    """Why a command with this exit status and output has failed. A status of None: it did not end in time."""
    if status is None:
        return f"did not end within {SECONDS} s"
    if status:
        return f"ended with {status}"
    for pattern in checked.forbid:
        if found := re.search(pattern, output, re.MULTILINE):
            return f"ended with 0, but printed: {found[found.lastindex or 0]}"
    for pattern in checked.expect:
        if not re.search(pattern, output, re.MULTILINE):
            return f"ended with 0, but did not print what it prints when it has run: {pattern}"
    return None


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    """The exit status; None where the time was up. Whatever happens, nothing of it is left running."""
    try:
        return process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return None
    finally:
        for number in (signal.SIGINT, signal.SIGKILL):
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, number)
                    process.wait(SECONDS_TO_CLEAN_UP)

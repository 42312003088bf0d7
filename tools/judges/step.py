# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One command of a judge, and what its output must and must not say besides its exit status."""

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
class Step:
    """A command that passes where it ends with 0, says all of `proofs` and nothing of `doubts`.

    `proofs` and `doubts` are regular expressions, in which ^ and $ stand for a line's start and end: a
    program that finds nothing to do, or misses another program, ends with 0 too.
    """

    command: Sequence[str | Path]
    proofs: Sequence[str] = ()
    doubts: Sequence[str] = ()
    env: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """The whole output, and in a few words why the step failed; nothing where it passed."""

    output: str
    fault: str | None


def run(step: Step, folder: Path, env: Mapping[str, str], log: Path) -> Outcome:
    """Run the step's command in the folder, for at most SECONDS. Its output can be followed in the log."""
    with log.open("w+", encoding="utf-8", errors="replace") as output:
        print("$", *step.command, file=output, flush=True)
        try:
            process = subprocess.Popen(
                step.command,
                cwd=folder,
                env={**env, **(step.env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            status = _wait(process)
        except OSError as error:
            return Outcome("", f"could not be run: {error}")
        output.seek(0)
        said = output.read()
    return Outcome(said, _fault(step, status, said))


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


def _fault(step: Step, status: int | None, output: str) -> str | None:
    if status is None:
        return f"did not end within {SECONDS} s"
    if status:
        return f"ended with {status}"
    for doubt in step.doubts:
        if found := re.search(doubt, output, re.MULTILINE):
            return f"ended with 0, yet said: {found[found.lastindex or 0]}"
    for proof in step.proofs:
        if not re.search(proof, output, re.MULTILINE):
            return f"ended with 0, but did not say what it says when it has run: {proof}"
    return None

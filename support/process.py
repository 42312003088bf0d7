# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a program whose output matters only when it fails."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

Command = Sequence[str | Path]

LAST_LINES = 15


def run_logged(purpose: str, command: Command, log: Path, env: Mapping[str, str] | None = None) -> None:
    """Run the command with its output appended to the log.

    Where it cannot be run or fails, SystemExit says so in one sentence, with the log's last lines.
    """
    with open(log, "ab") as output:
        start = output.tell()
        output.write(f"$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        try:
            status = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, check=False
            ).returncode
        except OSError as error:
            raise SystemExit(f"{purpose} failed: {error}") from None
    if status:
        raise SystemExit(f"{purpose} failed: {command[0]} ended with {status}. {end_of(log, start)}")


def end_of(log: Path, start: int = 0) -> str:
    """The last lines of the log after that many bytes, with its path, as part of an error message."""
    text = log.read_bytes()[start:].decode(errors="replace") if log.exists() else ""
    return "\n  ".join([f"The end of {log}:", *text.splitlines()[-LAST_LINES:]])

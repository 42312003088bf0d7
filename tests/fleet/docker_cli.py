# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docker command on this machine's engine, and what is said where something fails."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

LABEL = "migrate_first.fleet"
LAST_LINES = 15

Thing = TypeVar("Thing")
Result = TypeVar("Result")


class FleetError(Exception):
    """What could not be done to a fleet: one sentence for a person, with the end of the log where there is one."""


def docker(*arguments: str, seconds: float = 120) -> str:
    """What the command prints. FleetError says which command failed or did not end in time, and what it said."""
    result = attempt(*arguments, seconds=seconds)
    if result.returncode:
        raise FleetError(f"{_shown(arguments)} ended with {result.returncode}: {end_of(result.stderr)}")
    return result.stdout.strip()


def attempt(*arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """The same, where a failure is an answer too."""
    try:
        return subprocess.run(
            ["docker", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise FleetError(
            "The command docker is missing here. Install it (on Debian: apt install docker-cli; "
            "before Debian 13: docker.io), and repeat the command."
        ) from None
    except subprocess.TimeoutExpired:
        raise FleetError(f"{_shown(arguments)} did not end within {seconds:g} s.") from None


def ours(kind: str, fleet: str) -> list[str]:
    """The fleet's own, by name: kind is "container", "network" or "volume"."""
    listing = [kind, "ls", "--filter", f"label={LABEL}={fleet}", "--format", "{{.Name}}"]
    if kind == "container":
        listing[-1:] = ["{{.Names}}", "--all"]
    return sorted(docker(*listing).split())


def log_of(container: str) -> str:
    """The last lines of what the container has written, as part of an error message."""
    result = attempt("logs", "--tail", str(LAST_LINES), container)
    return f"The end of docker logs {container}: {end_of(result.stdout + result.stderr)}"


def end_of(text: str) -> str:
    """The last lines of a text; those of several stand below one another."""
    lines = text.strip().splitlines()[-LAST_LINES:]
    return lines[0] if len(lines) == 1 else "".join(f"\n  {line}" for line in lines)


def in_parallel(act: Callable[[Thing], Result], things: Iterable[Thing]) -> list[Result]:
    """Act on all of them at once, to the end also where one fails. FleetError says what failed on which."""
    with ThreadPoolExecutor(max_workers=32) as pool:
        futures = [pool.submit(act, thing) for thing in things]
    errors = [error for future in futures if (error := future.exception())]
    unforeseen = [error for error in errors if not isinstance(error, FleetError)]
    if unforeseen:
        raise unforeseen[0]
    if errors:
        raise FleetError("\n".join(map(str, errors)))
    return [future.result() for future in futures]


def _shown(arguments: tuple[str, ...]) -> str:
    line = " ".join(shlex.join(["docker", *arguments]).split())
    return line if len(line) <= 160 else f"{line[:160]} …"

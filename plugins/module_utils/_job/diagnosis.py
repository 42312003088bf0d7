# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diagnosis of a run that has ended, for people: what happened, and what to do next. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._logs.output import Output
from .known_failures import KNOWN_FAILURES, START_FAILURES, KnownFailure
from .model import KILLED, NOT_STARTED, OUT_OF_MEMORY, SUCCEEDED, TIMED_OUT, Run
from .outcome import outcome_of, signal_name

#: Known failures are looked for in so many characters at the end of each stream: earlier ones did not end the run.
TAIL = 16384

#: The meaning of an exit code where the output shows no known failure.
EXIT_CODES = {
    125: "a tool that starts other programs, such as timeout or docker run, has failed itself",
    126: "a program was found but could not be executed: check its permissions and its architecture",
    127: "a program was not found, perhaps only after half of the work: correct the command or the image",
    128: "the program ended with an invalid status, or git has failed",
    255: "the host or its engine may have gone down while it ran, or the program itself ended with this status",
}

#: The signals that a process gets for its own fault.
CRASHES = ("SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSYS")

#: Possible senders of a signal that the deadline did not send.
SENDERS = {
    "SIGINT": "somebody at a terminal",
    "SIGKILL": "docker kill, or the host's kernel when it was short of memory (dmesg)",
    "SIGTERM": "docker stop, or the engine or the host when it went down",
}

#: Colours, and carriage returns at the ends of lines.
_ORNAMENTS = re.compile(r"\x1b\[[0-9;]*m|\r")


def diagnosis_of(run: Run, output: Output | None = None) -> str:
    """Return one sentence for a person; the output counts only where the run has failed."""
    name, outcome = run.container.name, outcome_of(run)
    took = "" if run.duration is None else f" after {run.duration:.1f} s"
    if outcome == SUCCEEDED:
        return f"{name} succeeded{took}{_doubt(run)}."
    if outcome == TIMED_OUT:
        return (
            f"{name} was stopped at its deadline of {run.deadline:g} s: check how far it came "
            f"(docker logs {name}) before you run it again with a longer timeout."
        )
    if outcome == OUT_OF_MEMORY:
        return f"{name} was killed by the kernel{took}, out of memory{_remedy_for_memory(run)}."
    if outcome == KILLED:
        return f"{name} {_killing(run, took)} before you run it again."
    if outcome == NOT_STARTED:
        return f"{name} could not be started, and did nothing: {_refusal(run)}."
    return f"{name} exited with status {run.container.exit_code}{took}{_shortage(run)}: {_reason(run, output)}."


def known_failure(output: Output) -> tuple[KnownFailure, str] | None:
    """Return the first row that matches the end of the output, and what has happened."""
    return _first(KNOWN_FAILURES, _ORNAMENTS.sub("", f"{output.stderr[-TAIL:]}\n{output.stdout[-TAIL:]}"))


def _first(rows: Iterable[KnownFailure], text: str) -> tuple[KnownFailure, str] | None:
    for row in rows:
        match = re.search(row.pattern, text, re.MULTILINE)
        if match:
            return row, row.what.format(*filter(None, match.groups()))
    return None


def _refusal(run: Run) -> str:
    """Quote the engine too: its words may name something that no row can."""
    error = run.container.error
    known = _first(START_FAILURES, error)
    return f"{known[1]} ({error}); {known[0].remedy}" if known else error or "no process"


def _reason(run: Run, output: Output | None) -> str:
    known = known_failure(output) if output else None
    logs = f"(docker logs {run.container.name})"
    if known:
        row, what = known
        return f"{what}; {row.remedy}"
    if run.container.oom_killed:
        return f"give the container more memory, and check how far the migration came {logs} before you run it again"
    meaning = EXIT_CODES.get(run.container.exit_code or 0)
    return f"{meaning}; its output may say more {logs}" if meaning else f"its output says why {logs}"


def _shortage(run: Run) -> str:
    """The engine's flag is for the whole container: the kernel may have killed any of its processes."""
    limit = _limit(run)
    may_have = f" (it may have {limit})" if limit else ""
    return (
        f", and the kernel killed a process in it because memory ran out{may_have}" if run.container.oom_killed else ""
    )


def _doubt(run: Run) -> str:
    if not run.container.oom_killed:
        return ""
    return (
        f"{_shortage(run)}: check whether it did everything (docker logs {run.container.name}), and give it more memory"
    )


def _remedy_for_memory(run: Run) -> str:
    limit = _limit(run)
    remedy = f" at its limit of {limit}: give it more" if limit else ", and has no limit: make room on the host"
    return f"{remedy}, and check how far the migration came before you run it again"


def _killing(run: Run, took: str) -> str:
    name, code, limit = run.container.name, run.container.exit_code, _limit(run)
    signal = signal_name(code) or ""
    if signal in CRASHES:
        return f"crashed with {signal} (status {code}){took}: find out where, and how far it came (docker logs {name}),"
    sender = SENDERS.get(signal, "")
    if signal == "SIGKILL" and limit:
        # Engines miss it sometimes: memory may be the cause although the flag is not set.
        sender = (
            f"docker kill, or the kernel at the container's limit of {limit}, although the engine did not report it"
        )
    maybe = f" ({sender})" if sender else ""
    return (
        f"was ended by {signal} (status {code}){took}, which its deadline did not send: find out who did{maybe}, "
        "and how far it came,"
    )


def _limit(run: Run) -> str:
    limit = run.container.memory_limit
    return f"{limit / 2**20:g} MiB" if limit else ""

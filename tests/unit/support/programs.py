# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that the containers of the tests run: a script for a real engine, and its effects for that in memory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """
    A script for busybox, and its effects for the engine in memory.

    It writes ``stdout`` and ``stderr`` when it begins, variables filled in as a shell does, and
    exits after ``seconds`` (None: not by itself), having written ``last`` to its standard output. ``on_term`` is its
    exit code where it obeys SIGTERM; a first process that has no handler ignores it. ``healthy_after`` are the seconds
    after which the file HEALTHY is there.
    """

    script: str
    exit_code: int = 0
    seconds: float | None = 0.0
    stdout: str = ""
    stderr: str = ""
    last: str = ""
    on_term: int | None = None
    healthy_after: float | None = None
    out_of_memory: bool = False

    @property
    def command(self) -> list[str]:
        """The words of the container's command."""
        return ["sh", "-c", self.script]


HEALTHY = "/healthy"

_OBEY = "trap 'exit 0' TERM"
_LOOP = "while :; do sleep 0.1; done"
_SERVE = f"{_OBEY}; {_LOOP}"

SUCCEED = Program("echo done", stdout="done\n")
FAIL = Program("echo begun; echo 'no such column' >&2; exit 3", 3, stdout="begun\n", stderr="no such column\n")
DIRTY = Program(
    "echo 'error: Dirty database version 4. Fix and force version.' >&2; exit 1",
    1,
    stderr="error: Dirty database version 4. Fix and force version.\n",
)
EXIT_127 = Program("echo half; exit 127", 127, stdout="half\n")
TELL_PASSWORD = Program('echo "password is $PGPASSWORD"', stdout="password is $PGPASSWORD\n")
COUNT = Program("seq 1 3000", stdout="".join(f"{number}\n" for number in range(1, 3001)))
SPEAK_TWICE = Program("echo begun; sleep 3; echo ended", seconds=3.0, stdout="begun\n", last="ended\n")
#: A password that the engine cuts into two entries, and one whose line has no end yet.
SPLIT_PASSWORD = Program(
    'head -c 16380 /dev/zero | tr "\\0" x; echo "$PGPASSWORD"; printf %s "$PGPASSWORD"; sleep 1; echo .',
    seconds=1.0,
    stdout="x" * 16380 + "$PGPASSWORD\n$PGPASSWORD",
    last=".\n",
)
#: Ten megabytes without an end of a line.
WITHOUT_END = Program('head -c 10000000 /dev/zero | tr "\\0" x', stdout="x" * 10_000_000)
MANY_LINES = Program("seq 1 200000", stdout="".join(f"{number}\n" for number in range(1, 200_001)))
#: More than a small log holds, twice.
MANY_LINES_TWICE = Program(
    "seq 1 50000; sleep 2; seq 50001 100000",
    seconds=2.0,
    stdout="".join(f"{number}\n" for number in range(1, 50_001)),
    last="".join(f"{number}\n" for number in range(50_001, 100_001)),
)
#: NUL, a byte that is no UTF-8 (here as Python reads it), a progress bar, a colour.
NO_TEXT = Program(
    r"printf 'nul \000 bad \377 10%%\r20%%\r \033[31mred\n'", stdout="nul \0 bad \udcff 10%\r20%\r \x1b[31mred\n"
)
TAKE_A_SECOND = Program("echo begun; sleep 1", seconds=1.0, stdout="begun\n")
SUCCEED_LATE = Program("echo begun; sleep 3", seconds=3.0, stdout="begun\n")
FAIL_LATE = Program("echo begun; sleep 3; exit 4", 4, seconds=3.0, stdout="begun\n")
TAKE_TWO_HOURS = Program("sleep 7200", seconds=7200.0)
# The engine learns of it by another way than of the end: not at all where that way was not open yet when it happened
# (cgroup v1 and a busy machine), and late where it was.
_EXCEED = "for _ in 1 2 3 4; do (x=aaaaaaaa; while :; do x=$x$x; done); code=$?; sleep 0.5; done"
EXCEED_MEMORY = Program(f"{_EXCEED}; exit $code", 137, seconds=2.0, out_of_memory=True)
#: The same, and the work goes on without the child.
SURVIVE_MEMORY = Program(f"{_EXCEED}; exit 1", 1, seconds=2.0, out_of_memory=True)

#: Ends with 0 when it is stopped.
SERVE = Program(f"{_OBEY}; echo up; {_LOOP}", seconds=None, stdout="up\n", on_term=0)
#: Ends only when it is killed.
IGNORE_TERM = Program("trap '' TERM; echo begun; while :; do sleep 0.1; done", seconds=None, stdout="begun\n")

SERVE_HEALTHY = Program(f": > {HEALTHY}; {_SERVE}", seconds=None, on_term=0, healthy_after=0.0)
SERVE_HEALTHY_LATE = Program(f"sleep 1; : > {HEALTHY}; {_SERVE}", seconds=None, on_term=0, healthy_after=1.0)
CRASH = Program("echo 'no database' >&2; exit 3", 3, stderr="no database\n")

#: No program of that name is in any image.
NO_SUCH_PROGRAM = ["mf-no-such-program"]

PROGRAMS = {tuple(program.command): program for program in list(vars().values()) if isinstance(program, Program)}

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a job on the terminal while it runs: each once, and without control characters."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

#: Seconds without a line after which there is a sign of life.
SILENCE = 30.0

#: Characters of a line that are shown.
LONGEST = 2000

#: Escape sequences of terminals (ECMA-48), and all other control characters but the tab.
_CONTROL = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


class LiveLog:
    """Shows lines with a prefix; ``show`` writes to the terminal."""

    def __init__(self, prefix: str, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._prefix = prefix
        self._show = show
        self._clock = clock
        self._last = clock()
        self._rest: dict[int, bytes] = {}

    def add(self, stream: int, data: bytes) -> None:
        """Show the lines that are complete by now."""
        *lines, rest = (self._rest.pop(stream, b"") + data).split(b"\n")
        if len(rest) > 4 * LONGEST:
            lines, rest = [*lines, rest], b""
        self._rest[stream] = rest
        self._lines(lines)

    def note(self, sentence: str) -> None:
        """Say something about the job."""
        self._say(f"({sentence})")

    def skip(self, count: int) -> None:
        """Say that lines were left out; a line that was begun before them ends there."""
        if count:
            self.end()
            self._say(f"({count} lines left out)")

    def end(self) -> None:
        """Show the last lines, which have no line end."""
        self._lines([rest for rest in self._rest.values() if rest])
        self._rest.clear()

    def sign_of_life(self, running: float, usual: float | None) -> None:
        """
        Say for how long the job has been running, where nothing was shown for a while.

        ``usual`` are the seconds that the last success took, None where that is not known.
        """
        if self._clock() - self._last < SILENCE:
            return
        before = "" if usual is None else f"; the last success took {duration(usual)}"
        self._say(f"(running for {duration(running)}{before})")

    def _lines(self, lines: list[bytes]) -> None:
        if lines:
            self._say(*(plain(line) for line in lines))

    def _say(self, *lines: str) -> None:
        self._last = self._clock()
        self._show("\n".join(f"{self._prefix} | {line}" for line in lines))


def plain(line: bytes) -> str:
    """Return a line that is safe for a terminal: of a progress bar the last state, and no control characters."""
    text = line.decode("utf-8", errors="replace").rstrip("\r").rpartition("\r")[2]
    text = _CONTROL.sub("", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} characters)"


def duration(seconds: float) -> str:
    """Return seconds as people write them: 42 s, 3 min 20 s, 2 h 05 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"

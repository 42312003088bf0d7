# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of what a run has written, each stream for itself, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .._container.redact import Redactor
from .._engine.frames import joined
from .._engine.interface import STDERR, STDOUT

_CONTINUING = bytes(range(0x80, 0xC0))


@dataclass(frozen=True)
class Output:
    """The ends of both streams as text; ``truncated`` where one of them was longer."""

    stdout: str = ""
    stderr: str = ""
    truncated: bool = False


class _Tail:
    """The last bytes of a stream; cut now and then, because cutting costs a copy."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept = bytearray()
        self.truncated = False

    def add(self, data: bytes) -> None:
        self._kept += data
        if len(self._kept) > 2 * self._limit:
            self._cut()

    def text(self) -> str:
        self._cut()
        # Where it was cut, up to three bytes are the rest of a character.
        rest = len(self._kept[:3]) - len(self._kept[:3].lstrip(_CONTINUING)) if self.truncated else 0
        return self._kept[rest:].decode("utf-8", errors="replace").rstrip("\r\n")

    def _cut(self) -> None:
        surplus = len(self._kept) - self._limit
        if surplus <= 0:
            return
        self.truncated = True
        del self._kept[:surplus]


def collect(frames: Iterable[tuple[int, bytes]], secrets: Iterable[str], limit: int) -> Output:
    """
    Read frames of (stream, bytes) to their end, and keep the last ``limit`` bytes of each stream.

    Secrets are taken out first, since a tail may begin in the middle of one.
    """
    known = tuple(secrets)
    tails = {STDOUT: _Tail(limit), STDERR: _Tail(limit)}
    redactors = {STDOUT: Redactor(known), STDERR: Redactor(known)}
    for stream, data in joined(frames):
        if stream in tails:
            tails[stream].add(redactors[stream].feed(data))
    for stream, tail in tails.items():
        tail.add(redactors[stream].flush())
    stdout, stderr = tails[STDOUT].text(), tails[STDERR].text()
    return Output(stdout, stderr, tails[STDOUT].truncated or tails[STDERR].truncated)

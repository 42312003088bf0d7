# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of the log of a container, each stream for itself, in bounded memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .._engine.frames import merge_pieces
from .._engine.interface import BOTH, STDERR, STDOUT, Engine
from .redact import Redactor

#: The entries that are read first: as many short lines as fill the limit, and a few at least.
SHORT, FEW = 16, 1000

_CONTINUING = bytes(range(0x80, 0xC0))


@dataclass(frozen=True)
class Output:
    """The ends of both streams as text; ``truncated`` where one of them was longer."""

    stdout: str = ""
    stderr: str = ""
    truncated: bool = False


class _End:
    """The last bytes of a stream, without its secrets; cut now and then, because cutting costs a copy."""

    def __init__(self, secrets: Iterable[str], limit: int) -> None:
        self._redactor = Redactor(secrets)
        self._limit = limit
        self._kept = bytearray()
        self._dropped = 0

    def add(self, data: bytes) -> None:
        self._kept += self._redactor.feed(data)
        if len(self._kept) > 2 * self._limit:
            self._cut()

    def finish(self) -> None:
        self._kept += self._redactor.flush()
        self._cut()

    @property
    def truncated(self) -> bool:
        return self._dropped > 0

    @property
    def sure(self) -> bool:
        """Whether it would be the same if the reading had begun earlier: not in the middle of a secret."""
        return self._dropped >= self._redactor.longest

    def text(self) -> str:
        # Where it was cut, up to three bytes are the rest of a character.
        rest = len(self._kept[:3]) - len(self._kept[:3].lstrip(_CONTINUING)) if self.truncated else 0
        return self._kept[rest:].decode("utf-8", errors="replace").rstrip("\r\n")

    def _cut(self) -> None:
        surplus = len(self._kept) - self._limit
        if surplus > 0:
            self._dropped += surplus
            del self._kept[:surplus]


def read_output(engine: Engine, container_id: str, secrets: Iterable[str], limit: int) -> Output:
    """
    Read the last ``limit`` bytes of each stream of a container that has exited.

    Secrets are replaced first, because the tail may begin in the middle of one. The engine finds the last entries of a log
    at once. Only a stream that has too few of them is read from its beginning: a large log takes a minute.
    """
    known = tuple(secrets)
    ends = _ends(engine.logs(container_id, BOTH, max(FEW, limit // SHORT)), known, limit)
    unsure = [stream for stream, end in ends.items() if not end.sure]
    if unsure:
        again = _ends(engine.logs(container_id, unsure), known, limit)
        ends.update((stream, again[stream]) for stream in unsure)
    return Output(ends[STDOUT].text(), ends[STDERR].text(), any(end.truncated for end in ends.values()))


def _ends(frames: Iterable[tuple[int, bytes]], secrets: Collection[str], limit: int) -> dict[int, _End]:
    ends = {stream: _End(secrets, limit) for stream in BOTH}
    for stream, data in merge_pieces(frames):
        if stream in ends:
            ends[stream].add(data)
    for end in ends.values():
        end.finish()
    return ends

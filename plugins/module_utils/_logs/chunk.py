# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of a container in chunks: each byte once, without secrets, from a cursor on."""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._engine.interface import BOTH, Engine, EngineError, Entry
from .packing import Packing, pack, unpack
from .redact import Redactor

#: Bytes that a terminal shows at once; older ones are left out.
MOST = 256 * 1024

#: Packed bytes of one answer where nothing is left out; the rest is for the next answer. Ansible holds several copies of
#: an answer, and each answer costs a search in the log.
MOST_PACKED = 3 * 1024 * 1024

#: Bytes of a stream that are redacted at once.
BATCH = 64 * 1024

#: Entries of one stream that may come before an older one of the other, where both write at the same moment.
LATE = 100


class LogCursor(NamedTuple):
    """A position in a stream: behind so many entries of that stamp, and ``offset`` bytes into the next entry."""

    stamp: str = ""
    entries: int = 0
    offset: int = 0


@dataclass(frozen=True)
class LogRequest:
    """
    What is wanted of a log: all behind the cursors, by stream.

    With ``whole`` nothing is left out. ``rest_of`` is the ID of a container of which the log alone is wanted.
    """

    cursors: Mapping[int, LogCursor] = field(default_factory=dict)
    whole: bool = False
    rest_of: str = ""

    @property
    def latest(self) -> str:
        """The stamp of the newest entry that was read, empty where there was none."""
        return max((cursor.stamp for cursor in self.cursors.values()), default="")

    def arguments(self) -> dict[str, Any]:
        """Return it in types that JSON has."""
        return {"cursors": _to_json(self.cursors), "whole": self.whole, "rest_of": self.rest_of}

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> LogRequest:
        """Return the request that ``arguments`` was made of."""
        return cls(_from_json(arguments["cursors"]), arguments["whole"], arguments["rest_of"])


@dataclass(frozen=True)
class LogChunk:
    """
    Pieces of the two streams in their order, packed, and the cursors behind them.

    ``skipped`` counts lines that were left out, ``more`` says that there is more to read already, and ``trouble`` why
    nothing can be read.
    """

    data: bytes = b""
    cursors: Mapping[int, LogCursor] = field(default_factory=dict)
    skipped: int = 0
    more: bool = False
    trouble: str = ""

    @property
    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """The pieces, one after the other."""
        return unpack(self.data)

    def returned(self) -> dict[str, Any]:
        """Return it in types that JSON has."""
        data = base64.b64encode(self.data).decode()
        return {**vars(self), "data": data, "cursors": _to_json(self.cursors)}

    @classmethod
    def from_returned(cls, returned: Mapping[str, Any]) -> LogChunk:
        """Return the chunk that ``returned`` was made of."""
        data = base64.b64decode(returned["data"])
        return cls(**{**returned, "data": data, "cursors": _from_json(returned["cursors"])})


def _to_json(cursors: Mapping[int, LogCursor]) -> dict[str, list[Any]]:
    return {str(stream): list(cursor) for stream, cursor in cursors.items()}


def _from_json(cursors: Mapping[str, Any]) -> dict[int, LogCursor]:
    return {int(stream): LogCursor(*cursor) for stream, cursor in cursors.items()}


def read_chunk(engine: Engine, container_id: str, secrets: Iterable[str], request: LogRequest, ended: bool) -> LogChunk:
    """
    Read what a container has written behind the cursors.

    Where the whole log is wanted, what is too much for one answer is left for the next. With ``ended`` nothing more will
    come, and nothing has to be held back for it.
    """
    known = tuple(secrets)
    readers = {stream: _Reader(request.cursors.get(stream, LogCursor()), Redactor(known)) for stream in BOTH}
    pieces: WholeLog | NewestPieces = WholeLog() if request.whole else NewestPieces()
    recent: deque[str] = deque(maxlen=LATE)
    try:
        since = min(reader.cursor.stamp for reader in readers.values())
        last = None
        for entry in engine.entries(container_id, since):
            if last is not None and (entry.stream != last or readers[last].pending >= BATCH):
                pieces.add(last, readers[last].take_batch())
                last = None
                if pieces.full:
                    break
            readers[entry.stream].add(entry)
            recent.append(entry.stamp)
            last = entry.stream
        if last is not None:
            pieces.add(last, readers[last].take_batch())
    except EngineError as error:
        return LogChunk(cursors=request.cursors, trouble=str(error))
    if ended and not pieces.full:
        for stream, reader in readers.items():
            pieces.add(stream, reader.take_rest())
    return LogChunk(pieces.pack(), _next_cursors(readers, recent), pieces.skipped, pieces.full)


def _next_cursors(readers: Mapping[int, _Reader], recent: Sequence[str]) -> dict[int, LogCursor]:
    """
    Return the cursors at which the next chunk begins.

    The cursor of a silent stream follows the other one, a little behind it: otherwise the whole log would be read again
    each time. The cursor of a stream that holds bytes back stays where these begin.
    """
    newest = max(reader.cursor.stamp for reader in readers.values())
    minimum = LogCursor(recent[0] if len(recent) == LATE else newest)
    return {stream: reader.next_cursor(minimum) for stream, reader in readers.items()}


class _Reader:
    """One stream from a cursor on."""

    def __init__(self, cursor: LogCursor, redactor: Redactor) -> None:
        self.cursor = cursor
        self._redactor = redactor
        self._stamp, self._before = "", 0
        self._batch: list[bytes] = []
        self.pending = 0
        #: Of the last entries the cursor at which each begins, and its bytes: as many as can be held back.
        self._taken: deque[tuple[LogCursor, int]] = deque()
        self._size = 0

    def add(self, entry: Entry) -> None:
        """Add an entry to the batch, unless it lies before the cursor."""
        stamp, data = entry.stamp, entry.data
        self._before = self._before + 1 if stamp == self._stamp else 0
        self._stamp = stamp
        cursor = LogCursor(stamp, self._before)
        if cursor[:2] <= self.cursor[:2]:
            if cursor[:2] < self.cursor[:2]:
                return
            cursor = self.cursor
            data = data[cursor.offset :]
        self._batch.append(data)
        self.pending += len(data)
        self._taken.append((cursor, len(data)))
        self._size += len(data)
        while len(self._taken) > 1 and self._size - self._taken[0][1] >= self._redactor.longest:
            self._size -= self._taken.popleft()[1]

    def take_batch(self) -> bytes:
        """Take out what can be shown of the batch: all at once, because each redaction costs."""
        data = b"".join(self._batch)
        self._batch, self.pending = [], 0
        return self._redactor.feed(data) if data else b""

    def take_rest(self) -> bytes:
        """Take out what was held back."""
        return self._redactor.flush()

    def next_cursor(self, minimum: LogCursor) -> LogCursor:
        """Return the cursor of the first byte that was not taken out, ``minimum`` or later where nothing is held back."""
        held = self._redactor.held
        if not held:
            return max(self._end(), minimum, key=lambda cursor: cursor.stamp)
        for cursor, length in reversed(self._taken):
            if held <= length:
                return LogCursor(cursor.stamp, cursor.entries, cursor.offset + length - held)
            held -= length
        return self.cursor

    def _end(self) -> LogCursor:
        """Return the cursor behind the last entry."""
        if not self._taken:
            return self.cursor
        last, _length = self._taken[-1]
        return LogCursor(last.stamp, last.entries + 1)


class WholeLog:
    """All pieces, until they are too many for one answer."""

    skipped = 0

    def __init__(self) -> None:
        self._packing = Packing()

    @property
    def full(self) -> bool:
        return self._packing.size > MOST_PACKED

    def add(self, stream: int, data: bytes) -> None:
        if data:
            self._packing.add(stream, data)

    def pack(self) -> bytes:
        return self._packing.finish()


class NewestPieces:
    """The newest pieces, as many as a terminal shows at once; ``skipped`` counts the lines before them."""

    full = False

    def __init__(self) -> None:
        self.kept: deque[tuple[int, bytes]] = deque()
        self.skipped = 0
        self._size = 0

    def add(self, stream: int, data: bytes) -> None:
        if not data:
            return
        if self.kept and self.kept[-1][0] == stream and len(self.kept[-1][1]) < 4096:
            before = self.kept.pop()[1]
            self._size -= len(before)
            data = before + data
        self.kept.append((stream, data))
        self._size += len(data)
        while self._size > MOST and len(self.kept) > 1:
            _stream, dropped = self.kept.popleft()
            self._size -= len(dropped)
            self.skipped += dropped.count(b"\n")

    def pack(self) -> bytes:
        return pack(self.kept)

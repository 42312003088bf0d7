# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has written since it was last asked, each byte once, without its secrets."""

from __future__ import annotations

import base64
import zlib
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._container.redact import Redactor
from .._engine.interface import STDERR, STDOUT, Engine, EngineError, Entry

#: Bytes that one answer carries; what is older is left out, or left for the next one.
MOST = 256 * 1024
MOST_FOR_LOG = 8 * 1024 * 1024


#: Bytes of a stream that are redacted at once.
BATCH = 64 * 1024


@dataclass(frozen=True)
class Place:
    """A place in a stream: behind ``count`` entries of that stamp, and ``offset`` bytes into the next entry."""

    stamp: str = ""
    count: int = 0
    offset: int = 0


@dataclass(frozen=True)
class News:
    """
    Pieces of the two streams in their order, and where the next ones begin.

    ``skipped`` are lines that were left out, ``more`` says that there is more already, and ``trouble``
    why nothing can be read.
    """

    pieces: tuple[tuple[int, bytes], ...] = ()
    places: Mapping[int, Place] = field(default_factory=dict)
    skipped: int = 0
    more: bool = False
    trouble: str = ""

    def returned(self) -> dict[str, Any]:
        """Return it in types that JSON has; ``read`` is the way back."""
        data = zlib.compress(b"".join(piece for _stream, piece in self.pieces), 1)
        return {
            "data": base64.b64encode(data).decode(),
            "lengths": [[stream, len(piece)] for stream, piece in self.pieces],
            "places": {str(stream): [it.stamp, it.count, it.offset] for stream, it in self.places.items()},
            "skipped": self.skipped,
            "more": self.more,
            "trouble": self.trouble,
        }


def read(returned: Mapping[str, Any]) -> Iterable[tuple[int, bytes]]:
    """Yield the pieces of what News.returned has given."""
    data = zlib.decompress(base64.b64decode(returned["data"]))
    begin = 0
    for stream, length in returned["lengths"]:
        yield stream, data[begin : begin + length]
        begin += length


def newest(pieces: Iterable[tuple[int, bytes]]) -> tuple[tuple[tuple[int, bytes], ...], int]:
    """Return the newest of the pieces, as many as a terminal is shown at once, and how many lines come before them."""
    kept = _Pieces(MOST, drop=True)
    for stream, data in pieces:
        kept.add(stream, data)
    return tuple(kept.kept), kept.skipped


def places_of(given: Mapping[str, Any]) -> dict[int, Place]:
    """Return the places that an earlier News was returned with."""
    return {int(stream): Place(*place) for stream, place in given.items()}


def latest(given: Mapping[str, Any]) -> str:
    """Return the stamp of the last of what an earlier News told, empty where there was none."""
    return max((place.stamp for place in places_of(given).values()), default="")


def news(
    engine: Engine, container_id: str, secrets: Iterable[str], places: Mapping[int, Place], whole: bool, ended: bool
) -> News:
    """
    Return what the run has written behind these places.

    With ``whole`` nothing is left out, and what is too much for one answer is left for the next.
    With ``ended`` nothing more will come, and nothing has to be held back for it.
    """
    known = tuple(secrets)
    readers = {stream: _Reader(places.get(stream, Place()), Redactor(known)) for stream in (STDOUT, STDERR)}
    pieces = _Pieces(MOST_FOR_LOG if whole else MOST, drop=not whole)
    try:
        since = min(reader.place.stamp for reader in readers.values())
        last = None
        for entry in engine.entries(container_id, since):
            if last is not None and (entry.stream != last or readers[last].waiting >= BATCH):
                pieces.add(last, readers[last].shown())
                last = None
                if pieces.full:
                    break
            readers[entry.stream].take(entry)
            last = entry.stream
        if last is not None:
            pieces.add(last, readers[last].shown())
    except EngineError as error:
        return News(places=places, trouble=str(error))
    if ended and not pieces.full:
        for stream, reader in readers.items():
            pieces.add(stream, reader.rest())
    return News(tuple(pieces.kept), _reached(readers), pieces.skipped, pieces.full)


def _reached(readers: Mapping[int, _Reader]) -> dict[int, Place]:
    """
    Return where the next news begin.

    A stream that is silent goes on where the other one was the last time: from the beginning, all would be read again
    each time; and what the two write at the same moment need not come in order. One that holds something back stays
    where that begins.
    """
    begun = Place(max(reader.place.stamp for reader in readers.values()))
    return {stream: it.reached(begun) for stream, it in readers.items()}


class _Reader:
    """One stream from a place on."""

    def __init__(self, place: Place, redactor: Redactor) -> None:
        self.place = place
        self._redactor = redactor
        self._stamp, self._count = "", 0
        self._batch: list[bytes] = []
        self.waiting = 0
        #: Where each of the last entries begins, and how many bytes of it were taken: as many as can be held back.
        self._taken: deque[tuple[Place, int]] = deque()
        self._size = 0

    def take(self, entry: Entry) -> None:
        """Take an entry for ``shown``, unless it lies before the place."""
        self._count = self._count + 1 if entry.stamp == self._stamp else 1
        self._stamp = entry.stamp
        before = self._count - 1
        if (entry.stamp, before) < (self.place.stamp, self.place.count):
            return
        offset = self.place.offset if (entry.stamp, before) == (self.place.stamp, self.place.count) else 0
        data = entry.data[offset:]
        self._batch.append(data)
        self.waiting += len(data)
        self._taken.append((Place(entry.stamp, before, offset), len(data)))
        self._size += len(data)
        while len(self._taken) > 1 and self._size - self._taken[0][1] >= self._redactor.longest:
            self._size -= self._taken.popleft()[1]

    def shown(self) -> bytes:
        """Return what can be shown of what was taken: all at once, since each time costs."""
        data = b"".join(self._batch)
        self._batch, self.waiting = [], 0
        return self._redactor.feed(data) if data else b""

    def rest(self) -> bytes:
        """Return what was held back."""
        return self._redactor.flush()

    def reached(self, least: Place) -> Place:
        """Return the place of the first byte that was not shown, where nothing is held back not before ``least``."""
        held = self._redactor.held
        if not held:
            return max(self._behind(), least, key=lambda place: place.stamp)
        for place, length in reversed(self._taken):
            if held <= length:
                return Place(place.stamp, place.count, place.offset + length - held)
            held -= length
        return self.place

    def _behind(self) -> Place:
        """Return the place behind the last entry."""
        if not self._taken:
            return self.place
        last, _length = self._taken[-1]
        return Place(last.stamp, last.count + 1)


class _Pieces:
    """The pieces that are kept, the oldest dropped where they are too many."""

    def __init__(self, most: int, drop: bool) -> None:
        self.kept: deque[tuple[int, bytes]] = deque()
        self.skipped = 0
        self.full = False
        self._most = most
        self._drop = drop
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
        if self._size <= self._most:
            return
        if not self._drop:
            self.full = True
            return
        while self._size > self._most and len(self.kept) > 1:
            _stream, dropped = self.kept.popleft()
            self._size -= len(dropped)
            self.skipped += dropped.count(b"\n")

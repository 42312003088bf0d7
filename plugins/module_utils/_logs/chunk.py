# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has written since it was last asked, each byte once, without its secrets."""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._engine.interface import BOTH, Engine, EngineError, Entry
from .packing import Packing, packed, unpacked
from .redact import Redactor

#: Bytes that a terminal is shown at once; what is older is left out.
MOST = 256 * 1024

#: Bytes that one answer carries on its way where nothing is left out; more is left for the next answer. Ansible holds
#: several copies of an answer, and each answer costs a search in the log.
MOST_PACKED = 3 * 1024 * 1024

#: Bytes of a stream that are redacted at once.
BATCH = 64 * 1024

#: Entries of one stream that may come before an older one of the other: where both write at the same moment.
LATE = 100


class Place(NamedTuple):
    """A place in a stream: behind so many entries of that stamp, and ``offset`` bytes into the next entry."""

    stamp: str = ""
    entries: int = 0
    offset: int = 0


@dataclass(frozen=True)
class News:
    """
    Pieces of the two streams in their order, packed, and where the next ones begin.

    ``skipped`` are lines that were left out, ``more`` says that there is more already, and ``trouble``
    why nothing can be read.
    """

    data: bytes = b""
    places: Mapping[int, Place] = field(default_factory=dict)
    skipped: int = 0
    more: bool = False
    trouble: str = ""

    @property
    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """The pieces, one after the other."""
        return unpacked(self.data)

    def returned(self) -> dict[str, Any]:
        """Return it in types that JSON has; ``read`` is the way back."""
        return {
            "data": base64.b64encode(self.data).decode(),
            "places": {str(stream): list(place) for stream, place in self.places.items()},
            "skipped": self.skipped,
            "more": self.more,
            "trouble": self.trouble,
        }


def read(returned: Mapping[str, Any]) -> Iterator[tuple[int, bytes]]:
    """Yield the pieces of what News.returned has given."""
    return unpacked(base64.b64decode(returned["data"]))


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
    readers = {stream: _Reader(places.get(stream, Place()), Redactor(known)) for stream in BOTH}
    pieces: Whole | Newest = Whole() if whole else Newest()
    recent: deque[str] = deque(maxlen=LATE)
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
            recent.append(entry.stamp)
            last = entry.stream
        if last is not None:
            pieces.add(last, readers[last].shown())
    except EngineError as error:
        return News(places=places, trouble=str(error))
    if ended and not pieces.full:
        for stream, reader in readers.items():
            pieces.add(stream, reader.rest())
    return News(pieces.packed(), _reached(readers, recent), pieces.skipped, pieces.full)


def _reached(readers: Mapping[int, _Reader], recent: Sequence[str]) -> dict[int, Place]:
    """
    Return where the next news begin.

    A stream that is silent goes on a little before the end, where the other one was then: from the beginning, all would
    be read again each time. One that holds something back stays where that begins.
    """
    begun = max(reader.place.stamp for reader in readers.values())
    least = Place(recent[0] if len(recent) == LATE else begun)
    return {stream: it.reached(least) for stream, it in readers.items()}


class _Reader:
    """One stream from a place on."""

    def __init__(self, place: Place, redactor: Redactor) -> None:
        self.place = place
        self._redactor = redactor
        self._stamp, self._before = "", 0
        self._batch: list[bytes] = []
        self.waiting = 0
        #: Where each of the last entries begins, and how many bytes of it were taken: as many as can be held back.
        self._taken: deque[tuple[Place, int]] = deque()
        self._size = 0

    def take(self, entry: Entry) -> None:
        """Take an entry for ``shown``, unless it lies before the place."""
        stamp, data = entry.stamp, entry.data
        self._before = self._before + 1 if stamp == self._stamp else 0
        self._stamp = stamp
        place = Place(stamp, self._before)
        if place[:2] <= self.place[:2]:
            if place[:2] < self.place[:2]:
                return
            place = self.place
            data = data[place.offset :]
        self._batch.append(data)
        self.waiting += len(data)
        self._taken.append((place, len(data)))
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
                return Place(place.stamp, place.entries, place.offset + length - held)
            held -= length
        return self.place

    def _behind(self) -> Place:
        """Return the place behind the last entry."""
        if not self._taken:
            return self.place
        last, _length = self._taken[-1]
        return Place(last.stamp, last.entries + 1)


class Whole:
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

    def packed(self) -> bytes:
        return self._packing.packed()


class Newest:
    """The newest of the pieces, as many as a terminal is shown at once; ``skipped`` are the lines before them."""

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

    def packed(self) -> bytes:
        return packed(self.kept)

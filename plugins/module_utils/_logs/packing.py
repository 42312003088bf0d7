# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs pieces of the two streams for the way to the controller, one by one and never as a whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from .._engine.frames import CHUNK, frame, read_frames


class Packing:
    """Packs pieces; ``size`` is roughly the length of the packed bytes."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj()
        self._packed = bytearray()

    @property
    def size(self) -> int:
        return len(self._packed)

    def add(self, stream: int, data: bytes) -> None:
        self._packed += self._compressor.compress(frame(stream, data))

    def finish(self) -> bytes:
        """Return all that was added, and end the packing."""
        return bytes(self._packed + self._compressor.flush())


def pack(pieces: Iterable[tuple[int, bytes]]) -> bytes:
    """Return the pieces packed."""
    packing = Packing()
    for stream, data in pieces:
        packing.add(stream, data)
    return packing.finish()


def unpack(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the pieces of packed bytes."""
    return read_frames(_chunks(data))


def _chunks(data: bytes) -> Iterator[bytes]:
    decompressor = zlib.decompressobj()
    while data:
        yield decompressor.decompress(data, CHUNK)
        data = decompressor.unconsumed_tail

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's multiplexed stream: frames of what a container has written, each with its stream."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

#: Bytes to be read at once: a job's lines are short, and reading each of them costs more than all the rest.
CHUNK = 256 * 1024

_HEADER = struct.Struct(">BxxxL")


def read_frames(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (stream, data) of each whole frame, wherever the chunks are cut."""
    rest = b""
    for chunk in chunks:
        data, begin = rest + chunk, 0
        while len(data) - begin >= _HEADER.size:
            stream, length = _HEADER.unpack_from(data, begin)
            end = begin + _HEADER.size + length
            if end > len(data):
                break
            yield stream, data[begin + _HEADER.size : end]
            begin = end
        rest = data[begin:]


def frame(stream: int, data: bytes) -> bytes:
    """Return one frame."""
    return _HEADER.pack(stream, len(data)) + data


def merge_pieces(pieces: Iterable[tuple[int, bytes]], most: int = CHUNK) -> Iterator[tuple[int, bytes]]:
    """Yield the pieces, those that follow each other in one stream merged up to some ``most`` bytes."""
    kept: list[bytes] = []
    stream = size = 0
    for other, data in pieces:
        if kept and (other != stream or size >= most):
            yield stream, b"".join(kept)
            kept, size = [], 0
        stream = other
        kept.append(data)
        size += len(data)
    if kept:
        yield stream, b"".join(kept)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames of a stream are found however its chunks are cut."""

from __future__ import annotations

import struct

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.frames import merge_pieces, read_frames

FRAMES = [(1, b"one\n"), (2, b"two\n"), (1, b""), (1, b"\x00" * 300), (2, b"last")]
STREAM = b"".join(struct.pack(">BxxxL", stream, len(data)) + data for stream, data in FRAMES)


@pytest.mark.parametrize("size", [1, 3, 8, 13, 100, len(STREAM)])
def test_every_frame_is_found(size: int) -> None:
    chunks = (STREAM[begin : begin + size] for begin in range(0, len(STREAM), size))
    assert list(read_frames(chunks)) == FRAMES


@pytest.mark.parametrize("missing", [1, 4, 5, 12])
def test_a_frame_that_is_cut_off_is_left_out(missing: int) -> None:
    assert list(read_frames([STREAM[:-missing]])) == FRAMES[:-1]


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (100, [(1, b"abc"), (2, b"de"), (1, b"f")]),
        (2, [(1, b"ab"), (1, b"c"), (2, b"de"), (1, b"f")]),
        (1, [(1, b"a"), (1, b"b"), (1, b"c"), (2, b"d"), (2, b"e"), (1, b"f")]),
    ],
)
def test_neighbouring_pieces_of_a_stream_are_merged(most: int, expected: list[tuple[int, bytes]]) -> None:
    pieces = [(1, b"a"), (1, b"b"), (1, b"c"), (2, b"d"), (2, b"e"), (1, b"f")]
    assert list(merge_pieces(pieces, most)) == expected

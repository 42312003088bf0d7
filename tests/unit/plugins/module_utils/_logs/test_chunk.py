# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of a run since the last call: each byte once, without secrets, in bounded memory."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    STDERR,
    STDOUT,
    Engine,
    EngineError,
    Entry,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._logs import chunk as module
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import (
    LogChunk,
    LogCursor,
    LogRequest,
    read_chunk,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.redact import Redactor
from hypothesis import given, settings
from hypothesis import strategies as st

SECRETS = ("abab", "abba\nbbbb")

#: Streams and their output: few letters, so that secrets occur, are cut, or only begin.
DATA = st.lists(st.sampled_from([b"a", b"b", b"ab", b"abab", b"ba\n", b"bbb", b"\n", b"c\n", b"\xff"]), max_size=3)
ENTRIES = st.lists(st.tuples(st.sampled_from([STDOUT, STDERR]), DATA.map(b"".join), st.booleans()), max_size=25)
#: How many more entries there are at each call, and whether its answer is lost.
CALLS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=10)


class Log:
    """The output of a container until now: the first ``there`` of the entries; ``requests`` are the moments since which it was read."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.all = list(entries)
        self.there = len(self.all)
        self.requests: list[str] = []
        self.breaks_after: int | None = None

    def entries(self, _container_id: str, since: str) -> Iterator[Entry]:
        self.requests.append(since)
        for number, entry in enumerate(it for it in self.all[: self.there] if it.stamp >= since):
            if number == self.breaks_after:
                raise EngineError("the engine went away")
            yield entry


def stamp(number: int) -> str:
    return f"2026-11-23T06:42:07.{number:09}Z"


def log(*written: tuple[int, bytes, bool]) -> Log:
    """Return a log; each entry comes a moment after the one before, or at the same one."""
    moment, entries = 0, []
    for stream, data, later in written:
        moment += later
        entries.append(Entry(stream, stamp(moment), data))
    return Log(entries)


class Reader:
    """Reads the log as the action does, each time with the cursors of the answer before."""

    def __init__(self, of: Log, secrets: Iterable[str] = SECRETS, whole: bool = False) -> None:
        self.shown = {STDOUT: b"", STDERR: b""}
        self.skipped = 0
        self.log = of
        self._secrets = tuple(secrets)
        self._whole = whole
        self._cursors: Mapping[int, LogCursor] = {}

    def ask(self, ended: bool = False) -> LogChunk:
        engine = cast(Engine, self.log)
        return read_chunk(engine, "4711", self._secrets, LogRequest(self._cursors, self._whole), ended)

    def take(self, answer: LogChunk) -> None:
        """Take an answer, after its way through JSON."""
        chunk = LogChunk.from_returned(json.loads(json.dumps(answer.returned())))
        self._cursors = chunk.cursors
        self.skipped += chunk.skipped
        for stream, data in chunk.pieces:
            self.shown[stream] += data

    def to_the_end(self) -> None:
        self.log.there = len(self.log.all)
        while True:
            chunk = self.ask(ended=True)
            self.take(chunk)
            if not chunk.more:
                return


def whole(of: Log, stream: int, secrets: Iterable[str] = SECRETS) -> bytes:
    redactor = Redactor(secrets)
    return redactor.feed(b"".join(it.data for it in of.all if it.stream == stream)) + redactor.flush()


def follow(reader: Reader, calls: list[tuple[int, bool]]) -> None:
    reader.log.there = 0
    for more, lost in calls:
        reader.log.there += more
        chunk = reader.ask()
        if not lost:
            reader.take(chunk)
    reader.to_the_end()


@pytest.mark.parametrize("for_file", [False, True], ids=["terminal", "file"])
@given(written=ENTRIES, calls=CALLS, most=st.integers(1, 2), late=st.integers(1, 30))
@settings(max_examples=400)
def test_each_byte_is_shown_once_and_secrets_are_hidden(
    for_file: bool, written: list[tuple[int, bytes, bool]], calls: list[Any], most: int, late: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # The compressor writes two bytes at once, and the rest late: each piece fills an answer, or none does.
        patch.setattr(module, "MOST_PACKED", most if for_file else module.MOST_PACKED)
        patch.setattr(module, "LATE", late)
        reader = Reader(log(*written), whole=for_file)
        follow(reader, calls)
    assert reader.shown == {stream: whole(reader.log, stream) for stream in (STDOUT, STDERR)}
    assert reader.skipped == 0


@given(written=ENTRIES, calls=CALLS, most=st.integers(1, 20))
def test_lines_that_are_left_out_are_counted(
    written: list[tuple[int, bytes, bool]], calls: list[Any], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST", most)
        reader = Reader(log(*written))
        follow(reader, calls)
    lines = sum(whole(reader.log, stream).count(b"\n") for stream in (STDOUT, STDERR))
    assert sum(shown.count(b"\n") for shown in reader.shown.values()) + reader.skipped == lines


def test_the_streams_come_in_their_order() -> None:
    chunk = Reader(log((STDOUT, b"1\n", True), (STDERR, b"2\n", True), (STDOUT, b"3\n", True))).ask()
    assert [*chunk.pieces] == [(STDOUT, b"1\n"), (STDERR, b"2\n"), (STDOUT, b"3\n")]


def test_the_possible_beginning_of_a_secret_is_held_back() -> None:
    reader = Reader(log((STDOUT, b"it is hunt", True), (STDOUT, b"er22\n", True)), ["hunter22"])
    reader.log.there = 1
    reader.take(reader.ask())
    assert reader.shown[STDOUT] == b"it is "
    reader.log.there = 2
    reader.take(reader.ask())
    assert reader.shown[STDOUT] == b"it is ********\n"


def test_at_the_end_nothing_is_held_back() -> None:
    reader = Reader(log((STDOUT, b"hunt", True)), ["hunter22"])
    assert ([*reader.ask().pieces], [*reader.ask(ended=True).pieces]) == ([], [(STDOUT, b"hunt")])


@pytest.mark.parametrize("breaks_after", [0, 1])
def test_nothing_is_lost_where_the_engine_goes_away_while_it_is_read(breaks_after: int) -> None:
    reader = Reader(log((STDOUT, b"1\n", True), (STDOUT, b"2\n", True)))
    reader.log.there = 1
    reader.take(reader.ask())
    reader.log.there, reader.log.breaks_after = 2, breaks_after
    chunk = reader.ask()
    assert ([*chunk.pieces], chunk.trouble, chunk.more) == ([], "the engine went away", False)
    reader.take(chunk)
    reader.log.breaks_after = None
    reader.to_the_end()
    assert reader.shown[STDOUT] == b"1\n2\n"


def test_a_line_without_end_is_kept_in_bounded_memory() -> None:
    frame = b"x" * 16384
    reader = Reader(log(*((STDOUT, frame, True) for _number in range(640))))
    chunk = reader.ask()
    assert sum(len(data) for _stream, data in chunk.pieces) <= module.MOST
    assert chunk.skipped == 0
    # The omitted bytes were read, and are not read again.
    assert chunk.cursors[STDOUT] == LogCursor(stamp(640), 1, 0)


def test_a_silent_stream_does_not_make_the_reader_begin_again() -> None:
    reader = Reader(Log([Entry(STDOUT, stamp(number), b"x\n") for number in range(3)]))
    for there in (1, 2, 3):
        reader.log.there = there
        reader.take(reader.ask())
    assert reader.log.requests == ["", "", stamp(0)]


def test_a_late_entry_of_the_other_stream_is_found_without_reading_all_again() -> None:
    """Where two write at the same time, the engine may keep the later entry first."""
    written = [Entry(STDOUT, stamp(number), b"x\n") for number in range(1000)]
    reader = Reader(Log([*written, Entry(STDERR, stamp(950), b"late\n"), Entry(STDOUT, stamp(1000), b"x\n")]))
    reader.log.there = 1000
    reader.take(reader.ask())
    reader.to_the_end()
    assert reader.shown == {STDOUT: b"x\n" * 1001, STDERR: b"late\n"}
    assert reader.log.requests == ["", stamp(1000 - module.LATE)]


def test_output_that_does_not_compress_comes_in_answers_of_bounded_size() -> None:
    noise = random.Random(4711)
    reader = Reader(
        log(*((STDOUT, noise.getrandbits(8 * 16384).to_bytes(16384, "big"), True) for _number in range(640))),
        (),
        whole=True,
    )
    largest = 0
    while (chunk := reader.ask(ended=True)).more:
        largest = max(largest, len(chunk.data))
        reader.take(chunk)
    reader.take(chunk)
    assert module.MOST_PACKED < largest < module.MOST_PACKED + 4 * module.BATCH
    assert reader.shown[STDOUT] == whole(reader.log, STDOUT, ())

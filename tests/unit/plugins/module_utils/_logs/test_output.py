# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of the output of a run: each stream separately, no longer than the limit, no character cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import STDERR, STDOUT, Engine
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.output import Output, read_output
from hypothesis import example, given
from hypothesis import strategies as st

SECRET = "s3cret-password"


class Log:
    """A log, and the requests for parts of it; a ``whole`` one is always read from its beginning."""

    def __init__(self, *frames: tuple[int, bytes], whole: bool = False) -> None:
        self.frames = frames
        self.whole = whole
        self.requests: list[tuple[tuple[int, ...], int]] = []

    def logs(self, _container_id: str, streams: Sequence[int], last: int = 0) -> Iterator[tuple[int, bytes]]:
        self.requests.append((tuple(streams), last))
        last = 0 if self.whole else last
        return iter([frame for frame in self.frames[-last:] if frame[0] in streams])


def collect(frames: Sequence[tuple[int, bytes]], secrets: Sequence[str], limit: int) -> Output:
    """Return the end of a log that is read from its beginning."""
    return read_output(cast(Engine, Log(*frames, whole=True)), "4711", secrets, limit)


@pytest.mark.parametrize(
    ("frames", "limit", "output"),
    [
        pytest.param([], 10, Output(), id="nothing"),
        pytest.param([(STDOUT, b"a\n"), (STDERR, b"b\n"), (STDOUT, b"c\n")], 10, Output("a\nc", "b"), id="two streams"),
        pytest.param([(STDOUT, b"12345")], 5, Output("12345"), id="as long as the limit"),
        pytest.param([(STDOUT, b"123456")], 5, Output("23456", truncated=True), id="longer than the limit"),
        pytest.param([(STDERR, b"123456")], 5, Output("", "23456", truncated=True), id="the other is longer"),
        pytest.param([(STDOUT, b"1")] * 100, 5, Output("11111", truncated=True), id="many frames"),
        pytest.param([(STDOUT, b"123")], 0, Output(truncated=True), id="nothing is wanted"),
        pytest.param([(STDOUT, "äöü".encode())], 5, Output("öü", truncated=True), id="a cut character is left out"),
        pytest.param([(STDOUT, "a€".encode())], 2, Output("", truncated=True), id="a character longer than the limit"),
        pytest.param([(STDOUT, "€".encode()[:2]), (STDOUT, "€".encode()[2:])], 9, Output("€"), id="over two frames"),
        pytest.param([(STDOUT, b"a\xffb")], 9, Output("a\ufffdb"), id="no text"),
        pytest.param([(STDOUT, b"a\r\n\r\n")], 9, Output("a"), id="ends of lines at the end"),
        pytest.param([(STDOUT, b" \ta \n")], 9, Output(" \ta "), id="other white space stays"),
        pytest.param([(0, b"stdin"), (3, b"engine")], 9, Output(), id="other streams are not the run's"),
    ],
)
def test_the_end_of_both_streams_is_returned(frames: list[tuple[int, bytes]], limit: int, output: Output) -> None:
    assert collect(frames, (), limit) == output


def test_output_that_is_no_text_is_not_lost() -> None:
    output = collect([(STDOUT, b"\x80\x81\x82" * 100)], (), 30)
    assert output.stdout != ""


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("limit", [4, 12, 1000])
def test_a_secret_is_hidden_before_the_output_is_cut(size: int, limit: int) -> None:
    text = f"using {SECRET} twice: {SECRET}\n".encode()
    frames = [(STDOUT, text[start : start + size]) for start in range(0, len(text), size)]
    output = collect(frames, [SECRET], limit)
    shown = "using ******** twice: ********\n"
    assert output == Output(shown[-limit:].rstrip(), truncated=len(shown) > limit)


def test_a_secret_is_not_found_over_two_streams() -> None:
    frames = [(STDOUT, b"s3cret-"), (STDERR, b"password"), (STDOUT, b"nothing")]
    assert collect(frames, [SECRET], 100) == Output("s3cret-nothing", "password")


@example(text="0000000\U00010000", sizes=[1, 1, 1, 2, 5], limit=1)
@given(text=st.text(), sizes=st.lists(st.integers(1, 5)), limit=st.integers(0, 40))
def test_the_frames_make_no_difference(text: str, sizes: list[int], limit: int) -> None:
    data, frames = text.encode(), []
    for size in sizes:
        frames.append((STDOUT, data[:size]))
        data = data[size:]
    output = collect([*frames, (STDOUT, data)], (), limit)
    assert output == collect([(STDOUT, text.encode())], (), limit)
    assert text.rstrip("\r\n").endswith(output.stdout)
    assert len(output.stdout.encode()) <= limit
    assert output.truncated == (len(text.encode()) > limit)


MANY = ((STDOUT, b"a line\n"),) * 100_000
HALVES = (STDOUT, b"s3cret-"), (STDOUT, b"password")


@pytest.mark.parametrize(
    ("frames", "again"),
    [
        pytest.param(MANY, [(STDERR,)], id="one stream is silent"),
        pytest.param([(STDERR, b"early\n"), *MANY], [(STDERR,)], id="one has written early"),
        pytest.param([*MANY, *[(STDERR, b"late\n")] * 500], [], id="both have written much"),
        pytest.param([(STDOUT, b"1"), (STDERR, b"2")], [(STDOUT, STDERR)], id="both have written little"),
        pytest.param([(STDOUT, b"\n")] * 5000, [(STDOUT, STDERR)], id="short lines"),
        pytest.param([*HALVES * 5000, (STDOUT, b"!")], [(STDERR,)], id="they begin in the middle of a secret"),
    ],
)
def test_a_large_log_is_read_from_its_end(frames: Sequence[tuple[int, bytes]], again: list[Any]) -> None:
    log = Log(*frames)
    output = read_output(cast(Engine, log), "4711", [SECRET], 2000)
    assert output == collect(frames, [SECRET], 2000)
    assert log.requests[1:] == [(streams, 0) for streams in again]

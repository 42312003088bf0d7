# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines on the terminal: whole, prefixed, harmless, and a sign of life where there are none."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import STDERR, STDOUT
from ansible_collections.migrate_first.docker.plugins.plugin_utils._live_log import (
    LONGEST,
    SILENCE,
    LiveLog,
    duration,
    plain,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock
from hypothesis import given
from hypothesis import strategies as st


class Terminal:
    """A terminal that keeps its lines, and a clock."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.clock = MemoryClock()
        self.live = LiveLog("h1 job", lambda text: self.lines.extend(text.split("\n")), self.clock.monotonic)


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


def test_each_line_begins_with_the_host_and_the_job(terminal: Terminal) -> None:
    terminal.live.add(STDOUT, b"one\ntwo\n\nfour\n")
    assert terminal.lines == ["h1 job | one", "h1 job | two", "h1 job | ", "h1 job | four"]


def test_a_line_is_shown_when_it_is_whole(terminal: Terminal) -> None:
    terminal.live.add(STDOUT, b"Applying 0004")
    assert terminal.lines == []
    terminal.live.add(STDOUT, b"... OK\nApplying")
    assert terminal.lines == ["h1 job | Applying 0004... OK"]
    terminal.live.end()
    assert terminal.lines[1:] == ["h1 job | Applying"]
    terminal.live.end()
    assert terminal.lines[2:] == []


def test_the_streams_do_not_mix_within_a_line(terminal: Terminal) -> None:
    terminal.live.add(STDOUT, b"out")
    terminal.live.add(STDERR, b"err\n")
    terminal.live.add(STDOUT, b"put\n")
    assert terminal.lines == ["h1 job | err", "h1 job | output"]


def test_a_line_without_end_is_shown_in_parts_and_not_kept(terminal: Terminal) -> None:
    for _number in range(640):
        terminal.live.add(STDOUT, b"x" * 16384)
        assert sum(len(rest) for rest in terminal.live._rest.values()) <= 4 * LONGEST
    assert len(terminal.lines) == 640
    assert all(len(line) < LONGEST + 100 for line in terminal.lines)
    assert terminal.lines[0].endswith("(16384 characters)")


def test_omitted_lines_are_counted(terminal: Terminal) -> None:
    terminal.live.skip(0)
    terminal.live.skip(4711)
    assert terminal.lines == ["h1 job | (4711 lines left out)"]


def test_the_pieces_before_and_after_omitted_lines_are_not_joined(terminal: Terminal) -> None:
    terminal.live.add(STDOUT, b"before")
    terminal.live.skip(0)
    terminal.live.skip(3)
    terminal.live.add(STDOUT, b"after\n")
    assert terminal.lines == ["h1 job | before", "h1 job | (3 lines left out)", "h1 job | after"]


@pytest.mark.parametrize(
    ("usual", "sentence"),
    [(None, "(running for 12 min 05 s)"), (600.4, "(running for 12 min 05 s; the last success took 10 min 00 s)")],
    ids=["the first run", "a later one"],
)
def test_after_a_silence_there_is_a_sign_of_life(terminal: Terminal, usual: float | None, sentence: str) -> None:
    terminal.clock.sleep(SILENCE - 0.1)
    terminal.live.sign_of_life(724.9, usual)
    assert terminal.lines == []
    terminal.clock.sleep(0.2)
    terminal.live.sign_of_life(725.1, usual)
    assert terminal.lines == [f"h1 job | {sentence}"]
    # The next one after another silence.
    terminal.clock.sleep(SILENCE - 0.1)
    terminal.live.sign_of_life(755.0, usual)
    assert len(terminal.lines) == 1


def test_a_job_that_writes_needs_no_sign_of_life(terminal: Terminal) -> None:
    for _number in range(10):
        terminal.clock.sleep(SILENCE - 0.1)
        terminal.live.add(STDOUT, b"x\n")
        terminal.live.sign_of_life(300.0, None)
    assert terminal.lines == ["h1 job | x"] * 10


@pytest.mark.parametrize(
    ("line", "text"),
    [
        pytest.param(b"a\tb", "a\tb", id="a tab"),
        pytest.param("prüfen ✓".encode(), "prüfen ✓", id="more than ASCII"),
        pytest.param(b"caf\xe9", "caf\ufffd", id="no UTF-8"),
        pytest.param(b"a\0b", "ab", id="NUL"),
        pytest.param(b"ended\r", "ended", id="the line end of Windows"),
        pytest.param(b"10 %\r50 %\r100 %", "100 %", id="a progress bar"),
        pytest.param(b"10 %\r50 %\r", "50 %", id="a progress bar that goes on"),
        pytest.param(b"\x1b[1;31mred\x1b[0m", "red", id="colours"),
        pytest.param(b"\x1b[2J\x1b[H\x1b[?25lclean", "clean", id="another place on the screen"),
        pytest.param(b"\x1b]0;title\x07text", "text", id="a title, ended by a bell"),
        pytest.param(b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link", id="a link, ended by ST"),
        pytest.param(b"\x1bPq#0;2\x1b\\text", "text", id="a picture"),
        pytest.param(b"\x1bcreset", "reset", id="a reset"),
        pytest.param(b"cut \x1b[3", "cut 3", id="a sequence that is cut off"),
        pytest.param("\x9b31mred".encode(), "31mred", id="a control character beyond ASCII"),
        pytest.param(b"bell\x07 back\x08space del\x7f", "bell backspace del", id="other control characters"),
    ],
)
def test_control_sequences_are_removed(line: bytes, text: str) -> None:
    assert plain(line) == text


@given(
    line=st.lists(st.sampled_from([b"\x1b", b"[", b"]", b"P", b";", b"3", b"m", b"\\", b"\x07", b"\xc2\x9b", b"\xff"]))
)
def test_no_control_character_gets_through(line: list[bytes]) -> None:
    shown = plain(b"".join(line))
    assert not [character for character in shown if ord(character) < 32 or 0x7F <= ord(character) <= 0x9F]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (200, "3 min 20 s"),
        (3599.7, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_a_duration_is_written_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The places where the log goes: chosen by the options, each with its lines, and the request of the next call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import STDERR, STDOUT
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Progress
from ansible_collections.migrate_first.docker.plugins.module_utils._logs import chunk as module
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import LogChunk, LogCursor, LogRequest
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.packing import pack
from ansible_collections.migrate_first.docker.plugins.plugin_utils._log_output import LogOutput

CURSORS = {STDOUT: LogCursor("2026-11-23T06:42:07.000000001Z", 1)}
CHUNK = LogChunk(pack([(STDOUT, b"one\n"), (STDERR, b"two\n")]), CURSORS)
BUSY = Progress("it is busy", waiting=True)


class Terminal:
    """An output, and the lines that it has shown on the terminal."""

    def __init__(self, no_log: bool = False, **options: Any) -> None:
        self.lines: list[str] = []
        options = {"live": True, "log_path": None, "secret_env": None, "container": {}, **options}
        self.output = LogOutput.from_options(options, "h1 job", self._show, no_log)

    def _show(self, text: str) -> None:
        self.lines.extend(text.split("\n"))


@pytest.mark.parametrize(
    ("no_log", "options", "live", "whole"),
    [
        pytest.param(False, {}, True, False, id="by default"),
        pytest.param(False, {"live": False}, False, None, id="turned off"),
        pytest.param(True, {"live": True}, False, None, id="without a log"),
        pytest.param(False, {"log_path": "log"}, True, True, id="with a file"),
        pytest.param(False, {"live": False, "log_path": "log"}, False, True, id="with a file alone"),
        pytest.param(True, {"log_path": "log"}, False, True, id="with a file, without a log"),
    ],
)
def test_the_options_choose_terminal_and_file(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    no_log: bool,
    options: dict[str, Any],
    live: bool,
    whole: bool | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = Terminal(no_log, **options)
    with shown.output as output:
        assert output.request == (None if whole is None else LogRequest({}, whole))
        output.write(CHUNK)
        output.note("it is created")
        output.show_progress(BUSY)
    lines = ["one", "two", "(it is created)", "(it is busy)"]
    assert shown.lines == ([f"h1 job | {line}" for line in lines] if live else [])
    assert [path.read_text().endswith("\none\ntwo\n") for path in tmp_path.iterdir()] == ([True] if whole else [])


def test_the_next_call_reads_behind_the_last_chunk() -> None:
    output = Terminal().output
    output.write(CHUNK)
    assert output.request == LogRequest(CURSORS)
    # A call without an answer has not moved it.
    output.write(None)
    assert output.request == LogRequest(CURSORS)


def test_the_log_of_another_attempt_is_read_from_its_beginning() -> None:
    output = Terminal().output
    output.write(CHUNK)
    output.end_attempt({"outcome": "failed"})
    assert output.request == LogRequest()


def test_a_line_without_an_end_is_shown_when_the_attempt_ends() -> None:
    shown = Terminal()
    shown.output.write(LogChunk(pack([(STDOUT, b"Killed")]), CURSORS))
    assert shown.lines == []
    shown.output.end_attempt({"outcome": "killed"})
    assert shown.lines == ["h1 job | Killed"]


def test_the_same_note_is_shown_once() -> None:
    shown = Terminal()
    for _number in range(3):
        shown.output.write(LogChunk(trouble="the driver cannot read"))
        shown.output.show_progress(BUSY)
    assert shown.lines == ["h1 job | (its output cannot be read: the driver cannot read)", "h1 job | (it is busy)"]


def test_a_terminal_gets_the_newest_lines_and_a_file_gets_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "MOST", 20_000)
    lines = [b"%05d\n" % number for number in range(10_000)]
    terminal = Terminal(log_path=str(tmp_path / "log"))
    with terminal.output as output:
        output.write(LogChunk(pack((STDOUT, line) for line in lines), CURSORS))
    assert (tmp_path / "log").read_bytes().endswith(b"\n" + b"".join(lines))
    first, *shown = terminal.lines
    assert shown[-1] == "h1 job | 09999"
    assert first == f"h1 job | ({len(lines) - len(shown)} lines left out)"
    assert sum(len(line) for line in shown) < 50_000


@pytest.mark.parametrize("outcome", ["succeeded", "not_started"])
def test_each_attempt_has_a_footer(tmp_path: Path, outcome: str) -> None:
    with Terminal(log_path=str(tmp_path / "log")).output as output:
        output.end_attempt({"outcome": "killed"})
        output.end_attempt({"outcome": outcome})
    text = (tmp_path / "log").read_text()
    assert [line for line in text.splitlines() if "outcome" in line] == [
        "#   outcome: killed",
        f"#   outcome: {outcome}",
    ]

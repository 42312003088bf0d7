# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who listens: by which options, what the next call is asked, and who gets what is heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import STDERR, STDOUT
from ansible_collections.migrate_first.docker.plugins.module_utils._logs import chunk as module
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import News, Place
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.packing import packed
from ansible_collections.migrate_first.docker.plugins.plugin_utils._listener import (
    Listener,
)

PLACES = {STDOUT: Place("2026-11-23T06:42:07.000000001Z", 1)}
HEARD = News(packed([(STDOUT, b"one\n"), (STDERR, b"two\n")]), PLACES).returned()


class Heard:
    """A listener, and what it has shown."""

    def __init__(self, no_log: bool = False, **options: Any) -> None:
        self.lines: list[str] = []
        self.listener = Listener.of(options, "h1 job", lambda text: self.lines.extend(text.split("\n")), no_log)


@pytest.mark.parametrize(
    ("no_log", "options", "live", "whole"),
    [
        pytest.param(False, {}, True, False, id="by default"),
        pytest.param(False, {"live": "yes"}, True, False, id="asked for in words"),
        pytest.param(False, {"live": False}, False, None, id="turned off"),
        pytest.param(False, {"live": "no"}, False, None, id="turned off in words"),
        pytest.param(True, {"live": True}, False, None, id="without a log"),
        pytest.param(False, {"log_path": "log"}, True, True, id="with a file"),
        pytest.param(False, {"live": False, "log_path": "log"}, False, True, id="with a file alone"),
        pytest.param(True, {"log_path": "log"}, False, True, id="with a file, without a log"),
    ],
)
def test_who_listens(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    no_log: bool,
    options: dict[str, Any],
    live: bool,
    whole: bool | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    heard = Heard(no_log, **options)
    with heard.listener as listener:
        assert listener.follow == (None if whole is None else {"places": {}, "whole": whole})
        listener.hear(HEARD)
        listener.note("it is busy")
        listener.progress({"waiting": True, "sentence": "it is created"})
    shown = ["one", "two", "(it is busy)", "(it is created)"]
    assert heard.lines == ([f"h1 job | {line}" for line in shown] if live else [])
    assert [path.read_text().endswith("\none\ntwo\n") for path in tmp_path.iterdir()] == ([True] if whole else [])


def test_the_next_call_is_asked_for_what_comes_behind() -> None:
    listener = Heard().listener
    listener.hear(HEARD)
    assert listener.follow == {"places": HEARD["places"], "whole": False}
    # What does not answer has not moved it.
    listener.hear(None)
    assert listener.follow == {"places": HEARD["places"], "whole": False}


def test_another_attempt_has_another_log() -> None:
    listener = Heard().listener
    listener.hear(HEARD)
    listener.attempted({"outcome": "failed"})
    assert listener.follow == {"places": {}, "whole": False}


def test_what_had_no_end_is_shown_at_the_end() -> None:
    heard = Heard()
    heard.listener.hear(News(packed([(STDOUT, b"Killed")]), PLACES).returned())
    assert heard.lines == []
    heard.listener.attempted({"outcome": "killed"})
    assert heard.lines == ["h1 job | Killed"]


def test_the_same_is_said_once() -> None:
    heard = Heard()
    trouble = News(trouble="the driver cannot read").returned()
    for _number in range(3):
        heard.listener.hear(trouble)
        heard.listener.progress({"waiting": True, "sentence": "it is busy"})
    assert heard.lines == ["h1 job | (its output cannot be read: the driver cannot read)", "h1 job | (it is busy)"]


def test_a_terminal_gets_the_newest_lines_and_a_file_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "MOST", 20_000)
    lines = [b"%05d\n" % number for number in range(10_000)]
    heard = Heard(log_path=str(tmp_path / "log"))
    with heard.listener as listener:
        listener.hear(News(packed((STDOUT, line) for line in lines), PLACES).returned())
    assert (tmp_path / "log").read_bytes().endswith(b"\n" + b"".join(lines))
    first, *shown = heard.lines
    assert shown[-1] == "h1 job | 09999"
    assert first == f"h1 job | ({len(lines) - len(shown)} lines left out)"
    assert sum(len(line) for line in shown) < 50_000


@pytest.mark.parametrize("outcome", ["succeeded", "not_started"])
def test_each_attempt_has_its_footer(tmp_path: Path, outcome: str) -> None:
    with Heard(log_path=str(tmp_path / "log")).listener as listener:
        listener.attempted({"outcome": "killed"})
        listener.attempted({"outcome": outcome})
    text = (tmp_path / "log").read_text()
    assert [line for line in text.splitlines() if "outcome" in line] == [
        "#   outcome: killed",
        f"#   outcome: {outcome}",
    ]

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who hears what a job writes: the terminal, and a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import Newest, read
from ansible_collections.migrate_first.docker.plugins.plugin_utils._live import Live
from ansible_collections.migrate_first.docker.plugins.plugin_utils._log_file import LogFile, NoLogFile

__all__ = ["Listener", "NoLogFile"]

#: Seconds that one execution of the module may take: a dropped connection then costs little. Where somebody listens, it
#: returns as soon as there is something to hear.
PATIENCE = 15


class Listener:
    """Takes the news of each call, and hands them on; ``follow`` is what the next call has to be asked."""

    def __init__(self, live: Live | None, log: LogFile | None) -> None:
        self._live = live
        self._log = log
        self._places: Mapping[str, Any] = {}
        self._trouble = ""
        self._said = ""
        self.more = False

    @classmethod
    def of(cls, arguments: Mapping[str, Any], prefix: str, show: Callable[[str], None], no_log: bool) -> Listener:
        """Return who listens by the options ``live`` and ``log_path`` of a task."""
        live = not no_log and boolean(arguments.get("live", True), strict=False)
        path = arguments.get("log_path")
        return cls(Live(prefix, show) if live else None, LogFile(str(path), prefix, arguments) if path else None)

    @property
    def follow(self) -> dict[str, Any] | None:
        """What the next call is asked for, None where nobody listens."""
        return {"places": self._places, "whole": bool(self._log)} if self._live or self._log else None

    @property
    def log_path(self) -> str | None:
        """The file that gets the log."""
        return str(self._log.path) if self._log else None

    @property
    def trouble(self) -> str:
        """Why the file has not got the whole log, where that is so."""
        return self._log.trouble if self._log else ""

    def hear(self, heard: Mapping[str, Any] | None) -> None:
        """Take the news of a call."""
        if heard is None:
            self.more = False
            return
        self._places, self.more = heard["places"], heard["more"]
        newest = Newest()
        for stream, data in read(heard):
            newest.add(stream, data)
            if self._log:
                self._log.add(data)
        if self._live:
            self._live.skipped(heard["skipped"] + newest.skipped)
            for stream, data in newest.kept:
                self._live.add(stream, data)
        if heard["trouble"] and heard["trouble"] != self._trouble and self._live:
            self._trouble = heard["trouble"]
            self._live.note(f"its output cannot be read: {self._trouble}")

    def progress(self, unfinished: Mapping[str, Any]) -> None:
        """Take what a call has told of a job that has not come to its end."""
        if not self._live:
            return
        if not unfinished["waiting"]:
            self._live.sign_of_life(unfinished["running"], unfinished["usual"])
        elif unfinished["sentence"] != self._said:
            self._said = unfinished["sentence"]
            self._live.note(self._said)

    def note(self, sentence: str) -> None:
        """Say something about the job."""
        if self._live:
            self._live.note(sentence)

    def attempted(self, returned: Mapping[str, Any]) -> None:
        """Take what came of an attempt; another one begins with another log."""
        if self._live:
            self._live.end()
        if self._log:
            self._log.end(returned)
        self._places = {}

    def __enter__(self) -> Listener:  # noqa: PYI034 - the oldest Python has no Self
        if self._log:
            self._log.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._log:
            self._log.close()

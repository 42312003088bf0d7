# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The places that the log of a job goes to: the terminal, and a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Progress
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import (
    LogChunk,
    LogCursor,
    LogRequest,
    NewestPieces,
)
from ansible_collections.migrate_first.docker.plugins.plugin_utils._live_log import LiveLog
from ansible_collections.migrate_first.docker.plugins.plugin_utils._log_file import LogFile


class LogOutput:
    """Writes the chunks of each call; ``request`` is what the next call is asked for. A context manager."""

    def __init__(self, live: LiveLog | None, file: LogFile | None) -> None:
        self._live = live
        self._file = file
        self._cursors: Mapping[int, LogCursor] = {}
        self._trouble = ""
        self._last_note = ""
        self.more = False

    @classmethod
    def from_options(
        cls, options: Mapping[str, Any], prefix: str, show: Callable[[str], None], no_log: bool
    ) -> LogOutput:
        """Return the places that the options ``live`` and ``log_path`` of a task name."""
        live = LiveLog(prefix, show) if options["live"] and not no_log else None
        path = options["log_path"]
        return cls(live, LogFile(str(path), prefix, options) if path else None)

    @property
    def request(self) -> LogRequest | None:
        """What the next call is asked for, None where the log goes nowhere."""
        return LogRequest(self._cursors, whole=bool(self._file)) if self._live or self._file else None

    @property
    def log_path(self) -> str | None:
        """The file that gets the log."""
        return str(self._file.path) if self._file else None

    @property
    def trouble(self) -> str:
        """Why the file does not have the whole log, empty where it has."""
        return self._file.trouble if self._file else ""

    def write(self, chunk: LogChunk | None) -> None:
        """Write what a call has returned of the log."""
        if chunk is None:
            self.more = False
            return
        self._cursors, self.more = chunk.cursors, chunk.more
        newest = NewestPieces()
        for stream, data in chunk.pieces:
            newest.add(stream, data)
            if self._file:
                self._file.add(data)
        if self._live:
            self._live.skip(chunk.skipped + newest.skipped)
            for stream, data in newest.kept:
                self._live.add(stream, data)
        if chunk.trouble and chunk.trouble != self._trouble and self._live:
            self._trouble = chunk.trouble
            self._live.note(f"its output cannot be read: {self._trouble}")

    def show_progress(self, progress: Progress) -> None:
        """Show how far the job has come: a sign of life, or for what it waits."""
        if not self._live:
            return
        if not progress.waiting:
            self._live.sign_of_life(progress.running, progress.usual)
        elif progress.sentence != self._last_note:
            self._last_note = progress.sentence
            self._live.note(self._last_note)

    def note(self, sentence: str) -> None:
        """Say something about the job on the terminal."""
        if self._live:
            self._live.note(sentence)

    def end_attempt(self, result: Mapping[str, Any]) -> None:
        """End the log of an attempt with its result; another attempt begins another log."""
        if self._live:
            self._live.end()
        if self._file:
            self._file.end(result)
        self._cursors = {}

    def __enter__(self) -> LogOutput:  # noqa: PYI034 - the oldest Python has no Self
        if self._file:
            self._file.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

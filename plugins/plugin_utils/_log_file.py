# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole log of a job in a file on the controller, which only its owner can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path
from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._logs.redact import redact, secrets_in


class LogFileError(Exception):
    """The file cannot be written; the message says why."""


class LogFile:
    """
    A file of mode 0600 that is appended to: a header, and for each attempt its log and a footer.

    ``trouble`` says why nothing is written any more: the job goes on without the file.
    """

    def __init__(self, path: str, job: str, arguments: Mapping[str, Any]) -> None:
        # Unlike Path.expanduser this leaves the name of an unknown user as it is; opening the file fails then.
        self.path = Path(os.path.expanduser(path)).absolute()  # noqa: PTH111
        self.trouble = ""
        self._job = job
        self._arguments = arguments
        self._file: BufferedWriter | None = None
        self._whole = True

    def open(self) -> None:
        """Open the file and write the header; raise LogFileError."""
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            # An older file may be readable for others. A device such as /dev/null stays as it is.
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.fchmod(descriptor, 0o600)
        except OSError as error:
            raise LogFileError(str(error)) from error
        self._file = os.fdopen(descriptor, "ab")
        container = self._arguments.get("container")
        of_container = container if isinstance(container, Mapping) else {}
        asked = {
            "release": self._arguments.get("release"),
            "image": of_container.get("image"),
            "command": self._arguments.get("command") or of_container.get("command"),
        }
        self._section("begin", {"job": self._job, **asked})
        if self.trouble:
            raise LogFileError(self.trouble)

    def add(self, data: bytes) -> None:
        """Write a part of the log; it is in the file when this returns."""
        if not data or not self._file or self.trouble:
            return
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            self.trouble = str(error)
        self._whole = data.endswith(b"\n")

    def end(self, result: Mapping[str, Any]) -> None:
        """Write the footer, with the result."""
        known = ("outcome", "exit_code", "started_at", "finished_at", "duration", "image_id", "container_id")
        self._section("end", {key: result.get(key) for key in known})

    def close(self) -> None:
        """Close the file."""
        # Closing tries to write the rest again; that trouble is known already.
        with suppress(OSError):
            if self._file:
                self._file.close()

    def _section(self, word: str, facts: Mapping[str, object]) -> None:
        lines = [*([] if self._whole else [""]), f"# {word}", *(f"#   {key}: {value}" for key, value in facts.items())]
        text = redact("".join(f"{line}\n" for line in lines), secrets_in(self._arguments))
        self.add(text.encode(errors="replace"))

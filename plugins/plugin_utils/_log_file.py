# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole log of a job in a file on the controller, for its owner's eyes alone, written as it comes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from io import BufferedWriter
from pathlib import Path
from typing import Any

from ansible_collections.migrate_first.docker.plugins.module_utils._container.redact import redacted, secrets_in


class NoLogFile(Exception):
    """The file cannot be written; the message says why."""


class LogFile:
    """A file of mode 0600 with a header and a footer for each attempt, appended to."""

    def __init__(self, path: str, job: str, arguments: Mapping[str, Any]) -> None:
        self.path = Path(path).expanduser().absolute()
        self._job = job
        self._arguments = arguments
        self._file: BufferedWriter | None = None
        self._whole = True

    def open(self) -> None:
        """Begin with the header; raise NoLogFile."""
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            # One that was there may have been readable for others.
            os.fchmod(descriptor, 0o600)
        except OSError as error:
            raise NoLogFile(str(error)) from error
        self._file = os.fdopen(descriptor, "ab")
        container = self._arguments.get("container")
        image = container.get("image") if isinstance(container, Mapping) else None
        asked = {"release": self._arguments.get("release"), "image": image, "command": self._arguments.get("command")}
        self._section("begin", {"job": self._job, **asked})

    def add(self, data: bytes) -> None:
        """Write what the job has written; it is in the file when this returns."""
        if data and self._file:
            self._file.write(data)
            self._file.flush()
            self._whole = data.endswith(b"\n")

    def end(self, returned: Mapping[str, Any]) -> None:
        """Write what came of it."""
        known = ("outcome", "exit_code", "started_at", "finished_at", "duration", "image_id", "container_id")
        self._section("end", {key: returned.get(key) for key in known})

    def close(self) -> None:
        """Write no more."""
        if self._file:
            self._file.close()

    def _section(self, word: str, facts: Mapping[str, object]) -> None:
        lines = [*([] if self._whole else [""]), f"# {word}", *(f"#   {key}: {value}" for key, value in facts.items())]
        text = redacted("".join(f"{line}\n" for line in lines), secrets_in(self._arguments))
        self.add(text.encode(errors="replace"))

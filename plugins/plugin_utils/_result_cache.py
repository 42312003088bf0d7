# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of an invocation: one fork follows a job, the others and later batches take its result."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from ansible import constants


class ResultCache:
    """
    A file that all forks of an invocation share, held by one of them at a time.

    It lies in the temporary folder of this ansible-playbook, which removes it at its end. It only saves work: the engine
    makes sure that a job runs once.
    """

    def __init__(self, *key: str) -> None:
        digest = hashlib.sha256("\0".join(key).encode()).hexdigest()[:16]
        folder: str = getattr(constants, "DEFAULT_LOCAL_TMP")  # noqa: B009 - core sets it when it runs
        self._path = Path(folder, f"migration-job-{digest}.json")

    def __enter__(self) -> ResultCache:  # noqa: PYI034 - the oldest Python has no Self
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+", encoding="utf-8")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def load(self) -> dict[str, Any] | None:
        """Return what was stored, or None."""
        content = self._file.read()
        return dict(json.loads(content)) if content else None

    def store(self, value: Mapping[str, Any]) -> None:
        """Store a value that JSON has."""
        self._file.seek(0)
        self._file.truncate()
        json.dump(value, self._file)
        self._file.flush()

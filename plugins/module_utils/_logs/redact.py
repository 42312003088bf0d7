# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaces secret values in a stream of bytes, before it is cut into chunks, lines or a tail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

#: Shorter values are left alone: they occur everywhere, and the output could not be read any more.
SHORTEST = 4

REPLACEMENT = b"********"


class Redactor:
    """
    Replaces each secret in one stream, also one that is split over two chunks.

    A secret counts as a whole, as each of its lines (a PEM key), and as the password of the URL
    that it may be, raw and decoded.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        needles = sorted(_needles(secrets), key=len, reverse=True)
        self._pattern = re.compile(b"|".join(re.escape(needle) for needle in needles)) if needles else None
        #: The length of the longest secret: fewer bytes than that are ever held back.
        self.longest = len(needles[0]) if needles else 1
        self._by_first_byte: dict[int, list[bytes]] = {}
        for needle in needles:
            self._by_first_byte.setdefault(needle[0], []).append(needle)
        self._held = b""

    @property
    def held(self) -> int:
        """How many of the last bytes are held back, because a secret may begin there."""
        return len(self._held)

    def feed(self, chunk: bytes) -> bytes:
        """Take a chunk, and return the bytes that can be shown by now; a later call returns the rest."""
        data = self._held + chunk
        return self._release(data, self._undecided(data))

    def flush(self) -> bytes:
        """Return what was held back, at the end of the stream."""
        return self._release(self._held, len(self._held))

    def _undecided(self, data: bytes) -> int:
        """Return the position of the last bytes that may be the beginning of a secret."""
        for start in range(max(len(data) - self.longest + 1, 0), len(data)):
            candidates = self._by_first_byte.get(data[start], ())
            if any(len(needle) > len(data) - start and needle.startswith(data[start:]) for needle in candidates):
                return start
        return len(data)

    def _release(self, data: bytes, undecided: int) -> bytes:
        """Show what comes before the undecided bytes; a secret that reaches into them is decided."""
        shown, position = [], 0
        for match in self._pattern.finditer(data) if self._pattern else ():
            if match.start() >= undecided:
                break
            shown += [data[position : match.start()], REPLACEMENT]
            position = match.end()
        end = max(position, undecided)
        self._held = data[end:]
        return b"".join([*shown, data[position:end]])


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return a text without the secrets, for messages that quote an engine or a tool."""
    redactor = Redactor(secrets)
    return (redactor.feed(_bytes(text)) + redactor.flush()).decode(errors="surrogateescape")


def secrets_in(options: Any) -> set[str]:
    """Return the values of ``secret_env`` in options, at any depth."""
    if not isinstance(options, Mapping):
        return set()
    own = options.get("secret_env")
    found = {str(value) for value in own.values()} if isinstance(own, Mapping) else set()
    return found.union(*(secrets_in(value) for key, value in options.items() if key != "secret_env"))


def _needles(secrets: Iterable[str]) -> set[bytes]:
    texts: set[str] = set()
    for secret in secrets:
        texts |= {secret, secret.strip(), *(line.strip() for line in secret.splitlines())}
        password = _url_password(secret)
        texts |= {password, unquote(password)}
    return {_bytes(text) for text in texts if len(text) >= SHORTEST}


def _bytes(text: str) -> bytes:
    """Encode a text in the way in which core decodes a file that is not UTF-8."""
    return text.encode(errors="surrogateescape")


def _url_password(secret: str) -> str:
    try:
        return urlsplit(secret).password or ""
    except ValueError:
        return ""

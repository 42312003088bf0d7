# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes secret values out of a stream of bytes, before it is cut into chunks, lines or a tail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

#: Shorter values are left alone: they occur everywhere, and hiding them would hide the output.
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
        self._longest = len(needles[0]) if needles else 1
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """Take a chunk, and return what can be shown by now; the rest comes with a later call."""
        return self._release(self._held + chunk, hold_back=self._longest - 1)

    def flush(self) -> bytes:
        """Return what was held back, at the end of the stream."""
        return self._release(self._held, hold_back=0)

    def _release(self, data: bytes, hold_back: int) -> bytes:
        """Decide about all that starts early enough for the longest secret to be there whole."""
        decided = max(len(data) - hold_back, 0)
        shown, position = [], 0
        for match in self._pattern.finditer(data) if self._pattern else ():
            if match.start() >= decided:
                break
            shown += [data[position : match.start()], REPLACEMENT]
            position = match.end()
        end = max(position, decided)
        self._held = data[end:]
        return b"".join([*shown, data[position:end]])


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return a text without the secrets: for messages that quote what others have said."""
    redactor = Redactor(secrets)
    return (redactor.feed(_bytes(text)) + redactor.flush()).decode(errors="surrogateescape")


def _needles(secrets: Iterable[str]) -> set[bytes]:
    texts: set[str] = set()
    for secret in secrets:
        texts |= {secret, secret.strip(), *(line.strip() for line in secret.splitlines())}
        password = _url_password(secret)
        texts |= {password, unquote(password)}
    return {_bytes(text) for text in texts if len(text) >= SHORTEST}


def _bytes(text: str) -> bytes:
    """Encode a text that may be a file's content, as core reads one that is no UTF-8."""
    return text.encode(errors="surrogateescape")


def _url_password(secret: str) -> str:
    try:
        return urlsplit(secret).password or ""
    except ValueError:
        return ""

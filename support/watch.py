# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask addresses over HTTP, once or again and again, and keep what was answered."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

SECONDS_TO_ANSWER = 10


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is None where nothing did, and `text` says why; `seconds` is how long it took."""

    url: str
    status: int | None
    text: str
    seconds: float


def ask(url: str) -> Answer:
    """GET the address, past any proxy."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=SECONDS_TO_ANSWER)
    start = time.monotonic()
    try:
        connection.request("GET", parts.path)
        response = connection.getresponse()
        status, text = response.status, response.read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        status, text = None, f"no answer: {type(error).__name__} {error}".strip()
    finally:
        connection.close()
    return Answer(url, status, text, time.monotonic() - start)


class Watch:
    """Asks one address after the other at this interval in seconds, as long as the `with` block runs.

    Each has a thread of its own: one that does not answer does not keep the others from being asked.
    """

    def __init__(self, urls: Sequence[str], interval: float, is_good: Callable[[Answer], bool]) -> None:
        self.answers: list[Answer] = []
        self._is_good = is_good
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask_on, args=[url, turn * interval, len(urls) * interval], daemon=True)
            for turn, url in enumerate(urls)
        ]

    @property
    def failed(self) -> list[Answer]:
        """The answers that were not good, and the questions that had none."""
        return [answer for answer in self.answers if not self._is_good(answer)]

    @property
    def fewest(self) -> int:
        """How often that address was asked that was asked least."""
        return min(Counter(answer.url for answer in self.answers).values())

    @property
    def slowest(self) -> float:
        """How long the slowest answer took, in seconds."""
        return max(answer.seconds for answer in self.answers)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask_on(self, url: str, delay: float, interval: float) -> None:
        due = time.monotonic() + delay
        while not self._over.wait(max(0, due - time.monotonic())):
            self.answers.append(ask(url))
            due = max(due + interval, time.monotonic())

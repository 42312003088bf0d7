# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody who uses the service of every host all the time, and notes what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from support.fleet.fleet import Fleet
from support.waiting import wait_until
from support.watch import Answer, Watch
from tests.fleet.serving import front

#: Seconds between two requests to the same host, and those after which an answer is none.
INTERVAL = 0.05
PATIENCE = 5.0

#: A request that takes its time does not keep the next ones waiting.
AT_A_TIME = 4


class Client:
    """Asks each host each 50 ms, as long as the `with` block runs."""

    def __init__(self, fleet: Fleet) -> None:
        self._urls = [front.url(host) for host in fleet.hosts]
        self._watch = Watch(self._urls * AT_A_TIME, INTERVAL / len(self._urls), _is_served)

    def __enter__(self) -> Self:
        self._watch.__enter__()
        self.sees(bool, "a host has answered nothing")
        return self

    def __exit__(self, *error: object) -> None:
        self._watch.__exit__(*error)

    @property
    def answers(self) -> list[Answer]:
        """All that was answered by now, in the order in which the requests ended."""
        return list(self._watch.answers)

    @property
    def failed(self) -> list[Answer]:
        """Requests that were refused, answered with an error of the server, or took too long."""
        return self._watch.failed

    @property
    def versions(self) -> list[list[str]]:
        """Of each host the versions that have answered, in the order of their first answers."""
        return [list(dict.fromkeys(it.text for it in self._of(url) if _is_served(it))) for url in self._urls]

    @property
    def summary(self) -> str:
        """In one line what it has seen."""
        slowest = max((answer.seconds for answer in self.answers), default=0)
        return f"{len(self.answers):5} requests, {len(self.failed):4} failed, the slowest took {slowest:4.2f} s"

    def sees_only(self, version: str) -> None:
        """Wait until each host has answered for a second with this version alone."""
        begun = {url: len(self._of(url)) for url in self._urls}
        enough = round(1 / INTERVAL)

        def alone(answers: list[Answer]) -> bool:
            since = answers[begun[answers[0].url] :]
            return len(since) >= enough and {answer.text for answer in since[-enough:]} == {version}

        self.sees(alone, f"not all hosts answer with version {version} alone")

    def sees(self, condition: Callable[[list[Answer]], bool], otherwise: str) -> None:
        """Wait until the condition holds for the answers of each host."""
        wait_until(lambda: all(condition(self._of(url)) for url in self._urls), f"The client waits: {otherwise}")

    def _of(self, url: str) -> list[Answer]:
        return [answer for answer in self.answers if answer.url == url]


def _is_served(answer: Answer) -> bool:
    return answer.status is not None and answer.status < 500 and answer.seconds <= PATIENCE

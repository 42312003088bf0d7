# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows one job by short calls of the module, from its first attempt to the end of its last one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import LOST
from ansible_collections.migrate_first.docker.plugins.plugin_utils._link import Link, RunnerLost
from ansible_collections.migrate_first.docker.plugins.plugin_utils._listener import PATIENCE, Listener

Execute = Callable[[Mapping[str, Any]], dict[str, Any]]


class NeverReached(Exception):
    """There was no way to the runner from the beginning, so that nothing was begun."""


class SightLost(Exception):
    """What became of a job that was watched is not known; the message is the cause."""


class Watcher:
    """Calls the module, by ``execute`` with hints, until it tells of an end; the link may drop in between."""

    def __init__(self, link: Link, execute: Execute, listener: Listener) -> None:
        self._link = link
        self._execute = execute
        self._listener = listener

    def told(self, hints: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return what the module has returned at the end.

        Raises NeverReached, NoLogFile where nothing was begun, and SightLost.
        """
        try:
            self._link.open()
        except AnsibleConnectionFailure as error:
            raise NeverReached(str(error)) from error
        with self._listener as listener:
            runs = 0
            for attempt in range(1, 1_000_000):
                try:
                    returned = self._attempt({**hints, "attempt": attempt})
                except SightLost:
                    listener.attempted({"outcome": LOST})
                    raise
                runs += returned.get("attempts", 0)
                delay = returned.pop("again", None)
                listener.attempted(returned)
                if delay is None:
                    break
                listener.note(f"{returned['diagnosis']} Trying again in {delay:g} s: attempt {attempt + 1}.")
                time.sleep(delay)
            told = {"attempts": runs or None, "log_path": listener.log_path, "warnings": _warnings(returned, listener)}
            return {**returned, **{key: value for key, value in told.items() if value}}

    def _attempt(self, given: Mapping[str, Any]) -> dict[str, Any]:
        listener = self._listener
        hints = {**given, "patience": PATIENCE, "waited": 0.0, "watching": ""}
        while True:
            began = time.monotonic()
            returned = self._call({**hints, "follow": listener.follow}, watching=bool(hints["watching"]))
            listener.hear(returned.pop("heard", None))
            unfinished = returned.get("unfinished")
            if not unfinished:
                self._hear_the_rest(returned, hints)
                return returned
            hints["watching"] = unfinished["watching"]
            hints["waited"] = hints["waited"] + time.monotonic() - began if unfinished["waiting"] else 0.0
            listener.progress(unfinished)

    def _hear_the_rest(self, returned: Mapping[str, Any], hints: Mapping[str, Any]) -> None:
        while self._listener.more and returned.get("container_id"):
            follow = {**(self._listener.follow or {}), "rest": returned["container_id"]}
            self._listener.hear(self._call({**hints, "follow": follow}, watching=True).get("heard"))

    def _call(self, hints: Mapping[str, Any], watching: bool) -> dict[str, Any]:
        try:
            returned = self._link.call(partial(self._execute, hints))
        except RunnerLost as error:
            raise SightLost(f"the runner could not be reached any more: {error}") from error
        except AnsibleError as error:
            if not watching:
                raise
            raise SightLost(str(error)) from error
        if watching and not {"unfinished", "outcome"} & returned.keys():
            raise SightLost(str(returned.get("msg")))
        return returned


def _warnings(returned: Mapping[str, Any], listener: Listener) -> list[str]:
    """Return what the module has warned of, and what befell the log."""
    trouble = [f"log_path has not got the whole log: {listener.trouble}"] if listener.trouble else []
    return [*returned.get("warnings", ()), *trouble]

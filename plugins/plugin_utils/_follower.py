# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows one job by short calls of the module, from its first attempt to the end of its last one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import LOST
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Call, Reply
from ansible_collections.migrate_first.docker.plugins.plugin_utils._log_output import LogOutput
from ansible_collections.migrate_first.docker.plugins.plugin_utils._runner_connection import (
    ConnectionLost,
    RunnerConnection,
)

#: Seconds that one execution of the module may take: then a dropped connection costs little. Where the log is followed,
#: it returns as soon as there is new output.
PATIENCE = 15.0

Execute = Callable[[Call], Mapping[str, Any]]


class RunnerUnreachable(Exception):
    """The runner could not be reached at the beginning, so that nothing was begun."""


class RunLost(Exception):
    """The outcome of a job that was watched is not known; the message is the cause."""


class Follower:
    """Calls the module, by ``execute``, until it returns an end; the connection may drop in between."""

    def __init__(self, connection: RunnerConnection, execute: Execute, output: LogOutput) -> None:
        self._connection = connection
        self._execute = execute
        self._output = output

    def follow(self, first: Call) -> tuple[dict[str, Any], str]:
        """
        Follow the job to its end; return the module's last result, and the label of the definition that it was for.

        Raises RunnerUnreachable, LogFileError where nothing was begun, and RunLost.
        """
        try:
            self._connection.open()
        except AnsibleConnectionFailure as error:
            raise RunnerUnreachable(str(error)) from error
        with self._output as output:
            runs, call = 0, first
            while True:
                try:
                    result, reply = self._follow_attempt(call)
                except RunLost:
                    output.end_attempt({"outcome": LOST})
                    raise
                runs += result.get("attempts", 0)
                output.end_attempt(result)
                if reply.retry_after is None:
                    break
                call = replace(call, attempt=call.attempt + 1)
                delay = f"Trying again in {reply.retry_after:g} s: attempt {call.attempt}."
                output.note(f"{result['diagnosis']} {delay}")
                time.sleep(reply.retry_after)
            found = {"attempts": runs, "log_path": output.log_path, "warnings": _warnings(result, output)}
            return {**result, **{key: value for key, value in found.items() if value}}, reply.definition

    def _follow_attempt(self, call: Call) -> tuple[dict[str, Any], Reply]:
        call = replace(call, patience=PATIENCE)
        while True:
            began = time.monotonic()
            result, reply = self._call(replace(call, log=self._output.request))
            self._output.write(reply.log)
            progress = reply.progress
            if not progress:
                self._write_rest(call, result)
                return result, reply
            waited = call.waited + time.monotonic() - began if progress.waiting else 0.0
            call = replace(call, watching=progress.watching, waited=waited)
            self._output.show_progress(progress)

    def _write_rest(self, call: Call, result: Mapping[str, Any]) -> None:
        container_id, request = result.get("container_id"), self._output.request
        while self._output.more and container_id and request:
            rest = replace(call, watching=container_id, log=replace(request, rest_of=container_id))
            self._output.write(self._call(rest)[1].log)
            request = self._output.request

    def _call(self, call: Call) -> tuple[dict[str, Any], Reply]:
        try:
            result = dict(self._connection.call(partial(self._execute, call)))
        except ConnectionLost as error:
            raise RunLost(f"the runner could not be reached any more: {error}") from error
        except AnsibleError as error:
            if not call.watching:
                raise
            raise RunLost(str(error)) from error
        reply = Reply.take_from(result)
        if call.watching and not reply.progress and "outcome" not in result:
            raise RunLost(str(result.get("msg")))
        return result, reply


def _warnings(result: Mapping[str, Any], output: LogOutput) -> list[str]:
    """Return the module's warnings, and the trouble with the log file."""
    trouble = [f"log_path does not have the whole log: {output.trouble}"] if output.trouble else []
    return [*result.get("warnings", ()), *trouble]

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of migration_job: which invocation this is, and following the job to its end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.migrate_first.docker.plugins.module_utils._container.duration import seconds
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import LOST, NOT_STARTED, SKIPPED
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result, fact, from_returned
from ansible_collections.migrate_first.docker.plugins.plugin_utils._invocation import first_host, invocation
from ansible_collections.migrate_first.docker.plugins.plugin_utils._link import Link, RunnerLost
from ansible_collections.migrate_first.docker.plugins.plugin_utils._memory import Memory

#: Seconds that one execution of the module may take: a dropped connection then costs little.
PATIENCE = 15

display = Display()


class ActionModule(ActionBase):
    """Hands the invocation to the module until the job has ended, and its result, whole, to the play."""

    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._runner = str(self._task.delegate_to or task_vars.get("inventory_hostname"))
        self._job = str(self._task.args.get("name", ""))
        self._invocation = invocation(self._task)
        try:
            returned = self._refusal(task_vars) or self._watched(task_vars)
        except AnsibleError as error:
            returned = _failure(f"It is not known whether {self._job} was run on {self._runner}: {error}", LOST)
        # That is for later batches alone.
        returned.pop("definition", None)
        result.update(self._complete(returned))
        result["host"] = self._runner
        result["ansible_facts"] = {"migration_jobs": {**_known_jobs(task_vars), result["name"]: fact(result)}}
        return result

    def _refusal(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return why the runner cannot be the one that it is, or nothing."""
        if self._runner not in task_vars.get("hostvars", (self._runner,)):
            # Core would take it for an address, and try to reach it.
            return _failure(
                f"The host {self._runner}, which shall run {self._job}, is not in the inventory: nothing was run; correct "
                "the name (the role's rollout_migration_host), or add the host to the inventory."
            )
        if self._task.args.get("runner") == "first" and task_vars.get("ansible_limit"):
            first = first_host(self._task, task_vars)
            if first != self._runner:
                return _failure(
                    f"With --limit the first host of the play is {self._runner}, and {first} without: {self._job} would be "
                    "run by another engine than that of the whole fleet, and nothing was run; set "
                    f"rollout_migration_host ({first}), or limit the play to hosts that include it."
                )
        return {}

    def _watched(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Follow the job as the one watcher of this invocation, or ask about what that one has seen."""
        if self._task.check_mode:
            return self._executed(task_vars, {})
        release = str(self._task.args.get("release") or self._invocation)
        with Memory(self._invocation, self._job, release) as memory:
            seen = memory.load()
            if seen and seen["runner"] != self._runner:
                return _failure(
                    f"{self._job} was run on {seen['runner']} for an earlier batch of this playbook, and shall now run on "
                    f"{self._runner}: nothing was run there; name one host for all (the role's rollout_migration_host)."
                )
            returned = self._followed(task_vars, seen and {key: seen[key] for key in ("result", "definition")})
            definition = returned.pop("definition", "")
            if not seen and (returned.get("attempts") or returned.get("outcome") == SKIPPED):
                kept = from_returned(self._complete(returned)).returned()
                memory.store({"runner": self._runner, "result": kept, "definition": definition})
            return returned

    def _followed(self, task_vars: dict[str, Any], seen: Mapping[str, Any] | None) -> dict[str, Any]:
        """Call the module until it tells of an end; the runner may be away in between, but not at the beginning."""
        link = Link(self._connection, self._reconnect_timeout(), self._say)
        hints: dict[str, Any] = {"patience": PATIENCE, "waited": 0.0, "watching": "", "seen": seen}
        said = ""
        try:
            link.watch()
            self._low_level_execute_command("true")
        except AnsibleConnectionFailure as error:
            return _failure(f"{self._job} was not run: {self._runner} cannot be reached: {error}", LOST)
        while True:
            began = time.monotonic()
            try:
                returned = link.call(partial(self._executed, task_vars, hints))
            except RunnerLost as error:
                return self._lost(f"{self._runner} could not be reached any more: {error}")
            except AnsibleError as error:
                if not hints["watching"]:
                    raise
                return self._lost(str(error))
            unfinished = returned.get("unfinished")
            if not unfinished:
                untold = hints["watching"] and "outcome" not in returned
                return self._lost(str(returned.get("msg"))) if untold else returned
            hints["watching"] = unfinished["watching"]
            hints["waited"] = hints["waited"] + time.monotonic() - began if unfinished["waiting"] else 0.0
            if unfinished["waiting"] and unfinished["sentence"] != said:
                said = unfinished["sentence"]
                self._say(said)

    def _lost(self, cause: str) -> dict[str, Any]:
        sentence = (
            f"What became of {self._job} is not known, since the sight of it was lost ({cause}): "
            f"look at it on {self._runner} before the release is run again."
        )
        return {"attempts": 1, **_failure(sentence, LOST)}

    def _executed(self, task_vars: dict[str, Any], hints: Mapping[str, Any]) -> dict[str, Any]:
        # Core adds keys of its own to the arguments it is given.
        arguments = {**self._task.args, "invocation": {"id": self._invocation, **hints}}
        returned: dict[str, Any] = self._execute_module(
            module_name="migrate_first.docker.migration_job", module_args=arguments, task_vars=task_vars
        )
        return returned

    def _reconnect_timeout(self) -> float:
        try:
            return seconds(str(self._task.args.get("reconnect_timeout", 300)))
        except ValueError:
            # The module says what is wrong with it.
            return 0.0

    def _say(self, sentence: str) -> None:
        """Speak on standard error, where it disturbs no callback that prints JSON."""
        if not self._task.no_log:
            display.display(f"{self._runner}: {sentence}", stderr=True)

    def _complete(self, returned: dict[str, Any]) -> dict[str, Any]:
        """Where the module could not even begin, say so in the words that the play asks for."""
        arguments = self._task.args
        container = arguments.get("container")
        nothing = Result(
            name=self._job,
            release=str(arguments.get("release") or self._invocation),
            # What is no answer of the module at all says nothing of the job.
            outcome=LOST if "module_stdout" in returned else NOT_STARTED,
            diagnosis=str(returned.get("msg", "the module gave no result")),
            engine_id=None,
            image=str(container.get("image", "")) if isinstance(container, dict) else "",
        )
        return {**nothing.returned(), **returned}


def _failure(sentence: str, outcome: str = NOT_STARTED) -> dict[str, Any]:
    return {"failed": True, "msg": sentence, "outcome": outcome, "diagnosis": sentence}


def _known_jobs(task_vars: dict[str, Any]) -> dict[str, Any]:
    """Return the jobs that are facts already; in a loop, core keeps those of earlier items one level deeper."""
    facts = task_vars.get("ansible_facts", {})
    return {**facts.get("migration_jobs", {}), **facts.get("ansible_facts", {}).get("migration_jobs", {})}

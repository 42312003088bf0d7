# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of migration_job: which invocation this is, and following the job to its end."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.duration import seconds
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import (
    FAILED,
    LOST,
    NOT_STARTED,
    PLANNED,
    SKIPPED,
    SUCCEEDED,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result, fact, from_returned
from ansible_collections.migrate_first.docker.plugins.plugin_utils._invocation import first_host, invocation, invoked_by
from ansible_collections.migrate_first.docker.plugins.plugin_utils._link import Link
from ansible_collections.migrate_first.docker.plugins.plugin_utils._listener import Listener, NoLogFile
from ansible_collections.migrate_first.docker.plugins.plugin_utils._memory import Memory
from ansible_collections.migrate_first.docker.plugins.plugin_utils._watcher import NeverReached, SightLost, Watcher

#: Options with which nobody listens.
SILENT = {"live": False, "log_path": None}

#: What a job has written, in a result.
OUTPUT = ("stdout", "stderr", "stdout_lines", "stderr_lines")

display = Display()


class ActionModule(ActionBase):
    """Hands the invocation to the module until the job has ended, and its result, whole, to the play."""

    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self._task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, self._task_vars)
        self._runner = str(self._task.delegate_to or self._task_vars.get("inventory_hostname"))
        self._job = str(self._task.args.get("name", ""))
        self._invocation = invocation(self._task)
        self._facts: dict[str, Any] = {}
        try:
            returned = self._refusal(self._task_vars) or self._come_to()
        except AnsibleError as error:
            returned = _failure(f"It is not known whether {self._job} was run on {self._runner}: {error}", LOST)
        # That is for later batches alone.
        returned.pop("definition", None)
        result.update(self._complete(returned))
        result["host"] = self._runner
        result["ansible_facts"] = {
            "migration_jobs": {**_known_jobs(self._task_vars), **self._facts, result["name"]: fact(result)}
        }
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

    def _come_to(self) -> dict[str, Any]:
        """Follow the job as the one watcher of this invocation, or ask about what that one has seen."""
        if self._task.check_mode:
            return self._planned()
        reported = self._reported()
        if reported:
            return self._verified({**reported, "reported": True})
        release = str(self._task.args.get("release") or self._invocation)
        with Memory(self._invocation, self._job, release) as memory:
            seen = memory.load()
            if seen and seen["runner"] != self._runner:
                return _failure(
                    f"{self._job} was run on {seen['runner']} for an earlier batch of this playbook, and shall now run on "
                    f"{self._runner}: nothing was run there; name one host for all (the role's rollout_migration_host)."
                )
            if seen:
                self._facts = seen["facts"]
                return self._told({"seen": {key: seen[key] for key in ("result", "definition")}}, **SILENT)
            stopped = self._stopped()
            returned = stopped or self._verified(self._told({}))
            definition = returned.pop("definition", "")
            tried = self._facts.values() if stopped else (returned,)
            if any(it.get("attempts") for it in tried) or returned.get("outcome") == SKIPPED:
                kept = from_returned(self._complete(returned)).returned()
                known = {"runner": self._runner, "result": kept, "definition": definition, "facts": self._facts}
                memory.store(known)
            return returned

    def _reported(self) -> dict[str, Any]:
        """Return what another task has been told of this job, where that is the success of this release."""
        reported, release = self._task.args.get("reported") or {}, self._task.args.get("release")
        asked = {"name": self._job, "release": release, "outcome": SUCCEEDED, "reused": True}
        return dict(reported) if release and all(reported.get(key) == value for key, value in asked.items()) else {}

    def _stopped(self) -> dict[str, Any]:
        """Where a run is about to begin, do what goes before it; return why the run may not begin, or nothing."""
        command = self._task.args.get("before_command")
        if not command or boolean(self._task.args.get("skip", False), strict=False):
            return {}
        due = self._told({"looking": True}, log_path=None)
        if due.get("outcome") != PLANNED or not due["changed"]:
            return {}
        arguments = self._beside("before", command)
        # What was done before an earlier run of this release is not before this one, which may find half of that work.
        release, last = self._task.args.get("release") or self._invocation, due["container_id"]
        arguments["release"] = f"{release}, again after {last[:12]}" if last else release
        before = self._complete(self._told({}, **arguments), arguments)
        before["host"] = self._runner
        self._facts = {before["name"]: fact(before)}
        if before["outcome"] == SUCCEEDED:
            return {}
        sentence = f"{self._job} was not run, since what goes before it has not succeeded: {before['diagnosis']}"
        shown = {key: before[key] for key in (*OUTPUT, "container_id", "container_name", "engine_id")}
        return {**due, **shown, **_failure(sentence), "changed": False, "image_id": None}

    def _told(self, hints: Mapping[str, Any], **arguments: Any) -> dict[str, Any]:
        """Have the job followed to its end, with other arguments than the task's where some are given."""
        given = {**self._task.args, **arguments}
        watcher = Watcher(
            Link(self._connection, self._reconnect_timeout(), self._say),
            partial(self._executed, given),
            Listener.of(
                {**given, "release": given.get("release") or self._invocation},
                f"{self._runner} {given.get('name')}",
                self._show,
                bool(self._task.no_log),
            ),
        )
        try:
            return watcher.told(hints)
        except NeverReached as error:
            return _failure(f"{self._job} was not run: {self._runner} cannot be reached: {error}", LOST)
        except NoLogFile as error:
            return _failure(f"log_path cannot be written, and {self._job} was not run: {error}; name another file.")
        except SightLost as error:
            sentence = (
                f"What became of {self._job} is not known, since the sight of it was lost ({error}): "
                f"look at it on {self._runner} before the release is run again."
            )
            return {"attempts": 1, **_failure(sentence, LOST)}

    def _verified(self, returned: dict[str, Any]) -> dict[str, Any]:
        """Where the job has succeeded, ask the command that verifies it, as a job of its own in the same image."""
        command = self._task.args.get("verify_command")
        if not command or returned.get("outcome") != SUCCEEDED:
            return returned
        verification = self._complete(self._told({}, **self._beside("verify", command)))
        if verification["outcome"] == SUCCEEDED:
            return returned
        sentence = f"{self._job} exited with status 0, but is not verified: {verification['diagnosis']}"
        return {**returned, **{key: verification[key] for key in OUTPUT}, **_failure(sentence, FAILED)}

    def _planned(self) -> dict[str, Any]:
        """In check mode predict, and where there is a command for it, ask what is pending: that changes nothing."""
        predicted = self._told({}, **SILENT)
        command = self._task.args.get("plan_command")
        if not command or predicted.get("outcome") != PLANNED:
            return predicted
        planned = self._complete(self._told({"plan": True}, **self._beside("plan", command)))
        if planned["outcome"] == NOT_STARTED:
            return {**predicted, "diagnosis": f"{predicted['diagnosis']} No plan: {planned['diagnosis']}"}
        if planned["outcome"] != SUCCEEDED:
            return {**predicted, **_failure(f"{self._job} cannot be planned: {planned['diagnosis']}", FAILED)}
        diff = {"before": "", "after": f"{planned['stdout']}\n", "after_header": f"pending: {self._job}"}
        return {**predicted, "plan": planned["stdout"], "diff": diff}

    def _beside(self, word: str, command: Any) -> dict[str, Any]:
        """Return the arguments of a job beside this one, which each invocation runs anew, in the image that is there."""
        none = dict.fromkeys(("log_path", "unchanged_output", "reported"))
        other = {"name": f"{self._job}-{word}", "command": command, "pull": "never", "retries": 0, "skip": False}
        release = self._task.args.get("release")
        return {**other, **none, "release": f"{release}, {self._invocation}" if release else None}

    def _executed(self, arguments: Mapping[str, Any], hints: Mapping[str, Any]) -> dict[str, Any]:
        # Core adds keys of its own to the arguments it is given.
        given = {key: value for key, value in arguments.items() if value is not None}
        returned: dict[str, Any] = self._execute_module(
            module_name="migrate_first.docker.migration_job",
            module_args={**given, "invocation": {"id": self._invocation, "by": invoked_by(), **hints}},
            task_vars=self._task_vars,
        )
        return returned

    def _reconnect_timeout(self) -> float:
        try:
            return seconds(str(self._task.args.get("reconnect_timeout", 300)))
        except ValueError:
            # The module says what is wrong with it.
            return 0.0

    def _say(self, sentence: str) -> None:
        if not self._task.no_log:
            self._show(f"{self._runner} {self._job} | ({sentence})")

    def _show(self, lines: str) -> None:
        """Speak on standard error, where it disturbs no callback that prints JSON."""
        display.display(lines, stderr=True)

    def _complete(self, returned: dict[str, Any], arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Where the module could not even begin, say so in the words that the play asks for."""
        arguments = {**self._task.args, **(arguments or {})}
        container = arguments.get("container")
        nothing = Result(
            name=str(arguments.get("name", "")),
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

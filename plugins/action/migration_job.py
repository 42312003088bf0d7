# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of migration_job: it follows the job, and the jobs beside it, to their ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.migrate_first.docker.plugins.module_utils._arguments import argument_error
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.duration import seconds
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import (
    FAILED,
    LOST,
    NOT_STARTED,
    PLANNED,
    SKIPPED,
    SUCCEEDED,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._job.options import SPEC
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Call, EarlierResult
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result, fact, from_returned
from ansible_collections.migrate_first.docker.plugins.plugin_utils._follower import (
    Follower,
    RunLost,
    RunnerUnreachable,
)
from ansible_collections.migrate_first.docker.plugins.plugin_utils._invocation import first_host, invocation, invoked_by
from ansible_collections.migrate_first.docker.plugins.plugin_utils._log_file import LogFileError
from ansible_collections.migrate_first.docker.plugins.plugin_utils._log_output import LogOutput
from ansible_collections.migrate_first.docker.plugins.plugin_utils._result_cache import ResultCache
from ansible_collections.migrate_first.docker.plugins.plugin_utils._runner_connection import RunnerConnection

#: Options with which the log goes nowhere.
SILENT = {"live": False, "log_path": None}

#: The fields of a result that hold what a job has written.
OUTPUT = ("stdout", "stderr", "stdout_lines", "stderr_lines")

display = Display()


class ActionModule(ActionBase):
    """Calls the module until the job has ended, and returns the whole result to the play."""

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
            job_result = self._refuse() or self._carry_out()
        except AnsibleError as error:
            job_result = _failure(f"It is not known whether {self._job} was run on {self._runner}: {error}", LOST)
        result.update(self._complete(job_result))
        result["host"] = self._runner
        result["ansible_facts"] = {
            "migration_jobs": {**_known_jobs(self._task_vars), **self._facts, result["name"]: fact(result)}
        }
        return result

    def _refuse(self) -> dict[str, Any]:
        """Check the options and the runner; return the failure, empty where nothing is wrong."""
        validation = ArgumentSpecValidator(SPEC).validate(self._task.args)
        if validation.error_messages:
            return _failure(argument_error(validation, SPEC))
        self._options: dict[str, Any] = validation.validated_parameters
        self._internal: dict[str, Any] = self._options["internal"]
        try:
            self._reconnect_timeout = seconds(self._options["reconnect_timeout"], "reconnect_timeout")
        except ValueError as error:
            return _failure(str(error))
        if self._runner not in self._task_vars.get("hostvars", (self._runner,)):
            # Core would take it for an address, and try to reach it.
            return _failure(
                f"The host {self._runner}, which is to run {self._job}, is not in the inventory: nothing was run; correct "
                "the name (the role's rollout_migration_host), or add the host to the inventory."
            )
        if self._internal.get("runner") == "first" and self._task_vars.get("ansible_limit"):
            first = first_host(self._task, self._task_vars)
            if first != self._runner:
                return _failure(
                    f"With --limit the first host of the play is {self._runner}, and without it {first}: another engine than "
                    f"that of the whole fleet would run {self._job}, and nothing was run; set "
                    f"rollout_migration_host ({first}), or limit the play to hosts that include it."
                )
        return {}

    def _carry_out(self) -> dict[str, Any]:
        """Follow the job for this invocation, or return what it has returned before."""
        if self._task.check_mode:
            return self._plan()
        reported = self._reported_success()
        if reported:
            return self._verify({**reported, "reported": True})
        with ResultCache(self._invocation, self._job, self._release) as cache:
            cached = cache.load()
            if cached and cached["runner"] != self._runner:
                return _failure(
                    f"{self._job} was run on {cached['runner']} for an earlier batch of this playbook, and {self._runner} "
                    "is its runner now: nothing was run there; name one host for all (the role's rollout_migration_host)."
                )
            if cached:
                self._facts = cached["facts"]
                earlier = EarlierResult(cached["result"], cached["definition"])
                return self._follow(replace(self._call, earlier=earlier), **SILENT)[0]
            return self._run_and_cache(cache)

    def _run_and_cache(self, cache: ResultCache) -> dict[str, Any]:
        """Run what goes before, the job, and what verifies it; keep the result for the batches to come."""
        result, definition = self._run_before()
        attempted = any(it.get("attempts") for it in self._facts.values())
        if not result:
            result, definition = self._follow(self._call)
            result = self._verify(result)
            attempted = bool(result.get("attempts")) or result.get("outcome") == SKIPPED
        if attempted:
            kept = from_returned(self._complete(result)).returned()
            cache.store({"runner": self._runner, "result": kept, "definition": definition, "facts": self._facts})
        return result

    def _reported_success(self) -> dict[str, Any]:
        """Return the success that the check of the runner has reported for this release, empty where there is none."""
        reported, release = self._internal.get("reported") or {}, self._options["release"]
        wanted = {"name": self._job, "release": release, "outcome": SUCCEEDED, "reused": True}
        return dict(reported) if release and all(reported.get(key) == value for key, value in wanted.items()) else {}

    def _run_before(self) -> tuple[dict[str, Any], str]:
        """Where a run is about to begin, run what goes before it; return the failure, empty where the job may run."""
        command = self._options["before_command"]
        if not command or self._options["skip"]:
            return {}, ""
        planned, definition = self._follow(replace(self._call, dry_run=True), log_path=None)
        if planned.get("outcome") != PLANNED or not planned["changed"]:
            return {}, ""
        options = self._options_beside("before", command)
        # A run that failed may have done half of its work: what goes before it has to be done again.
        last = planned["container_id"]
        options["release"] = f"{self._release}, again after {last[:12]}" if last else self._release
        before = self._complete(self._follow(self._call, **options)[0], options)
        before["host"] = self._runner
        self._facts = {before["name"]: fact(before)}
        if before["outcome"] == SUCCEEDED:
            return {}, ""
        sentence = f"{self._job} was not run, because what goes before it did not succeed: {before['diagnosis']}"
        shown = {key: before[key] for key in (*OUTPUT, "container_id", "container_name", "engine_id")}
        return {**planned, **shown, **_failure(sentence), "changed": False, "image_id": None}, definition

    def _verify(self, result: dict[str, Any]) -> dict[str, Any]:
        """After a success, run the command that verifies it, as a job of its own in the same image."""
        command = self._options["verify_command"]
        if not command or result.get("outcome") != SUCCEEDED:
            return result
        verification = self._complete(self._follow(self._call, **self._options_beside("verify", command))[0])
        if verification["outcome"] == SUCCEEDED:
            return result
        sentence = f"{self._job} exited with status 0, but is not verified: {verification['diagnosis']}"
        return {**result, **{key: verification[key] for key in OUTPUT}, **_failure(sentence, FAILED)}

    def _plan(self) -> dict[str, Any]:
        """In check mode predict the result, and run the command that shows what is pending; it changes nothing."""
        predicted, _definition = self._follow(self._call, **SILENT)
        command = self._options["plan_command"]
        if not command or predicted.get("outcome") != PLANNED:
            return predicted
        call = replace(self._call, planning=True)
        plan = self._complete(self._follow(call, **self._options_beside("plan", command))[0])
        if plan["outcome"] == NOT_STARTED:
            return {**predicted, "diagnosis": f"{predicted['diagnosis']} No plan: {plan['diagnosis']}"}
        if plan["outcome"] != SUCCEEDED:
            return {**predicted, **_failure(f"{self._job} cannot be planned: {plan['diagnosis']}", FAILED)}
        diff = {"before": "", "after": f"{plan['stdout']}\n", "after_header": f"pending: {self._job}"}
        return {**predicted, "plan": plan["stdout"], "diff": diff}

    def _follow(self, call: Call, **overrides: Any) -> tuple[dict[str, Any], str]:
        """Follow a job to its end; return its result, and the label of the definition that it was for."""
        options = {**self._options, **overrides}
        follower = Follower(
            RunnerConnection(self._connection, self._reconnect_timeout, self._say),
            partial(self._execute, {**self._task.args, **overrides}),
            LogOutput.from_options(
                {**options, "release": options["release"] or self._invocation},
                f"{self._runner} {options['name']}",
                self._show,
                bool(self._task.no_log),
            ),
        )
        try:
            return follower.follow(call)
        except RunnerUnreachable as error:
            return _failure(f"{self._job} was not run: {self._runner} cannot be reached: {error}", LOST), ""
        except LogFileError as error:
            return _failure(f"log_path cannot be written, and {self._job} was not run: {error}; name another file."), ""
        except RunLost as error:
            sentence = (
                f"The outcome of {self._job} is not known, because contact with it was lost ({error}): "
                f"look at it on {self._runner} before you run the release again."
            )
            return {"attempts": 1, **_failure(sentence, LOST)}, ""

    def _execute(self, arguments: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Execute the module once."""
        # Core adds keys of its own to the arguments it is given.
        given = {key: value for key, value in arguments.items() if value is not None}
        result: dict[str, Any] = self._execute_module(
            module_name="migrate_first.docker.migration_job",
            module_args={**given, "internal": call.arguments()},
            task_vars=self._task_vars,
        )
        return result

    @property
    def _call(self) -> Call:
        images = self._internal.get("fleet_images") or {}
        return Call(self._invocation, invoked_by(), fleet_images=images)

    @property
    def _release(self) -> str:
        return str(self._options["release"] or self._invocation)

    def _options_beside(self, word: str, command: Any) -> dict[str, Any]:
        """Return the options of a job beside this one, which each invocation runs anew, in the image that is there."""
        others = {"name": f"{self._job}-{word}", "command": command, "pull": "never", "retries": 0, "skip": False}
        release = self._options["release"]
        own = f"{release}, {self._invocation}" if release else None
        return {**others, "log_path": None, "unchanged_output": None, "release": own}

    def _say(self, sentence: str) -> None:
        if not self._task.no_log:
            self._show(f"{self._runner} {self._job} | ({sentence})")

    def _show(self, lines: str) -> None:
        """Write to standard error, where it disturbs no callback that prints JSON."""
        display.display(lines, stderr=True)

    def _complete(self, result: dict[str, Any], overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Fill in the fields of a result that the module could not give."""
        options = {**self._task.args, **(overrides or {})}
        container = options.get("container")
        nothing = Result(
            name=str(options.get("name", "")),
            release=str(options.get("release") or self._invocation),
            # Where core alone has answered, nothing is known of the job.
            outcome=LOST if "module_stdout" in result else NOT_STARTED,
            diagnosis=str(result.get("msg", "the module gave no result")),
            engine_id=None,
            image=str(container.get("image", "")) if isinstance(container, dict) else "",
        )
        return {**nothing.returned(), **result}


def _failure(sentence: str, outcome: str = NOT_STARTED) -> dict[str, Any]:
    return {"failed": True, "msg": sentence, "outcome": outcome, "diagnosis": sentence}


def _known_jobs(task_vars: dict[str, Any]) -> dict[str, Any]:
    """Return the jobs that are facts already; in a loop, core keeps those of earlier items one level deeper."""
    facts = task_vars.get("ansible_facts", {})
    return {**facts.get("migration_jobs", {}), **facts.get("ansible_facts", {}).get("migration_jobs", {})}

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's half of migration_job: which invocation this is, and a result that is complete."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import NOT_STARTED
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import Result, fact


class ActionModule(ActionBase):
    """Hands the invocation to the module, and its result, whole, to the play."""

    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        runner = str(self._task.delegate_to or task_vars.get("inventory_hostname"))
        returned = self._no_runner(runner, task_vars) or self._executed(task_vars)
        result.update(self._complete(returned))
        result["host"] = runner
        result["ansible_facts"] = {"migration_jobs": {**_known_jobs(task_vars), result["name"]: fact(result)}}
        return result

    def _executed(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        # Core adds keys of its own to the arguments it is given.
        arguments = {**self._task.args, "invocation": self._invocation()}
        returned: dict[str, Any] = self._execute_module(
            module_name="migrate_first.docker.migration_job", module_args=arguments, task_vars=task_vars
        )
        return returned

    def _no_runner(self, runner: str, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Core would take a name that is in no inventory for an address, and try to reach it."""
        if runner in task_vars.get("hostvars", (runner,)):
            return {}
        sentence = (
            f"The host {runner}, which shall run {self._task.args.get('name')}, is not in the inventory: nothing was "
            "run; correct the name (the role's rollout_migration_host), or add the host to the inventory."
        )
        return {"failed": True, "msg": sentence}

    def _invocation(self) -> str:
        """
        Return what all plays of this ansible-playbook have in common, and no other has.

        Core numbers its objects; the part before the number is drawn once per process.
        """
        return str(self._task.get_play()._uuid).rpartition("-")[0]  # noqa: SLF001 - core has no public name for it

    def _complete(self, returned: dict[str, Any]) -> dict[str, Any]:
        """Where the module could not even begin, say so in the words that the play asks for."""
        arguments = self._task.args
        container = arguments.get("container")
        nothing = Result(
            name=str(arguments.get("name", "")),
            release=str(arguments.get("release") or self._invocation()),
            outcome=NOT_STARTED,
            diagnosis=str(returned.get("msg", "the module gave no result")),
            engine_id=None,
            image=str(container.get("image", "")) if isinstance(container, dict) else "",
        )
        return {**nothing.returned(), **returned}


def _known_jobs(task_vars: dict[str, Any]) -> dict[str, Any]:
    """Return the jobs that are facts already; in a loop, core keeps those of earlier items one level deeper."""
    facts = task_vars.get("ansible_facts", {})
    return {**facts.get("migration_jobs", {}), **facts.get("ansible_facts", {}).get("migration_jobs", {})}

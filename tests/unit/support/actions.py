# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin migration_job, with a module whose answers the test gives."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any
from unittest.mock import MagicMock

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.migrate_first.docker.plugins.action.migration_job import ActionModule
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Image
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import (
    Call,
    EarlierResult,
    Progress,
    Reply,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._job.result import result_of_run
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.output import Output
from ansible_collections.migrate_first.docker.tests.unit.support.found import IMAGE_ID, exited, made_for
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

ARGUMENTS: dict[str, Any] = {
    "name": "job",
    "container": {"image": "shop:2.0", "secret_env": {"TOKEN": "s3cret-password"}},
    "secret_env": {"ADMIN": "another-secret"},
}

#: The connection to the runner drops.
DROPPED = AnsibleConnectionFailure("Connection closed by remote host")

#: The ID that core gives a play: something that is random for a process, and a number.
PLAY = "0242ac11-0002-1f3a-9c5b-0000000000ab"
INVOCATION = "0242ac11-0002-1f3a-9c5b"

DEFINITION = '{"options":{}}'

JOB = job("job")
RUN = Run(exited(**made_for(JOB)))
RESULT = result_of_run(JOB, "ENGINE", Image(IMAGE_ID), RUN, changed=True).with_output(Output("much")).returned()
#: The answer of the module to a run that has succeeded.
SUCCESS: dict[str, Any] = {
    **RESULT,
    "invocation": {"module_args": {"name": "job", "secret_env": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}},
    **Reply(definition=DEFINITION).returned(),
}
#: Its answers where a run would be made, and where one has failed.
DUE: dict[str, Any] = {
    **SUCCESS,
    "outcome": "planned",
    "exit_code": None,
    "attempts": 0,
    "diagnosis": "job would run.",
    "stdout": "",
}
FAILURE: dict[str, Any] = {
    **SUCCESS,
    "outcome": "failed",
    "exit_code": 1,
    "failed": True,
    "diagnosis": "it exited with status 1.",
    "msg": "it exited with status 1.",
    "stdout": "",
    "stderr": "0004 is pending",
    "stderr_lines": ["0004 is pending"],
}


def progress_reply(watching: str = "", waiting: bool = False, sentence: str = "it is busy") -> dict[str, Any]:
    """Return the answer of the module where it has to be called again."""
    return {"changed": False, **Reply(Progress(sentence, watching, waiting, running=1.0)).returned()}


def earlier_result_of(call: Call) -> EarlierResult:
    """Return the earlier result that a call carries."""
    assert call.earlier
    return call.earlier


class Action(ActionModule):
    """
    The action of one task; the module gives one answer for each call, and the last one again.

    An answer may be an exception. Each execution takes ``seconds_of_a_call`` by the clock. ``calls`` are the calls that
    the action has made, ``executed`` the arguments that core was given for each. An error at the first contact with the
    runner is the side effect of ``connection.exec_command``.
    """

    def __init__(self, *answers: Any, arguments: Mapping[str, Any] | None = None, **of_the_task: Any) -> None:
        given = {"async_val": 0, "delegate_to": None, "check_mode": False, "no_log": False, **of_the_task}
        task = MagicMock(args=copy.deepcopy(dict(ARGUMENTS if arguments is None else arguments)), **given)
        self.play = task.get_play.return_value
        self.play._uuid = PLAY
        self.connection = MagicMock()
        others = ("play_context", "loader", "templar", "shared_loader_obj")
        super().__init__(task=task, connection=self.connection, **{name: MagicMock() for name in others})
        self.answers = list(answers)
        self.executed: list[dict[str, Any]] = []
        self.clock: MemoryClock | None = None
        self.seconds_of_a_call = 0.0

    @property
    def calls(self) -> list[Call]:
        return [Call.from_arguments(options["module_args"]["internal"]) for options in self.executed]

    def run_task(self, host: str = "h1", **task_vars: Any) -> dict[str, Any]:
        """Run the task on a host, and return its result."""
        result: dict[str, Any] = self.run(task_vars={"inventory_hostname": host, **task_vars})
        return result

    def _execute_module(self, *_arguments: Any, **options: Any) -> dict[str, Any]:
        self.executed.append(copy.deepcopy(options))
        # As core does.
        options["module_args"]["_ansible_no_log"] = False
        if self.clock:
            self.clock.sleep(self.seconds_of_a_call)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return copy.deepcopy(dict(answer))

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several executions on one host at the same time: nothing of a newer release is touched, and nothing is left over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Engine
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.policy import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.update import update
from ansible_collections.migrate_first.docker.tests.unit.support.host import Episode, Host
from ansible_collections.migrate_first.docker.tests.unit.support.processes import CRASH, GO_ON, Crashed, Process
from hypothesis import given, settings
from hypothesis import strategies as st

CALLS = ("named", "create", "start", "inspect", "stop", "rename", "set_restart_policy", "remove")

STEPS = st.tuples(st.integers(0, 2), st.sampled_from([1, 1, 2, 3, 5, 8, 13]), st.sampled_from([*[GO_ON] * 9, CRASH]))


class Execution(Process):
    """One execution of an update, with the fence of its release."""

    def __init__(self, host: Host, fence: int, order: str | None, failure_action: str) -> None:
        policy = UpdatePolicy(order, monitor=0.0, failure_action=failure_action)
        self.release = "abcde"[fence]
        self.fence = fence
        wanted = replace(host.wanted(Episode(self.release, 2, policy)), fence=fence, release=str(fence))
        super().__init__(host.engine, CALLS, lambda: update(cast(Engine, self), cast(Any, self), wanted))


@settings(max_examples=400)
@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=3),
    st.sampled_from([None, "stop_first"]),
    st.sampled_from(["rollback", "pause"]),
    st.lists(STEPS, max_size=40),
)
def test_the_newest_release_stays(
    fences: list[int], order: str | None, action: str, steps: list[tuple[int, int, str]]
) -> None:
    host = Host()
    host.play(Episode("a", 2))
    host.fence = 0
    executions = [Execution(host, fence, order, action) for fence in fences]
    for place, calls, befalls in steps:
        there = [execution for execution in executions if not execution.gone]
        if there:
            there[place % len(there)].go_on(calls, befalls)
    for execution in executions:
        while not execution.gone:
            execution.go_on()
        if execution.error and not isinstance(execution.error, Crashed):
            raise execution.error
    crashed = any(execution.error for execution in executions)
    ended = [execution for execution in executions if execution.result]
    newest = max((execution.fence for execution in ended if not execution.result.failure), default=0)
    if not crashed:
        assert newest == max(fences), [execution.result.failure for execution in executions]
        assert host.clean, [container.name for container in host.containers]
        assert host.up == 2
        for execution in ended:
            # Of an older one, the newer one may also have stopped what it was waiting for.
            assert not execution.result.failure or execution.fence < newest
    if newest == max(fences):
        serving = [container for container in host.containers if container.name in ("shop-1", "shop-2")]
        assert {it.environment["RELEASE"] for it in serving} == {"abcde"[newest]}
        assert all(int(it.labels[labels.FENCE]) <= newest for it in serving)

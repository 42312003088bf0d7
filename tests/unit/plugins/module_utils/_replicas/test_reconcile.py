# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
Whatever happens to the loop, enough replicas serve, and the next execution completes it.

Executions are interrupted at each change, or run at the same time: nothing of a newer release is changed, and nothing is
left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Engine
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.reconcile import reconcile
from ansible_collections.migrate_first.docker.tests.unit.support.host import Episode, Host
from ansible_collections.migrate_first.docker.tests.unit.support.interrupted import (
    KILLED_AFTER,
    KILLED_BEFORE,
    REFUSED,
)
from ansible_collections.migrate_first.docker.tests.unit.support.processes import CRASH, GO_ON, Crashed, Process
from hypothesis import given, settings
from hypothesis import strategies as st

POLICIES = st.builds(
    UpdatePolicy,
    order=st.sampled_from([None, "start_first", "stop_first"]),
    parallelism=st.sampled_from([1, 1, 2, 9]),
    monitor=st.just(0.0),
    failure_action=st.sampled_from(["rollback", "rollback", "pause"]),
)
EPISODES = st.builds(
    Episode,
    release=st.sampled_from(["a", "b", "b", "UNHEALTHY", "CRASH"]),
    count=st.integers(0, 3),
    policy=POLICIES,
    at=st.integers(1, 25),
    befalls=st.sampled_from(["", KILLED_BEFORE, KILLED_AFTER, REFUSED]),
    restart=st.sampled_from([False, False, True]),
    ports=st.booleans(),
)


def ends_well(host: Host, episode: Episode) -> None:
    """Assert that an update without an interruption leads to what is wanted, and the next one has nothing to do."""
    result, _changes = host.play(episode)
    assert result
    assert result.failure == ""
    assert [(it.name, it.labels["migrate_first.docker.release"]) for it in host.containers if it.running] == [
        (f"shop-{number}", episode.release) for number in range(1, episode.count + 1)
    ]
    assert host.clean
    assert host.up == episode.count
    assert {it.restart_policy.name for it in host.containers} <= {"always"}
    again, changes = host.play(episode)
    assert again
    assert (again.failure, again.changed, changes) == ("", False, 0)


@settings(max_examples=300)
@given(st.lists(EPISODES, min_size=1, max_size=4), st.sampled_from("ab"), st.integers(0, 3), st.booleans())
def test_an_update_ends_with_what_is_wanted_or_with_what_was_before(
    episodes: list[Episode], release: str, count: int, ports: bool
) -> None:
    host = Host()
    for episode in episodes:
        was, clean = host.settled(episode), host.clean and host.up == len(host.containers)
        result, _changes = host.play(episode)
        if result and result.rolled_back and clean and not episode.restart:
            assert host.settled(episode) == was
        if result and not result.failure:
            assert host.clean
    ends_well(host, Episode(release, count, ports=ports))


def interruptions() -> Iterator[tuple[Episode, Episode]]:
    for order in ("start_first", "stop_first"):
        for parallelism in (1, 2):
            policy = UpdatePolicy(order=order, parallelism=parallelism, monitor=0.0)
            yield Episode(count=3), Episode("b", 3, policy)
            yield Episode(count=3), Episode("UNHEALTHY", 3, policy)
            yield Episode(count=2), Episode("b", 4, policy)
            yield Episode(count=4), Episode("b", 1, policy)
    yield Episode(count=0), Episode("a", 3)
    yield Episode(count=3), Episode("a", 0)


@pytest.mark.parametrize(
    ("befalls", "restart"),
    [
        (KILLED_BEFORE, False),
        pytest.param(KILLED_AFTER, True, id="killed after it, and the engine restarted"),
        (REFUSED, False),
    ],
)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(*it, id=f"{it[0].count} to {it[1].count}{it[1].release} {it[1].policy.order}")
        for it in interruptions()
    ],
)
def test_an_interruption_at_any_change_is_completed_by_the_next_execution(
    first: Episode, second: Episode, befalls: str, restart: bool
) -> None:
    """The next execution is of the same release, or of the one before it."""
    for following in (second, replace(first, policy=second.policy)):
        at, more = 0, True
        while more:
            at += 1
            host = Host()
            host.play(first)
            result, changes = host.play(replace(second, at=at, befalls=befalls, restart=restart))
            more = changes >= at
            assert (result is None) == (more and befalls != REFUSED)
            if following.comes_up:
                ends_well(host, following)
            else:
                assert host.play(following)[0]
                ends_well(host, first)
        assert at > 3


CALLS = ("named", "create", "start", "inspect", "stop", "rename", "set_restart_policy", "remove")

STEPS = st.tuples(st.integers(0, 2), st.sampled_from([1, 1, 2, 3, 5, 8, 13]), st.sampled_from([*[GO_ON] * 9, CRASH]))


class Execution(Process):
    """One execution, with the fence of its release."""

    def __init__(self, host: Host, fence: int, order: str | None, failure_action: str) -> None:
        policy = UpdatePolicy(order, monitor=0.0, failure_action=failure_action)
        self.release = "abcde"[fence]
        self.fence = fence
        wanted = replace(host.wanted(Episode(self.release, 2, policy)), fence=fence, release=str(fence))
        super().__init__(host.engine, CALLS, lambda: reconcile(cast(Engine, self), cast(Any, self), wanted))


@settings(max_examples=400)
@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=3),
    st.sampled_from([None, "stop_first"]),
    st.sampled_from(["rollback", "pause"]),
    st.lists(STEPS, max_size=40),
)
def test_the_newest_of_several_releases_at_once_stays(
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

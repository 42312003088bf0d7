# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wherever an update is interrupted, what serves stays enough, and the next one brings all to an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.policy import UpdatePolicy
from ansible_collections.migrate_first.docker.tests.unit.support.host import Episode, Host
from ansible_collections.migrate_first.docker.tests.unit.support.interrupted import (
    KILLED_AFTER,
    KILLED_BEFORE,
    REFUSED,
)
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
    """Assert that an update that nothing befalls comes to what is wanted, and that there is nothing to do then."""
    told, _changes = host.play(episode)
    assert told
    assert told.failure == ""
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
def test_whatever_happens_the_end_is_what_is_wanted_or_what_was(
    episodes: list[Episode], release: str, count: int, ports: bool
) -> None:
    host = Host()
    for episode in episodes:
        was, clean = host.settled(episode), host.clean and host.up == len(host.containers)
        told, _changes = host.play(episode)
        if told and told.rolled_back and clean and not episode.restart:
            assert host.settled(episode) == was
        if told and not told.failure:
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
def test_interrupted_at_each_change(first: Episode, second: Episode, befalls: str, restart: bool) -> None:
    """The next execution is of the same release, or of the one before it."""
    for following in (second, replace(first, policy=second.policy)):
        at, more = 0, True
        while more:
            at += 1
            host = Host()
            host.play(first)
            told, changes = host.play(replace(second, at=at, befalls=befalls, restart=restart))
            more = changes >= at
            assert (told is None) == (more and befalls != REFUSED)
            if following.comes_up:
                ends_well(host, following)
            else:
                assert host.play(following)[0]
                ends_well(host, first)
        assert at > 3

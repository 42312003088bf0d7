# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job runs once in whatever order controllers call the engine, and whatever call crashes or gets lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from unittest.mock import patch

from ansible_collections.migrate_first.docker.plugins.module_utils._job import decide
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.outcome import outcome_of
from ansible_collections.migrate_first.docker.tests.unit.support.controllers import Controller, JournalEngine
from ansible_collections.migrate_first.docker.tests.unit.support.processes import (
    ANSWER_LOST,
    CRASH,
    GO_ON,
    REQUEST_LOST,
    Crashed,
)
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    FAIL,
    FAIL_LATE,
    SERVE,
    SUCCEED,
    TAKE_A_SECOND,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job
from hypothesis import example, given, settings
from hypothesis import strategies as st

#: Seconds after which nobody starts a container that was only created: fewer than in production, to save calls.
START_GRACE = 4.0

#: More records than there can be runs.
KEEP = 20

WANTED = job("job", timeout=5, keep=KEEP)


@dataclass(frozen=True)
class Story:
    """
    The controllers, how the runs end, and which controller goes on when.

    ``controllers`` are invocations; the same one twice is a module that was executed twice.
    ``releases`` are those of the invocations. A step lets one controller make some calls.
    """

    controllers: str
    releases: dict[str, str]
    patience: float
    programs: list[Program]
    steps: list[tuple[int, int, str]]


BURSTS = st.sampled_from([1, 1, 2, 3, 5, 8, 13, 100])
STEPS = st.tuples(st.integers(0, 5), BURSTS, st.sampled_from([*[GO_ON] * 7, CRASH, REQUEST_LOST, ANSWER_LOST]))
STORIES = st.builds(
    Story,
    controllers=st.text("abc", min_size=1, max_size=4),
    releases=st.fixed_dictionaries({invocation: st.sampled_from("112") for invocation in "abc"}),
    patience=st.sampled_from([float("inf"), 0.5]),
    programs=st.lists(st.sampled_from([SUCCEED, TAKE_A_SECOND, FAIL, FAIL_LATE, SERVE]), min_size=1, max_size=4),
    steps=st.lists(STEPS, max_size=40),
)


class Replay:
    """Plays a story to its end; then the engine and the results of the controllers can be checked."""

    def __init__(self, story: Story) -> None:
        self.engine = JournalEngine(story.programs)
        self.controllers = [self._controller(story, invocation) for invocation in story.controllers]
        for place, calls, event in story.steps:
            there = [controller for controller in self.controllers if not controller.gone]
            if not there:
                break
            controller = there[place % len(there)]
            controller.go_on(calls, event)
            if isinstance(controller.error, Crashed):
                # The person starts the release again: another invocation.
                self.controllers.append(self._restart(controller))
        for controller in self.controllers:
            while not controller.gone:
                controller.go_on()
        self.engine.now()

    @property
    def runs(self) -> list[Run]:
        """All runs, in the order of their starts, also those that are not recorded."""
        return [Run(container.describe(self.engine.now(), {})) for container in self.engine.started]

    def _controller(self, story: Story, invocation: str) -> Controller:
        release = story.releases[invocation]
        wanted = replace(WANTED, invocation=invocation, release=release, patience=story.patience)
        return Controller(self.engine, wanted)

    def _restart(self, crashed: Controller) -> Controller:
        invocation = f"{crashed.job.invocation}, again {len(self.controllers)}"
        return Controller(self.engine, replace(crashed.job, invocation=invocation))


#: A whole run begins and ends between the first controller's look and its creation.
RUN_BETWEEN_LOOK_AND_CREATION = Story(
    controllers="cabc",
    releases=dict.fromkeys("abc", "1"),
    patience=float("inf"),
    programs=[FAIL],
    steps=[(1, 5, GO_ON), (0, 5, GO_ON), (3, 5, GO_ON), (2, 3, GO_ON)],
)


@settings(max_examples=1000)
@given(STORIES)
@example(RUN_BETWEEN_LOOK_AND_CREATION)
def test_a_job_runs_once(story: Story) -> None:
    with patch.object(decide, "START_GRACE", START_GRACE):
        replay = Replay(story)
    for controller in replay.controllers:
        if controller.error and not isinstance(controller.error, Crashed):
            raise controller.error
    check_that_nothing_ran_twice(replay)
    check_that_all_runs_are_recorded(replay)
    check_that_fences_rise(replay)
    for controller in replay.controllers:
        if controller.result:
            check_result(replay, controller)


def check_that_nothing_ran_twice(replay: Replay) -> None:
    runs = replay.runs
    started = [run.container.id for run in runs]
    assert replay.engine.at_once == []
    assert len(set(started)) == len(started)
    invocations = [run.invocation for run in runs]
    assert len(set(invocations)) == len(invocations), "an invocation has run it twice"
    successes = [run.release for run in runs if outcome_of(run) == "succeeded"]
    for release, following in zip(successes, successes[1:]):
        assert release != following, "a release has migrated twice, with no newer one between"


def check_that_all_runs_are_recorded(replay: Replay) -> None:
    assert {run.container.id for run in replay.runs} <= replay.engine.containers.keys()


def check_that_fences_rise(replay: Replay) -> None:
    fences = [run.fence for run in replay.runs]
    assert fences == sorted(set(fences))


def check_result(replay: Replay, controller: Controller) -> None:
    result = controller.result
    assert result
    by_id = {run.container.id: run for run in replay.runs}
    run = by_id.get(result.container_id or "")
    assert controller.follower.watched <= {result.container_id}, "the result is not that of the watched run"
    if result.outcome in ("lost", "not_started"):
        assert controller.faults, result.diagnosis
        assert result.exit_code is None
    elif result.outcome == "superseded":
        assert run
        newer = [other.fence for other in by_id.values() if outcome_of(other) == "succeeded"]
        assert max(newer) > run.fence
    else:
        assert run
        assert (result.outcome, result.exit_code) == (outcome_of(run), run.container.exit_code)
        assert result.release == run.release == controller.job.release
        assert result.changed == (run.invocation == controller.job.invocation)
        assert result.fence == run.fence

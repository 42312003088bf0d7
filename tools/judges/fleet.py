# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge that rolls out on a fleet of hosts over SSH."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools import debian, engine
from tools.cache import root
from tools.judges.bench import Bench
from tools.judges.step import Step

# The fleet's own tests (test_fleet.py) are for those who change the fleet: they take another three minutes.
TESTS = ("test_rollout.py", "test_nothing_to_do.py", "test_watching.py", "test_images.py", "test_bad_input.py")

# Of the ways in which a play can go wrong, those that have the least in common. `make once` plays all.
ONCE = (
    "test_shapes.py::test_runs_once[serial-1-with-free]",
    "test_shapes.py::test_runs_once[two-plays]",
    "test_shapes.py::test_a_failure_counts_for_all[free]",
    "test_shapes.py::test_the_naive_way_breaks[serial-1]",
    "test_gate.py::test_nothing_starts_after_a_failure[rescue]",
    "test_gate.py::test_a_part_of_the_play_starts_nothing_unproven[fails-start-at-task]",
    "test_hosts.py::test_a_limit_that_leaves_the_runner_out_is_refused",
    "test_hosts.py::test_a_runner_that_cannot_be_reached[heeded-serial]",
    "test_connection.py::test_the_job_goes_on[sessions killed]",
    "test_controllers.py::test_a_killed_controller[explicit release-SIGKILL]",
    "test_controllers.py::test_several_controllers_with_different_releases[2]",
    "test_releases.py::test_an_older_rollout_does_not_undo_a_newer_one[heeded]",
)

# Of what is done to a service while its replicas are rolled out. `make serving` does all.
SERVING = (
    "test_rollouts.py::test_a_new_version[start_first]",
    "test_rollouts.py::test_a_version_that_does_not_come_up[crashes-stop_first]",
    "test_rollouts.py::test_the_naive_way_breaks",
    "test_interrupted.py::test_a_killed_controller[2-6-10-held-stop_first]",
    "test_killed.py::test_killed_at_each_change[fewer-after]",
)


def fleet(_bench: Bench) -> Iterator[Step]:
    """Releases on three hosts over SSH: as they go well, as they stop, what is served, and what people get wrong."""
    engine.ensure()
    debian.provide("test", "ssh", "openssh-client")
    tests = [*TESTS, *(f"once/{name}" for name in ONCE), *(f"serving/{name}" for name in SERVING)]
    yield Step(
        # In one run they have one fleet.
        ["python", "-m", "pytest", "-q", "-rp", "--durations=20", "-p", "no:cacheprovider"]
        + [f"tests/fleet/{name}" for name in tests],
        proofs=[rf"^PASSED tests/fleet/{re.escape(name)}" for name in tests],
        # Of the last line alone: names of tests, which the durations have too, may hold such a word.
        doubts=[r"^(?:\d+ \w+, )*\d+ (?:failed|errors?|skipped|xfailed|xpassed|deselected)\b.* in \d.*"],
        # The judges' home is not the user's, and fleets are kept where the user's commands find them.
        env={"MIGRATE_FIRST_CACHE": str(root())},
    )

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests that the check `fleet` runs, by what they share a fleet with: `make once` and `make serving` run the rest."""

from __future__ import annotations

ROLLOUT = ("test_rollout.py", "test_nothing_to_do.py", "test_watching.py", "test_images.py", "test_bad_input.py")

# Of the ways in which a play can go wrong, those that have the least in common.
ONCE = (
    "once/test_shapes.py::test_runs_once[serial-1-with-free]",
    "once/test_shapes.py::test_runs_once[two-plays]",
    "once/test_shapes.py::test_a_failure_counts_for_all[free]",
    "once/test_shapes.py::test_the_naive_way_breaks[serial-1]",
    "once/test_gate.py::test_nothing_starts_after_a_failure[rescue]",
    "once/test_gate.py::test_a_part_of_the_play_starts_nothing_unproven[fails-start-at-task]",
    "once/test_hosts.py::test_a_limit_that_leaves_the_runner_out_is_refused",
    "once/test_hosts.py::test_a_runner_that_cannot_be_reached[heeded-serial]",
    "once/test_connection.py::test_the_job_goes_on[sessions killed]",
    "once/test_controllers.py::test_a_killed_controller[explicit release-SIGKILL]",
    "once/test_controllers.py::test_several_controllers_with_different_releases[2]",
    "once/test_releases.py::test_an_older_rollout_does_not_undo_a_newer_one[heeded]",
)

# Of what is done to a service while its replicas are rolled out.
SERVING = (
    "serving/test_rollouts.py::test_a_new_version[start_first]",
    "serving/test_rollouts.py::test_a_version_that_does_not_come_up[crashes-stop_first]",
    "serving/test_rollouts.py::test_the_naive_way_breaks",
    "serving/test_interrupted.py::test_a_killed_controller[2-6-10-held-stop_first]",
    "serving/test_killed.py::test_killed_at_each_change[fewer-after]",
)

# The fleet's own tests are for those who change it: they take another three minutes.
ITSELF = ("tests/fleet/test_fleet.py",)

TESTS = tuple(f"tests/fleet/{name}" for name in (*ROLLOUT, *ONCE, *SERVING))

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run, read by the labels of its container."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._job.retry import expected_delay
from ansible_collections.migrate_first.docker.tests.unit.support.found import (
    IMAGE_ID,
    container,
    exited,
    made_for,
    running,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

#: The creation of a container of the tests, in microseconds.
CREATED = 1767268799000000


@pytest.mark.parametrize(
    ("carried", "fence"),
    [
        pytest.param({}, CREATED, id="no label"),
        pytest.param({labels.FENCE: "0"}, CREATED, id="no record before it"),
        pytest.param({labels.FENCE: str(CREATED - 1)}, CREATED, id="an older record"),
        pytest.param({labels.FENCE: str(CREATED + 1)}, CREATED + 1, id="a newer record, by the clock of that time"),
    ],
)
def test_the_fence_is_the_creation_and_at_least_the_minimum(carried: dict[str, str], fence: int) -> None:
    assert Run(running(labels=carried)).fence == fence


def test_a_record_is_named_by_its_creation_and_id() -> None:
    assert Run(exited(**made_for(job("job")))).history_name == "job.20260101T115959Z.0123456789ab"


def test_a_run_of_an_older_version_has_defaults_for_the_labels_that_it_lacks() -> None:
    run = Run(exited(3, labels={labels.NAME: "job"}))
    assert (run.attempt, expected_delay(run), run.deadline, run.invoked_by) == (1, None, 0, "")
    assert run.image == IMAGE_ID


def test_a_container_that_was_only_created_has_no_duration() -> None:
    assert Run(container()).duration is None

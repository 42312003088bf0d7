# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas that are replaced at the same time: it shows in the time that it takes."""

from __future__ import annotations

import time

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.reconcile import reconcile
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import IGNORE_TERM
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import replicas

COUNT = 4


@pytest.mark.parametrize("order", ["start_first", "stop_first"])
def test_so_many_are_replaced_at_the_same_time(lab: Lab, order: str) -> None:
    """Each takes two seconds to stop, whatever else the machine is doing."""

    def seconds(colour: str, parallelism: int) -> float:
        container = {"stop_timeout": 2, "env": {"COLOUR": colour}}
        policy = UpdatePolicy(order, parallelism)
        began = time.monotonic()
        result = reconcile(
            lab.engine, lab.clock, replicas(lab.name("shop"), COUNT, IGNORE_TERM, container, update=policy)
        )
        assert result.failure == ""
        return time.monotonic() - began

    seconds("red", 1)
    one_after_the_other = seconds("green", 1)
    assert one_after_the_other > COUNT * 2
    assert seconds("blue", COUNT) < one_after_the_other / 2

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log that is returned beside a result or a progress."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import STDOUT
from ansible_collections.migrate_first.docker.plugins.module_utils._job.log import log_of
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import Progress
from ansible_collections.migrate_first.docker.plugins.module_utils._job.run import ResultOrProgress
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import LogCursor, LogRequest
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import memory_lab
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

WANTED = job("job")
LAB = memory_lab()
RESULT = run_job(LAB, WANTED)
PIECES = [(STDOUT, b"done\n")]


@pytest.mark.parametrize(
    ("ended", "pieces"),
    [
        pytest.param(RESULT, PIECES, id="a run of this call"),
        pytest.param(replace(RESULT, joined=True), PIECES, id="a run that was joined"),
        pytest.param(Progress("it runs", str(RESULT.container_id)), PIECES, id="a run that goes on"),
        pytest.param(replace(RESULT, reused=True), None, id="a run that has ended before"),
        pytest.param(replace(RESULT, attempts=0), None, id="a run that was not started"),
        pytest.param(replace(RESULT, container_id=None), None, id="no container"),
        pytest.param(Progress("it is busy", waiting=True), None, id="no run yet"),
    ],
)
def test_the_log_is_that_of_the_run_that_was_watched(
    ended: ResultOrProgress, pieces: list[tuple[int, bytes]] | None
) -> None:
    chunk = log_of(LAB.engine, WANTED, LogRequest(), ended)
    assert (list(chunk.pieces) if chunk else None) == pieces


def test_the_log_of_a_removed_container_keeps_its_cursors() -> None:
    cursors = {STDOUT: LogCursor("2026-01-01T12:00:00Z", 1)}
    chunk = log_of(LAB.engine, WANTED, LogRequest(cursors), Progress("it runs", "gone"))
    assert chunk
    assert (chunk.cursors, list(chunk.pieces), "No such container" in chunk.trouble) == (cursors, [], True)

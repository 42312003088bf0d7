# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that has its name for itself: it runs once, and its result has the outcome and the output."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import EngineError
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import run_job
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE, NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    COUNT,
    DIRTY,
    EXCEED_MEMORY,
    EXIT_127,
    FAIL,
    IGNORE_TERM,
    NO_SUCH_PROGRAM,
    SERVE,
    SUCCEED,
    SURVIVE_MEMORY,
    TELL_PASSWORD,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import job

PASSWORD = "correct horse battery"

LITTLE_MEMORY = {"memory": "16M", "memory_swap": "16M"}


@pytest.mark.parametrize(
    ("program", "timeout", "outcome", "words"),
    [
        pytest.param(SUCCEED, 60, "succeeded", "", id="it succeeds"),
        pytest.param(SUCCEED, 0, "succeeded", "", id="it has no deadline"),
        pytest.param(FAIL, 60, "failed", "", id="it fails"),
        pytest.param(EXIT_127, 60, "failed", "", id="it fails like a shell that finds no program"),
        pytest.param(
            DIRTY, 60, "failed", "in the middle of version 4; finish or undo that version by hand", id="known"
        ),
        pytest.param(EXCEED_MEMORY, 60, "out_of_memory", "limit of 16 MiB", id="it takes too much memory"),
        pytest.param(
            SURVIVE_MEMORY,
            60,
            "failed",
            "a process in it because memory ran out",
            id="it goes on where a child takes too much memory",
        ),
        pytest.param(IGNORE_TERM, 1, "timed_out", "", id="it takes too long, and has to be killed"),
        pytest.param(SERVE, 2, "timed_out", "", id="it takes too long, and ends with 0 when it is stopped"),
    ],
)
def test_the_outcome_of_a_run(lab: Lab, program: Program, timeout: float, outcome: str, words: str) -> None:
    memory = LITTLE_MEMORY if program in (EXCEED_MEMORY, SURVIVE_MEMORY) else {}
    result = run_job(lab, job(lab.name("job"), program, memory, timeout=timeout))
    exit_code = 137 if program is IGNORE_TERM else program.exit_code
    assert (result.outcome, result.exit_code) == (outcome, exit_code)
    assert (result.changed, result.joined, result.reused, result.attempts) == (True, False, False, 1)
    assert (result.stdout, result.output_truncated) == (program.stdout.strip(), False)
    assert program.stderr.strip() in result.stderr
    assert words in result.diagnosis
    assert result.duration is not None
    assert result.duration >= (timeout if outcome == "timed_out" else 0)
    record = lab.there(lab.name("job"))
    assert (record.id, record.state, record.exit_code) == (result.container_id, "exited", exit_code)
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 1
    assert lab.observed.calls["stop"] == (outcome == "timed_out")


def test_the_result_describes_the_run(lab: Lab) -> None:
    wanted = job(lab.name("job"))
    result = run_job(lab, wanted)
    container = lab.there(wanted.name)
    assert container.started_at
    assert container.finished_at
    assert (result.name, result.release, result.container_name) == (wanted.name, "1", wanted.name)
    assert (result.image, result.image_id, result.image_digest) == (IMAGE, lab.image().id, None)
    assert result.engine_id == lab.outside.identity()
    assert result.command == tuple(SUCCEED.command)
    assert result.started_at == container.started_at.isoformat()
    assert result.finished_at == container.finished_at.isoformat()
    assert result.fence == round(container.created_at.timestamp() * 1_000_000)
    assert wanted.name in result.diagnosis


def test_a_start_that_fails_leaves_nothing_behind(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), container={"command": NO_SUCH_PROGRAM}))
    assert (result.outcome, result.exit_code, result.attempts, result.proceed) == ("not_started", None, 0, False)
    assert NO_SUCH_PROGRAM[0] in result.diagnosis
    assert lab.all() == ()
    assert run_job(lab, job(lab.name("job"))).outcome == "succeeded"


def test_a_run_that_somebody_else_stops_was_killed(lab: Lab) -> None:
    lab.observed.after("start", lambda container_id: lab.outside.stop(container_id, 0))
    result = run_job(lab, job(lab.name("job"), IGNORE_TERM))
    assert (result.outcome, result.exit_code, result.changed) == ("killed", 137, True)


def test_the_end_of_much_output_is_returned(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), COUNT, max_output=12))
    # The end of the last line counts, too.
    assert (result.stdout, result.output_truncated) == ("8\n2999\n3000", True)


@pytest.mark.parametrize("max_output", [6, 1000])
def test_a_secret_is_neither_in_the_result_nor_in_the_labels(lab: Lab, max_output: int) -> None:
    wanted = job(lab.name("job"), TELL_PASSWORD, {"secret_env": {"PGPASSWORD": PASSWORD}}, max_output=max_output)
    result = run_job(lab, wanted)
    assert result.stdout == "password is ********\n"[-max_output:].strip()
    assert PASSWORD not in repr(result.returned())
    container = lab.there(wanted.name)
    assert PASSWORD not in repr(dict(container.labels))
    # It did reach the process.
    assert PASSWORD.encode() in b"".join(data for _stream, data in lab.outside.logs(container.id))


def test_a_secret_in_an_error_of_the_engine_is_hidden(lab: Lab) -> None:
    lab.observed.before("create", failing(EngineError(f"invalid variable: {PASSWORD}")))
    result = run_job(lab, job(lab.name("job"), container={"secret_env": {"PGPASSWORD": PASSWORD}}))
    assert result.outcome == "not_started"
    assert "invalid variable" in result.diagnosis
    assert PASSWORD not in repr(result.returned())


@pytest.mark.parametrize(
    ("container", "pull", "missing"),
    [
        # Port 9 of this machine is no registry.
        *(
            ({"image": "localhost:9/mf-test:nowhere"}, pull, "localhost:9/mf-test:nowhere")
            for pull in ("never", "missing", "always")
        ),
        ({"networks": [{"name": "bridge"}, {"name": "mf-test-nowhere"}]}, "never", "mf-test-nowhere"),
        ({"volumes": ["mf-test-nowhere:/data"]}, "never", "mf-test-nowhere"),
    ],
    ids=["image, never pulled", "image, pulled", "image, always pulled", "network", "volume"],
)
def test_nothing_is_started_without_image_network_or_volume(
    lab: Lab, container: dict[str, Any], pull: str, missing: str
) -> None:
    result = run_job(lab, job(lab.name("job"), container=container, pull=pull))
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert missing in result.diagnosis
    assert lab.all() == ()
    # The engine would have made the volume, empty.
    assert missing not in lab.engine.volumes()


@pytest.mark.parametrize(
    ("held", "outcome"),
    [
        pytest.param({}, "succeeded", id="no host is known"),
        pytest.param({"h1": (IMAGE,)}, "succeeded", id="all hosts have it"),
        pytest.param({"h1": (IMAGE, "shop@sha256:1")}, "succeeded", id="a host has it, with a digest beside"),
        pytest.param({"h1": ()}, "succeeded", id="nothing is known of a host"),
        pytest.param({"h1": (IMAGE,), "h2": (NEXT_IMAGE,)}, "not_started", id="a host has another"),
    ],
)
def test_a_job_is_not_started_where_a_host_has_another_image(
    lab: Lab, held: dict[str, tuple[str, ...]], outcome: str
) -> None:
    known = (IMAGE, NEXT_IMAGE)
    images: dict[str, Any] = {
        host: tuple(lab.image(name).id if name in known else name for name in names) for host, names in held.items()
    }
    result = run_job(lab, job(lab.name("job"), fleet_images=images))
    assert result.outcome == outcome
    assert len(lab.all()) == (1 if outcome == "succeeded" else 0)
    assert ("h2" in result.diagnosis, "h1" in result.diagnosis) == (outcome == "not_started", False)

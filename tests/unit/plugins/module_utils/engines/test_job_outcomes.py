# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job that nothing stands in the way of: it runs once, and its result has the outcome."""

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
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import Request, job

PASSWORD = "correct horse battery"

LITTLE_MEMORY = {"memory": "16M", "memory_swap": "16M"}


@pytest.mark.parametrize(
    ("program", "container", "timeout", "outcome", "exit_code"),
    [
        pytest.param(SUCCEED, {}, 60, "succeeded", 0, id="it succeeds"),
        pytest.param(FAIL, {}, 60, "failed", 3, id="it fails"),
        pytest.param(EXIT_127, {}, 60, "failed", 127, id="it fails like a shell that finds no program"),
        pytest.param(EXCEED_MEMORY, LITTLE_MEMORY, 60, "out_of_memory", 137, id="it takes too much memory"),
        pytest.param(IGNORE_TERM, {}, 1, "timed_out", 137, id="it takes too long, and has to be killed"),
        pytest.param(SERVE, {}, 1, "timed_out", 0, id="it takes too long, and ends with 0 when it is told to"),
        pytest.param(SUCCEED, {}, 0, "succeeded", 0, id="it has no deadline"),
    ],
)
def test_the_outcome_is_what_came_of_the_process(
    lab: Lab, program: Program, container: dict[str, str], timeout: float, outcome: str, exit_code: int
) -> None:
    result = run_job(lab, job(lab.name("job"), program, container, timeout=timeout))
    assert (result.outcome, result.exit_code) == (outcome, exit_code)
    assert (result.changed, result.joined, result.reused, result.attempts) == (True, False, False, 1)
    record = lab.there(lab.name("job"))
    assert (record.id, record.state, record.exit_code) == (result.container_id, "exited", exit_code)
    assert lab.observed.calls["create"] == lab.observed.calls["start"] == 1


def test_the_result_tells_of_the_run(lab: Lab) -> None:
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
    assert result.duration is not None
    assert result.duration >= 0
    assert result.fence == round(container.created_at.timestamp() * 1_000_000)
    assert wanted.name in result.diagnosis


def test_a_known_failure_is_told_with_its_remedy(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), DIRTY))
    assert (result.outcome, result.exit_code) == ("failed", 1)
    assert "in the middle of version 4; finish or undo that version by hand" in result.diagnosis


def test_the_limit_of_memory_is_told(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), EXCEED_MEMORY, LITTLE_MEMORY))
    assert "limit of 16 MiB" in result.diagnosis


def test_memory_is_named_also_where_the_process_survives(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), SURVIVE_MEMORY, LITTLE_MEMORY))
    assert (result.outcome, result.exit_code) == ("failed", 1)
    assert "a process in it because memory ran out" in result.diagnosis


def test_a_failing_start_leaves_nothing_behind(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), container={"command": NO_SUCH_PROGRAM}))
    assert (result.outcome, result.exit_code, result.proceed) == ("not_started", None, False)
    assert NO_SUCH_PROGRAM[0] in result.diagnosis
    assert lab.all() == ()


def test_a_run_that_others_end_was_killed(lab: Lab) -> None:
    lab.observed.after("start", lambda container_id: lab.outside.stop(container_id, 0))
    result = run_job(lab, job(lab.name("job"), IGNORE_TERM))
    assert (result.outcome, result.exit_code) == ("killed", 137)


def test_a_run_is_not_stopped_before_its_deadline(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), SERVE, timeout=2))
    assert result.duration is not None
    assert result.duration >= 2
    assert lab.observed.calls["stop"] == 1


def test_the_streams_are_apart(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), FAIL))
    assert (result.stdout, result.stderr, result.output_truncated) == ("begun", "no such column", False)


def test_of_much_output_the_end_is_returned(lab: Lab) -> None:
    result = run_job(lab, job(lab.name("job"), COUNT, max_output=12))
    # The last line's end counts, too.
    assert (result.stdout, result.output_truncated) == ("8\n2999\n3000", True)


@pytest.mark.parametrize("max_output", [6, 1000])
def test_a_secret_is_nowhere_in_the_result_nor_in_the_labels(lab: Lab, max_output: int) -> None:
    wanted = job(lab.name("job"), TELL_PASSWORD, {"secret_env": {"PGPASSWORD": PASSWORD}}, max_output=max_output)
    result = run_job(lab, wanted)
    assert result.stdout == "password is ********\n"[-max_output:].strip()
    assert PASSWORD not in repr(result.returned())
    container = lab.there(wanted.name)
    assert PASSWORD not in repr(dict(container.labels))
    # It did reach the process.
    assert PASSWORD.encode() in b"".join(data for _stream, data in lab.outside.logs(container.id))


def test_the_secret_of_a_run_that_is_reported_again_is_not_told(lab: Lab) -> None:
    def wanted(password: str) -> Request:
        return job(lab.name("job"), TELL_PASSWORD, {"secret_env": {"PGPASSWORD": password}})

    run_job(lab, wanted(PASSWORD))
    # Another host's batch: within an invocation only the work is compared.
    result = run_job(lab, wanted("of another host"))
    assert result.outcome == "succeeded"
    assert lab.observed.calls["create"] == 1
    assert PASSWORD not in repr(result.returned())


def test_a_secret_that_the_engine_quotes_is_not_told(lab: Lab) -> None:
    lab.observed.before("create", failing(EngineError(f"invalid variable: {PASSWORD}")))
    result = run_job(lab, job(lab.name("job"), container={"secret_env": {"PGPASSWORD": PASSWORD}}))
    assert result.outcome == "not_started"
    assert "invalid variable" in result.diagnosis
    assert PASSWORD not in repr(result.returned())


@pytest.mark.parametrize("pull", ["never", "missing", "always"])
def test_without_the_image_nothing_is_started(lab: Lab, pull: str) -> None:
    # Port 9 of this machine is no registry.
    wanted = job(lab.name("job"), container={"image": "localhost:9/mf-test:nowhere"}, pull=pull)
    result = run_job(lab, wanted)
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert "localhost:9/mf-test:nowhere" in result.diagnosis
    assert lab.all() == ()


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"networks": [{"name": "bridge"}, {"name": "mf-test-nowhere"}]}, id="network"),
        pytest.param({"volumes": ["mf-test-nowhere:/data"]}, id="volume"),
    ],
)
def test_without_what_it_names_nothing_is_started(lab: Lab, options: dict[str, Any]) -> None:
    result = run_job(lab, job(lab.name("job"), container=options))
    assert (result.outcome, result.exit_code, result.changed) == ("not_started", None, False)
    assert "mf-test-nowhere" in result.diagnosis
    assert lab.all() == ()
    # The engine would have made it, empty.
    assert "mf-test-nowhere" not in lab.engine.volumes()


@pytest.mark.parametrize("pull", ["never", "missing"])
def test_an_image_that_is_there_is_not_pulled(lab: Lab, pull: str) -> None:
    assert run_job(lab, job(lab.name("job"), pull=pull)).outcome == "succeeded"
    assert lab.observed.calls["pull"] == 0


@pytest.mark.parametrize(
    ("held", "outcome"),
    [
        pytest.param({}, "succeeded", id="no host is asked for"),
        pytest.param({"h1": (IMAGE,)}, "succeeded", id="all hosts hold it"),
        pytest.param({"h1": (IMAGE, "shop@sha256:1")}, "succeeded", id="a host holds it, with a digest beside"),
        pytest.param({"h1": ()}, "succeeded", id="of a host nothing is known"),
        pytest.param({"h1": (IMAGE,), "h2": (NEXT_IMAGE,)}, "not_started", id="a host holds another"),
    ],
)
def test_the_job_is_not_started_where_a_host_holds_another_image(
    lab: Lab, held: dict[str, tuple[str, ...]], outcome: str
) -> None:
    known = (IMAGE, NEXT_IMAGE)
    images: dict[str, Any] = {
        host: tuple(lab.image(name).id if name in known else name for name in names) for host, names in held.items()
    }
    result = run_job(lab, job(lab.name("job"), fleet_images=images))
    assert result.outcome == outcome
    assert len(lab.all()) == (1 if outcome == "succeeded" else 0)
    assert ("h2" in result.diagnosis) == (outcome == "not_started")

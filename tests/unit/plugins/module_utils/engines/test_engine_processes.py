# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Engine: processes start, end, are stopped, fall ill, and what they wrote can be read."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import Definition
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    STDERR,
    STDOUT,
    Container,
    EngineError,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab
from ansible_collections.migrate_first.docker.tests.unit.support.programs import (
    COUNT,
    CRASH,
    EXCEED_MEMORY,
    EXIT_127,
    FAIL,
    IGNORE_TERM,
    NO_SUCH_PROGRAM,
    SERVE,
    SERVE_HEALTHY,
    SERVE_HEALTHY_LATE,
    SPEAK_TWICE,
    SPLIT_PASSWORD,
    SUCCEED,
    TAKE_A_SECOND,
    TELL_PASSWORD,
    Program,
)
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import HEALTHCHECK, definition

#: Longer than anything here takes.
LONG = 30.0


def created(lab: Lab, wanted: Definition, name: str = "one") -> str:
    return lab.engine.create(lab.name(name), wanted, lab.image().id, {})


def started(lab: Lab, program: Program, **options: object) -> Container:
    container_id = created(lab, definition(program, **options))
    lab.engine.start(container_id)
    return lab.engine.inspect(container_id)


def ended(lab: Lab, program: Program, **options: object) -> Container:
    container = started(lab, program, **options)
    lab.engine.wait(container.id, LONG)
    return lab.engine.inspect(container.id)


def written(lab: Lab, container: Container, stream: int) -> str:
    frames = lab.engine.logs(container.id)
    return b"".join(data for of, data in frames if of == stream).decode()


def wait_for_output(lab: Lab, container: Container) -> None:
    """A process that has written something has set up its traps."""
    lab.until(lambda: any(lab.outside.logs(container.id)))


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(SUCCEED, id="0"),
        pytest.param(FAIL, id="3"),
        pytest.param(EXIT_127, id="127"),
        pytest.param(TAKE_A_SECOND, id="after a second"),
    ],
)
def test_a_process_that_has_ended_has_an_exit_code(lab: Lab, program: Program) -> None:
    container = ended(lab, program)
    assert (container.state, container.running, container.error) == ("exited", False, "")
    assert container.exit_code == program.exit_code
    assert not container.oom_killed
    assert container.started_at
    assert container.finished_at
    # The engine notes both a moment after they came.
    assert (container.finished_at - container.started_at).total_seconds() >= (program.seconds or 0.0) - 0.5


def test_a_process_that_runs_has_no_exit_code_and_no_end(lab: Lab) -> None:
    container = started(lab, SERVE)
    assert (container.state, container.running) == ("running", True)
    assert (container.exit_code, container.finished_at) == (None, None)
    assert container.started_at
    assert container.created_at <= container.started_at <= lab.engine.now()


def test_a_program_that_cannot_be_started_leaves_the_container_as_it_was(lab: Lab) -> None:
    container_id = created(lab, definition(SUCCEED, command=NO_SUCH_PROGRAM))
    with pytest.raises(EngineError):
        lab.engine.start(container_id)
    container = lab.engine.inspect(container_id)
    assert (container.state, container.exit_code, container.started_at) == ("created", None, None)
    assert container.error


@pytest.mark.parametrize("before", [[], [{"name": "bridge"}]], ids=["first", "second"])
def test_a_container_whose_network_is_missing_is_not_started(lab: Lab, before: list[dict[str, str]]) -> None:
    networks = [*before, {"name": lab.name("no-such-network")}]
    # Which of the two calls fails depends on the engine's version.
    with pytest.raises(EngineError):
        lab.engine.start(created(lab, definition(networks=networks)))
    assert all(container.started_at is None for container in lab.all())


def test_a_process_that_has_ended_is_started_again(lab: Lab) -> None:
    first = ended(lab, SUCCEED)
    lab.engine.start(first.id)
    lab.engine.wait(first.id, LONG)
    second = lab.engine.inspect(first.id)
    assert first.started_at
    assert second.started_at
    assert second.started_at > first.started_at
    assert written(lab, second, STDOUT) == 2 * SUCCEED.stdout


def test_starting_what_runs_changes_nothing(lab: Lab) -> None:
    container = started(lab, SERVE)
    lab.engine.start(container.id)
    assert lab.engine.inspect(container.id).started_at == container.started_at


def test_waiting_ends_with_the_process(lab: Lab) -> None:
    begun = lab.clock.monotonic()
    container = ended(lab, TAKE_A_SECOND)
    assert container.exit_code == 0
    assert lab.clock.monotonic() - begun < LONG / 2


def test_waiting_ends_after_the_seconds_given(lab: Lab) -> None:
    container = started(lab, SERVE)
    begun = lab.clock.monotonic()
    lab.engine.wait(container.id, 1.0)
    assert 0.9 <= lab.clock.monotonic() - begun < LONG / 2
    assert lab.engine.inspect(container.id).running


def test_waiting_for_what_does_not_run_is_no_waiting(lab: Lab) -> None:
    container_id = created(lab, definition())
    begun = lab.clock.monotonic()
    lab.engine.wait(container_id, LONG)
    assert lab.clock.monotonic() - begun < LONG / 2


def test_a_process_that_obeys_ends_as_it_likes(lab: Lab) -> None:
    container = started(lab, SERVE)
    wait_for_output(lab, container)
    lab.engine.stop(container.id, int(LONG))
    container = lab.engine.inspect(container.id)
    assert (container.state, container.exit_code) == ("exited", 0)


def test_a_process_that_does_not_obey_is_killed(lab: Lab) -> None:
    container = started(lab, IGNORE_TERM)
    wait_for_output(lab, container)
    lab.engine.stop(container.id, 1)
    container = lab.engine.inspect(container.id)
    assert (container.state, container.exit_code, container.oom_killed) == ("exited", 137, False)


@pytest.mark.parametrize("state", ["created", "exited"])
def test_stopping_what_does_not_run_changes_nothing(lab: Lab, state: str) -> None:
    container_id = created(lab, definition()) if state == "created" else ended(lab, SUCCEED).id
    before = lab.engine.inspect(container_id)
    lab.engine.stop(container_id, 1)
    assert lab.engine.inspect(container_id) == before
    assert before.state == state


def test_a_process_that_takes_too_much_memory_is_killed_by_the_kernel(lab: Lab) -> None:
    container = ended(lab, EXCEED_MEMORY, memory="16M", memory_swap="16M")
    assert (container.exit_code, container.oom_killed) == (137, True)


def test_the_streams_are_apart_and_whole(lab: Lab) -> None:
    container = ended(lab, FAIL)
    assert (written(lab, container, STDOUT), written(lab, container, STDERR)) == (FAIL.stdout, FAIL.stderr)


def test_much_output_comes_in_order_and_whole(lab: Lab) -> None:
    assert written(lab, ended(lab, COUNT), STDOUT) == COUNT.stdout


def test_a_process_gets_its_environment(lab: Lab) -> None:
    container = ended(lab, TELL_PASSWORD, secret_env={"PGPASSWORD": "p w$"})
    assert written(lab, container, STDOUT) == "password is p w$\n"


def test_what_runs_can_be_read_so_far(lab: Lab) -> None:
    container = started(lab, SERVE)
    wait_for_output(lab, container)
    assert written(lab, container, STDOUT) == SERVE.stdout


def test_health_is_starting_until_the_check_succeeds(lab: Lab) -> None:
    container = started(lab, SERVE_HEALTHY_LATE, healthcheck={**HEALTHCHECK, "retries": 100})
    assert container.health == "starting"
    lab.until(lambda: lab.outside.inspect(container.id).health == "healthy")


def test_what_never_becomes_healthy_is_unhealthy_at_last(lab: Lab) -> None:
    container = started(lab, SERVE, healthcheck=HEALTHCHECK)
    lab.until(lambda: lab.outside.inspect(container.id).health == "unhealthy")
    assert lab.engine.inspect(container.id).running


def test_what_has_ended_is_not_healthy(lab: Lab) -> None:
    container = started(lab, SERVE_HEALTHY, healthcheck=HEALTHCHECK)
    lab.until(lambda: lab.outside.inspect(container.id).health == "healthy")
    lab.engine.stop(container.id, 1)
    assert lab.engine.inspect(container.id).health == "unhealthy"


def test_a_port_is_published_while_it_runs(lab: Lab) -> None:
    container = started(lab, SERVE, published_ports=["8000"])
    assert [port for port, addresses in container.published.items() if addresses] == ["8000/tcp"]
    lab.engine.stop(container.id, 1)
    assert lab.engine.inspect(container.id).published == {}


def test_a_host_port_is_given_once(lab: Lab) -> None:
    chosen = started(lab, SERVE, published_ports=["8000"]).published["8000/tcp"][0].rpartition(":")[2]
    second = created(lab, definition(SERVE, published_ports=[f"{chosen}:8000"]), "two")
    with pytest.raises(EngineError):
        lab.engine.start(second)
    assert not lab.engine.inspect(second).running


def test_entries_are_what_was_written_with_the_time_of_it(lab: Lab) -> None:
    container = ended(lab, FAIL)
    entries = list(lab.engine.entries(container.id, ""))
    assert {(entry.stream, entry.data) for entry in entries} == {
        (STDOUT, FAIL.stdout.encode()),
        (STDERR, FAIL.stderr.encode()),
    }
    assert container.started_at
    assert all(f"{container.started_at:%Y-%m-%dT%H:%M}" <= entry.stamp for entry in entries)


def test_entries_since_a_moment_are_those_of_it_and_after(lab: Lab) -> None:
    container = ended(lab, SPEAK_TWICE)
    first, second = lab.engine.entries(container.id, "")
    assert (first.data, second.data) == (b"begun\n", b"ended\n")
    assert first.stamp < second.stamp
    assert list(lab.engine.entries(container.id, first.stamp)) == [first, second]
    assert list(lab.engine.entries(container.id, second.stamp)) == [second]


def test_a_long_line_comes_in_parts(lab: Lab) -> None:
    container = ended(lab, SPLIT_PASSWORD, env={"PGPASSWORD": "s3cret-password"})
    sizes = [len(entry.data) for entry in lab.engine.entries(container.id, "")]
    assert max(sizes) <= 16384
    assert sum(sizes) == 16380 + 2 * 15 + 3


def test_what_crashes_is_started_again_by_its_restart_policy(lab: Lab) -> None:
    container = started(lab, CRASH, restart_policy="always")
    lab.until(lambda: lab.outside.inspect(container.id).restarts >= 2)
    lab.engine.stop(container.id, 1)
    assert lab.engine.inspect(container.id).state == "exited"


def test_a_log_that_nobody_keeps_cannot_be_read(lab: Lab) -> None:
    container = ended(lab, SUCCEED, log_driver="none")
    for call in (lambda: list(lab.engine.logs(container.id)), lambda: list(lab.engine.entries(container.id, ""))):
        with pytest.raises(EngineError, match="read"):
            call()

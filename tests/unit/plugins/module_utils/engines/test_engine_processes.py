# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine starts, watches and stops processes, checks their health, and returns their output."""

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

#: Seconds, longer than any process of these tests takes.
LONG = 30.0


def create(lab: Lab, wanted: Definition, name: str = "one") -> str:
    return lab.engine.create(lab.name(name), wanted, lab.image().id, {})


def start(lab: Lab, program: Program, **options: object) -> Container:
    container_id = create(lab, definition(program, **options))
    lab.engine.start(container_id)
    return lab.engine.inspect(container_id)


def run_to_its_end(lab: Lab, program: Program, **options: object) -> Container:
    container = start(lab, program, **options)
    lab.engine.wait(container.id, LONG)
    return lab.engine.inspect(container.id)


def output(lab: Lab, container: Container, stream: int) -> str:
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
        pytest.param(COUNT, id="with much output"),
    ],
)
def test_a_process_that_has_ended_has_an_exit_code_and_its_output(lab: Lab, program: Program) -> None:
    container = run_to_its_end(lab, program)
    assert (container.state, container.running, container.error) == ("exited", False, "")
    assert container.exit_code == program.exit_code
    assert not container.oom_killed
    assert container.started_at
    assert container.finished_at
    assert (output(lab, container, STDOUT), output(lab, container, STDERR)) == (program.stdout, program.stderr)
    # The engine notes both times a moment late.
    assert (container.finished_at - container.started_at).total_seconds() >= (program.seconds or 0.0) - 0.5


def test_a_running_process_has_output_and_no_exit_code(lab: Lab) -> None:
    container = start(lab, SERVE)
    wait_for_output(lab, container)
    assert output(lab, container, STDOUT) == SERVE.stdout
    assert (container.state, container.running) == ("running", True)
    assert (container.exit_code, container.finished_at) == (None, None)
    assert container.started_at
    assert container.created_at <= container.started_at <= lab.engine.now()


def test_a_container_whose_program_cannot_be_started_stays_created(lab: Lab) -> None:
    container_id = create(lab, definition(SUCCEED, command=NO_SUCH_PROGRAM))
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
        lab.engine.start(create(lab, definition(networks=networks)))
    assert all(container.started_at is None for container in lab.all())


def test_a_process_that_has_ended_can_be_started_again(lab: Lab) -> None:
    first = run_to_its_end(lab, SUCCEED)
    lab.engine.start(first.id)
    lab.engine.wait(first.id, LONG)
    second = lab.engine.inspect(first.id)
    assert first.started_at
    assert second.started_at
    assert second.started_at > first.started_at
    assert output(lab, second, STDOUT) == 2 * SUCCEED.stdout


def test_starting_a_running_container_changes_nothing(lab: Lab) -> None:
    container = start(lab, SERVE)
    lab.engine.start(container.id)
    assert lab.engine.inspect(container.id).started_at == container.started_at


def test_a_wait_ends_with_the_process(lab: Lab) -> None:
    begun = lab.clock.monotonic()
    container = run_to_its_end(lab, TAKE_A_SECOND)
    assert container.exit_code == 0
    assert lab.clock.monotonic() - begun < LONG / 2


def test_a_wait_ends_after_its_seconds(lab: Lab) -> None:
    container = start(lab, SERVE)
    begun = lab.clock.monotonic()
    lab.engine.wait(container.id, 1.0)
    assert 0.9 <= lab.clock.monotonic() - begun < LONG / 2
    assert lab.engine.inspect(container.id).running


def test_a_wait_for_a_container_that_does_not_run_ends_at_once(lab: Lab) -> None:
    container_id = create(lab, definition())
    begun = lab.clock.monotonic()
    lab.engine.wait(container_id, LONG)
    assert lab.clock.monotonic() - begun < LONG / 2


def test_a_process_that_obeys_the_stop_signal_keeps_its_exit_code(lab: Lab) -> None:
    container = start(lab, SERVE)
    wait_for_output(lab, container)
    lab.engine.stop(container.id, int(LONG))
    container = lab.engine.inspect(container.id)
    assert (container.state, container.exit_code) == ("exited", 0)


def test_a_process_that_ignores_the_stop_signal_is_killed(lab: Lab) -> None:
    container = start(lab, IGNORE_TERM)
    wait_for_output(lab, container)
    lab.engine.stop(container.id, 1)
    container = lab.engine.inspect(container.id)
    assert (container.state, container.exit_code, container.oom_killed) == ("exited", 137, False)


@pytest.mark.parametrize("state", ["created", "exited"])
def test_stopping_a_container_that_does_not_run_changes_nothing(lab: Lab, state: str) -> None:
    container_id = create(lab, definition()) if state == "created" else run_to_its_end(lab, SUCCEED).id
    before = lab.engine.inspect(container_id)
    lab.engine.stop(container_id, 1)
    assert lab.engine.inspect(container_id) == before
    assert before.state == state


def test_a_process_that_takes_too_much_memory_is_killed_by_the_kernel(lab: Lab) -> None:
    container = run_to_its_end(lab, EXCEED_MEMORY, memory="16M", memory_swap="16M")
    assert (container.exit_code, container.oom_killed) == (137, True)


def test_a_process_gets_its_environment(lab: Lab) -> None:
    container = run_to_its_end(lab, TELL_PASSWORD, secret_env={"PGPASSWORD": "p w$"})
    assert output(lab, container, STDOUT) == "password is p w$\n"


def test_health_is_starting_until_the_check_succeeds(lab: Lab) -> None:
    container = start(lab, SERVE_HEALTHY_LATE, healthcheck={**HEALTHCHECK, "retries": 100})
    assert container.health == "starting"
    lab.until(lambda: lab.outside.inspect(container.id).health == "healthy")


def test_a_process_whose_check_never_succeeds_becomes_unhealthy(lab: Lab) -> None:
    container = start(lab, SERVE, healthcheck=HEALTHCHECK)
    lab.until(lambda: lab.outside.inspect(container.id).health == "unhealthy")
    assert lab.engine.inspect(container.id).running


def test_a_process_that_has_ended_is_unhealthy(lab: Lab) -> None:
    container = start(lab, SERVE_HEALTHY, healthcheck=HEALTHCHECK)
    lab.until(lambda: lab.outside.inspect(container.id).health == "healthy")
    lab.engine.stop(container.id, 1)
    assert lab.engine.inspect(container.id).health == "unhealthy"


def test_a_port_is_published_while_the_container_runs(lab: Lab) -> None:
    container = start(lab, SERVE, published_ports=["8000"])
    assert [port for port, addresses in container.published.items() if addresses] == ["8000/tcp"]
    lab.engine.stop(container.id, 1)
    assert lab.engine.inspect(container.id).published == {}


def test_a_host_port_can_be_used_once(lab: Lab) -> None:
    chosen = start(lab, SERVE, published_ports=["8000"]).published["8000/tcp"][0].rpartition(":")[2]
    second = create(lab, definition(SERVE, published_ports=[f"{chosen}:8000"]), "two")
    with pytest.raises(EngineError):
        lab.engine.start(second)
    assert not lab.engine.inspect(second).running


def test_entries_are_the_output_with_its_time(lab: Lab) -> None:
    container = run_to_its_end(lab, FAIL)
    entries = list(lab.engine.entries(container.id, ""))
    assert {(entry.stream, entry.data) for entry in entries} == {
        (STDOUT, FAIL.stdout.encode()),
        (STDERR, FAIL.stderr.encode()),
    }
    assert container.started_at
    assert all(f"{container.started_at:%Y-%m-%dT%H:%M}" <= entry.stamp for entry in entries)


def test_entries_since_a_moment_include_that_moment(lab: Lab) -> None:
    container = run_to_its_end(lab, SPEAK_TWICE)
    first, second = lab.engine.entries(container.id, "")
    assert (first.data, second.data) == (b"begun\n", b"ended\n")
    assert first.stamp < second.stamp
    assert list(lab.engine.entries(container.id, first.stamp)) == [first, second]
    assert list(lab.engine.entries(container.id, second.stamp)) == [second]


def test_a_long_line_comes_in_parts(lab: Lab) -> None:
    container = run_to_its_end(lab, SPLIT_PASSWORD, env={"PGPASSWORD": "s3cret-password"})
    sizes = [len(entry.data) for entry in lab.engine.entries(container.id, "")]
    assert max(sizes) <= 16384
    assert sum(sizes) == 16380 + 2 * 15 + 3


def test_a_process_that_crashes_is_restarted_by_its_policy(lab: Lab) -> None:
    container = start(lab, CRASH, restart_policy="always")
    lab.until(lambda: lab.outside.inspect(container.id).restarts >= 2)
    lab.engine.stop(container.id, 1)
    assert lab.engine.inspect(container.id).state == "exited"


def test_the_log_of_a_driver_that_keeps_none_cannot_be_read(lab: Lab) -> None:
    container = run_to_its_end(lab, SUCCEED, log_driver="none")
    for call in (lambda: list(lab.engine.logs(container.id)), lambda: list(lab.engine.entries(container.id, ""))):
        with pytest.raises(EngineError, match="read"):
            call()

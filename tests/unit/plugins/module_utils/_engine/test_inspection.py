# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of the engine, read as containers."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.inspection import container, moment
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    Healthcheck,
    HostPort,
    RestartPolicy,
)
from ansible_collections.migrate_first.docker.tests.unit.support.answers import (
    CREATED,
    EXITED,
    FINISHED,
    ID,
    NEVER,
    RUNNING,
    STARTED,
    UNSTARTABLE,
    answer,
)

SECOND = 1_000_000_000


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)  # type: ignore[misc,arg-type]


def test_a_created_container() -> None:
    found = container(CREATED)
    assert (found.id, found.name, found.image_id) == (ID, "shop-migration", "sha256:4dac5bdc3898")
    assert (found.state, found.running, found.error) == ("created", False, "")
    assert found.argv == ("sh", "-c", "echo done")
    assert found.created_at == utc(2026, 11, 23, 6, 42, 7, 123456)
    assert (found.exit_code, found.started_at, found.finished_at) == (None, None, None)
    assert found.labels == {"owner": "shop"}
    assert found.environment == {"PGPASSWORD": "hidden=too", "EMPTY": "", "PATH": "/usr/bin:/bin"}
    assert (found.stop_timeout, found.health, found.healthcheck, found.published) == (10, None, None, {})
    assert "hidden" not in repr(found)


def test_ports_and_restart_policy_of_a_container() -> None:
    found = container(CREATED)
    assert (found.host_ports, found.restart_policy, found.restarts) == ((), RestartPolicy("no"), 0)
    bindings = {
        "8000/tcp": [{"HostIp": "", "HostPort": "8001"}, {"HostIp": "127.0.0.1", "HostPort": "8002"}],
        "53/udp": [{"HostIp": "0.0.0.0", "HostPort": "53"}],
        "9000/tcp": [{"HostIp": "", "HostPort": ""}],
        "9001/tcp": None,
    }
    policy = {"Name": "on-failure", "MaximumRetryCount": 3}
    asked = {**CREATED, "HostConfig": {"PortBindings": bindings, "RestartPolicy": policy}, "RestartCount": 2}
    found = container(asked)
    assert found.host_ports == (HostPort(53, "udp"), HostPort(8001), HostPort(8002, "tcp", "127.0.0.1"))
    assert (found.restart_policy, found.restarts) == (RestartPolicy("on-failure", 3), 2)
    assert container({**CREATED, "HostConfig": {"RestartPolicy": {"Name": ""}}}).restart_policy == RestartPolicy("no")


@pytest.mark.parametrize("policy", [RestartPolicy(), RestartPolicy("always"), RestartPolicy("on-failure", 3)])
def test_a_restart_policy_can_be_written_and_read(policy: RestartPolicy) -> None:
    assert RestartPolicy.read(str(policy)) == policy


def test_a_running_container_has_no_exit_code() -> None:
    found = container(RUNNING)
    assert (found.state, found.running, found.exit_code) == ("running", True, None)
    assert (found.started_at, found.finished_at) == (utc(2026, 11, 23, 6, 42, 8, 500000), None)


def test_a_container_that_runs_again_has_no_end() -> None:
    found = container(answer(Status="running", StartedAt=STARTED, FinishedAt=FINISHED))
    assert (found.exit_code, found.finished_at) == (None, None)


def test_an_exited_container() -> None:
    found = container(EXITED)
    assert (found.state, found.running, found.exit_code, found.oom_killed) == ("exited", False, 3, False)
    assert found.finished_at == utc(2026, 11, 23, 6, 42, 10, 750000)


def test_a_container_that_could_not_be_started_has_no_exit_code() -> None:
    found = container(UNSTARTABLE)
    assert (found.state, found.exit_code, found.started_at) == ("created", None, None)
    assert found.error == "exec: no such file or directory"


@pytest.mark.parametrize(
    ("state", "runs", "ended"),
    [
        ("created", False, False),
        ("running", True, False),
        ("paused", True, False),
        ("restarting", True, False),
        ("removing", False, False),
        ("exited", False, True),
        ("dead", False, False),
    ],
)
def test_the_states_in_which_a_container_runs_or_has_ended(state: str, runs: bool, ended: bool) -> None:
    found = container(answer(Status=state, ExitCode=1, StartedAt=STARTED, FinishedAt=FINISHED, OOMKilled=True))
    assert (found.running, found.exit_code is not None, found.finished_at is not None) == (runs, ended, ended)
    assert found.oom_killed


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (None, None),
        ({}, None),
        ({"Status": "none"}, None),
        ({"Status": "starting"}, "starting"),
        ({"Status": "healthy", "FailingStreak": 0, "Log": []}, "healthy"),
        ({"Status": "unhealthy"}, "unhealthy"),
    ],
)
def test_the_health_of_a_container(health: dict[str, Any] | None, expected: str | None) -> None:
    assert container(answer(Status="running", Health=health)).health == expected


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (None, None),
        ({}, None),
        ({"Test": ["NONE"]}, None),
        ({"Test": ["CMD", "true"]}, Healthcheck(30.0, 30.0, 3, 0.0)),
        ({"Test": ["CMD", "true"], "Interval": 0, "Timeout": 0, "Retries": 0}, Healthcheck(30.0, 30.0, 3, 0.0)),
        (
            {"Test": ["CMD"], "Interval": SECOND // 2, "Timeout": SECOND, "Retries": 5, "StartPeriod": 60 * SECOND},
            Healthcheck(0.5, 1.0, 5, 60.0),
        ),
    ],
)
def test_the_healthcheck_of_a_container(check: dict[str, Any] | None, expected: Healthcheck | None) -> None:
    assert container(answer({"Healthcheck": check})).healthcheck == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [({}, 10), ({"StopTimeout": None}, 10), ({"StopTimeout": 7}, 7), ({"StopTimeout": 0}, 0)],
)
def test_the_stop_timeout_of_a_container(config: dict[str, Any], expected: int) -> None:
    assert container(answer(config)).stop_timeout == expected


@pytest.mark.parametrize(
    ("host_config", "expected"), [({}, 0), ({"Memory": None}, 0), ({"Memory": 0}, 0), ({"Memory": 16777216}, 16777216)]
)
def test_the_memory_limit_of_a_container(host_config: dict[str, Any], expected: int) -> None:
    assert container({**EXITED, "HostConfig": host_config}).memory_limit == expected


@pytest.mark.parametrize("config", [{"Labels": None, "Env": None}, {"Labels": {}, "Env": []}])
def test_a_container_may_have_no_labels_and_no_environment(config: dict[str, Any]) -> None:
    found = container(answer(config))
    assert (found.labels, found.environment) == ({}, {})


def test_a_variable_without_a_value_is_left_out() -> None:
    assert container(answer({"Env": ["PASSED_ON", "COLOUR=blue"]})).environment == {"COLOUR": "blue"}


def test_the_published_ports_of_a_container() -> None:
    ports = {
        "8000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8001"}, {"HostIp": "::", "HostPort": "8001"}],
        "53/udp": None,
        "443/tcp": [],
    }
    assert container(answer(ports=ports)).published == {"8000/tcp": ("0.0.0.0:8001", "[::]:8001")}
    assert container({**RUNNING, "NetworkSettings": {}}).published == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NEVER, None),
        ("2026-11-23T06:42:07Z", utc(2026, 11, 23, 6, 42, 7)),
        ("2026-11-23T06:42:07.1Z", utc(2026, 11, 23, 6, 42, 7, 100000)),
        ("2026-11-23T06:42:07.123456789Z", utc(2026, 11, 23, 6, 42, 7, 123456)),
        ("2026-11-23T06:42:07.999999999Z", utc(2026, 11, 23, 6, 42, 7, 999999)),
        ("2026-11-23T08:42:07.5+02:00", utc(2026, 11, 23, 6, 42, 7, 500000)),
        ("2026-11-22T23:42:07-07:00", utc(2026, 11, 23, 6, 42, 7)),
    ],
)
def test_a_time_of_the_engine_is_read_as_utc(text: str, expected: datetime | None) -> None:
    found = moment(text)
    assert found == expected
    assert found is None or found.tzinfo is timezone.utc


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-23", "2026-11-23 06:42:07Z", "2026-11-23T06:42:07"])
def test_a_text_that_is_no_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        moment(text)

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
    answered = {**CREATED, "HostConfig": {"PortBindings": bindings, "RestartPolicy": policy}, "RestartCount": 2}
    found = container(answered)
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


def with_host_config(**fields: Any) -> dict[str, Any]:
    return {**EXITED, "HostConfig": fields}


PORTS = {
    "8000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8001"}, {"HostIp": "::", "HostPort": "8001"}],
    "53/udp": None,
    "443/tcp": [],
}
TIMES = {"Interval": SECOND // 2, "Timeout": SECOND, "Retries": 5, "StartPeriod": 60 * SECOND}
#: A field of the container, the answer, and the value that is read.
FIELDS: list[tuple[str, dict[str, Any], Any]] = [
    ("health", answer(Status="running", Health=None), None),
    ("health", answer(Status="running", Health={}), None),
    ("health", answer(Status="running", Health={"Status": "none"}), None),
    ("health", answer(Status="running", Health={"Status": "starting"}), "starting"),
    ("health", answer(Status="running", Health={"Status": "healthy", "FailingStreak": 0, "Log": []}), "healthy"),
    ("health", answer(Status="running", Health={"Status": "unhealthy"}), "unhealthy"),
    ("healthcheck", answer({"Healthcheck": None}), None),
    ("healthcheck", answer({"Healthcheck": {}}), None),
    ("healthcheck", answer({"Healthcheck": {"Test": ["NONE"]}}), None),
    ("healthcheck", answer({"Healthcheck": {"Test": ["CMD"]}}), Healthcheck(30.0, 30.0, 3, 0.0)),
    ("healthcheck", answer({"Healthcheck": {"Test": ["CMD"], "Interval": 0}}), Healthcheck(30.0, 30.0, 3, 0.0)),
    ("healthcheck", answer({"Healthcheck": {"Test": ["CMD"], "Retries": 0}}), Healthcheck(30.0, 30.0, 3, 0.0)),
    ("healthcheck", answer({"Healthcheck": {"Test": ["CMD"], "Timeout": 0}}), Healthcheck(30.0, 30.0, 3, 0.0)),
    ("healthcheck", answer({"Healthcheck": {"Test": ["CMD"], **TIMES}}), Healthcheck(0.5, 1.0, 5, 60.0)),
    ("stop_timeout", answer({}), 10),
    ("stop_timeout", answer({"StopTimeout": None}), 10),
    ("stop_timeout", answer({"StopTimeout": 7}), 7),
    ("stop_timeout", answer({"StopTimeout": 0}), 0),
    ("memory_limit", with_host_config(), 0),
    ("memory_limit", with_host_config(Memory=None), 0),
    ("memory_limit", with_host_config(Memory=0), 0),
    ("memory_limit", with_host_config(Memory=16777216), 16777216),
    ("labels", answer({"Labels": None}), {}),
    ("labels", answer({"Labels": {}}), {}),
    ("environment", answer({"Env": None}), {}),
    ("environment", answer({"Env": []}), {}),
    ("environment", answer({"Env": ["WITHOUT_A_VALUE", "COLOUR=blue"]}), {"COLOUR": "blue"}),
    ("published", answer(ports=PORTS), {"8000/tcp": ("0.0.0.0:8001", "[::]:8001")}),
    ("published", {**RUNNING, "NetworkSettings": {}}, {}),
]


@pytest.mark.parametrize(("field", "given", "expected"), FIELDS)
def test_a_field_of_a_container(field: str, given: dict[str, Any], expected: object) -> None:
    assert getattr(container(given), field) == expected


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

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's answer about a container, as our own Container."""

from __future__ import annotations

import re
import time
from calendar import timegm
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from .interface import Container, Healthcheck, HostPort, RestartPolicy

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)")


def container(answer: Mapping[str, Any]) -> Container:
    """Turn the answer of ``GET /containers/{id}/json`` into a Container."""
    state, config, host_config = answer["State"], answer["Config"], answer.get("HostConfig", {})
    exited = state["Status"] == "exited"
    return Container(
        id=answer["Id"],
        name=answer["Name"].lstrip("/"),
        image_id=answer["Image"],
        state=state["Status"],
        created_at=_read(answer["Created"]),
        argv=tuple(word for word in (answer["Path"], *answer["Args"]) if word),
        exit_code=state["ExitCode"] if exited else None,
        error=state.get("Error") or "",
        oom_killed=bool(state.get("OOMKilled")),
        started_at=moment(state["StartedAt"]),
        finished_at=moment(state["FinishedAt"]) if exited else None,
        labels=config.get("Labels") or {},
        environment=dict(entry.split("=", 1) for entry in config.get("Env") or [] if "=" in entry),
        stop_timeout=_stop_timeout(config.get("StopTimeout")),
        health=_health(state.get("Health")),
        healthcheck=_healthcheck(config.get("Healthcheck")),
        published=_published(answer.get("NetworkSettings", {}).get("Ports") or {}),
        host_ports=_asked_for(host_config.get("PortBindings") or {}),
        restart_policy=_restart_policy(host_config.get("RestartPolicy") or {}),
        restarts=answer.get("RestartCount") or 0,
        memory_limit=host_config.get("Memory") or 0,
    )


def host_ports(listed: Iterable[Mapping[str, Any]]) -> list[tuple[HostPort, str]]:
    """Return from the answer of ``GET /containers/json`` the host's ports, each with the container that has it."""
    return [
        (HostPort(port["PublicPort"], port["Type"], _address(port.get("IP", ""))), entry["Names"][0].lstrip("/"))
        for entry in listed
        for port in entry.get("Ports") or ()
        if port.get("PublicPort")
    ]


def moment(text: str) -> datetime | None:
    """Return the time that the engine gives; its year 1 means that it has not come."""
    return None if text.startswith("0001-") else _read(text)


def unix_time(stamp: str) -> str:
    """Return a stamp of the engine's log as the seconds since 1970 that its API asks for, to the nanosecond."""
    whole, _dot, fraction = stamp.rstrip("Z").partition(".")
    return f"{timegm(time.strptime(whole, '%Y-%m-%dT%H:%M:%S'))}.{fraction or '0'}"


def _read(text: str) -> datetime:
    """Cut the engine's nanoseconds to what a datetime holds."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no time as the engine writes it")
    whole, fraction, zone = match.groups()
    offset = "+00:00" if zone == "Z" else zone
    parsed = datetime.fromisoformat(f"{whole}.{(fraction or '0').ljust(6, '0')}{offset}")
    return parsed.astimezone(timezone.utc)


def _stop_timeout(seconds: int | None) -> int:
    return Container.stop_timeout if seconds is None else seconds


def _health(health: Mapping[str, Any] | None) -> str | None:
    status = (health or {}).get("Status", "none")
    return None if status == "none" else str(status)


def _healthcheck(check: Mapping[str, Any] | None) -> Healthcheck | None:
    """Zero means the engine's default in its answer; times there are nanoseconds."""
    if not check or check.get("Test", ["NONE"])[:1] == ["NONE"]:
        return None
    default = Healthcheck()
    return Healthcheck(
        interval=check.get("Interval", 0) / 1e9 or default.interval,
        timeout=check.get("Timeout", 0) / 1e9 or default.timeout,
        retries=check.get("Retries", 0) or default.retries,
        start_period=check.get("StartPeriod", 0) / 1e9,
    )


def _published(ports: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        port: tuple(f"{_host(binding['HostIp'])}:{binding['HostPort']}" for binding in bindings)
        for port, bindings in sorted(ports.items())
        if bindings
    }


def _asked_for(bindings: Mapping[str, Any]) -> tuple[HostPort, ...]:
    """Leave out those that the engine chooses."""
    return tuple(
        HostPort(int(it["HostPort"]), port.partition("/")[2] or "tcp", _address(it.get("HostIp", "")))
        for port, hosts in sorted(bindings.items())
        for it in hosts or ()
        if it.get("HostPort", "").isdigit()
    )


def _restart_policy(policy: Mapping[str, Any]) -> RestartPolicy:
    """No name is the engine's word for none in older answers."""
    return RestartPolicy(policy.get("Name") or "no", policy.get("MaximumRetryCount") or 0)


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _address(address: str) -> str:
    return "" if address in ("0.0.0.0", "::") else address  # noqa: S104 - read here, not listened on

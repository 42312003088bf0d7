# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of an Engine 20.10 about containers, with the fields that are read."""

from __future__ import annotations

from typing import Any

ID = "7f2a1c9d3b5e" + "0" * 52

NEVER = "0001-01-01T00:00:00Z"

CREATED: dict[str, Any] = {
    "Id": ID,
    "Created": "2026-11-23T06:42:07.123456789Z",
    "Path": "sh",
    "Args": ["-c", "echo done"],
    "State": {
        "Status": "created",
        "Running": False,
        "Paused": False,
        "Restarting": False,
        "OOMKilled": False,
        "Dead": False,
        "Pid": 0,
        "ExitCode": 0,
        "Error": "",
        "StartedAt": NEVER,
        "FinishedAt": NEVER,
    },
    "Image": "sha256:4dac5bdc3898",
    "Name": "/shop-migration",
    "RestartCount": 0,
    "HostConfig": {},
    "Config": {
        "Hostname": "7f2a1c9d3b5e",
        "Env": ["PGPASSWORD=hidden=too", "EMPTY=", "PATH=/usr/bin:/bin"],
        "Cmd": ["sh", "-c", "echo done"],
        "Image": "sha256:4dac5bdc3898",
        "Entrypoint": None,
        "Labels": {"owner": "shop"},
    },
    "NetworkSettings": {"Ports": {}, "Networks": {"bridge": {}}},
}


def answer(config: dict[str, Any] | None = None, ports: dict[str, Any] | None = None, **state: Any) -> dict[str, Any]:
    """Return the answer about a container, with parts of it changed."""
    return {
        **CREATED,
        "State": {**CREATED["State"], **state},
        "Config": {**CREATED["Config"], **(config or {})},
        "NetworkSettings": {"Ports": ports or {}},
    }


STARTED = "2026-11-23T06:42:08.5Z"
FINISHED = "2026-11-23T06:42:10.75+00:00"

RUNNING = answer(Status="running", Running=True, Pid=4711, StartedAt=STARTED)
EXITED = answer(Status="exited", ExitCode=3, StartedAt=STARTED, FinishedAt=FINISHED)
UNSTARTABLE = answer(Status="created", ExitCode=127, Error="exec: no such file or directory")

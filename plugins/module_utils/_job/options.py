# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a job's task beside the container: as an argument spec, and as a model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._arguments import container_spec
from .._definition.definition import Definition, for_job
from .._definition.duration import seconds
from .._definition.name import checked
from .model import Job
from .protocol import Call
from .retry import checked as checked_outcomes

OPTIONS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "command": {"type": "raw"},
    "entrypoint": {"type": "list", "elements": "str"},
    "env": {"type": "dict"},
    "secret_env": {"type": "dict", "no_log": False},
    "release": {"type": "str"},
    "timeout": {"type": "str", "default": "3600"},
    "stop_timeout": {"type": "int", "default": 30},
    "pull": {"type": "str", "choices": ["always", "missing", "never"], "default": "missing"},
    "keep": {"type": "int", "default": 5},
    "max_output": {"type": "bytes", "default": "64K"},
    "on_busy": {"type": "str", "choices": ["wait", "fail"], "default": "wait"},
    "busy_timeout": {"type": "str", "default": "3600"},
    "reconnect_timeout": {"type": "str", "default": "300"},
    "skip": {"type": "bool", "default": False},
    "retries": {"type": "int", "default": 0},
    "retry_delay": {"type": "str", "default": "5"},
    "retry_on": {"type": "list", "elements": "str", "default": ["not_started"]},
    "unchanged_output": {"type": "str"},
    "plan_command": {"type": "raw"},
    "before_command": {"type": "raw"},
    "verify_command": {"type": "raw"},
    "live": {"type": "bool", "default": True},
    "log_path": {"type": "path"},
    "internal": {"type": "dict", "default": {}},
}

#: All options of migration_job, which its action and its module check by the same spec.
SPEC = container_spec(OPTIONS)


def job_from_options(params: Mapping[str, Any], definition: Definition, call: Call) -> Job:
    """Return the job that the options ask for; raise ValueError, naming the option that is wrong."""
    for option in ("stop_timeout", "keep", "max_output", "retries"):
        if params[option] < 0:
            raise ValueError(f"{option} is {params[option]}: it cannot be less than 0")
    seconds(params["reconnect_timeout"], "reconnect_timeout")
    return Job(
        name=checked(params["name"]),
        definition=for_job(definition, params),
        release=params["release"] or call.invocation,
        timeout=seconds(params["timeout"], "timeout"),
        stop_timeout=params["stop_timeout"],
        pull=params["pull"],
        keep=params["keep"],
        max_output=params["max_output"],
        on_busy=params["on_busy"],
        busy_timeout=seconds(params["busy_timeout"], "busy_timeout"),
        retries=params["retries"],
        retry_delay=seconds(params["retry_delay"], "retry_delay"),
        retry_on=checked_outcomes(params["retry_on"]),
        unchanged_output=_pattern("unchanged_output", params["unchanged_output"]),
    )


def call_from_options(params: Mapping[str, Any], creator: str) -> Call:
    """Return the call that the action has made; raise ValueError where there is no action behind it."""
    call = Call.from_arguments(params["internal"], creator)
    if not call.invocation:
        raise ValueError(
            "migration_job was called without its action plugin, which knows the invocation: "
            "call it by its full name, migrate_first.docker.migration_job, in a task"
        )
    return call


def _pattern(option: str, text: str | None) -> str:
    try:
        re.compile(text or "")
    except re.error as error:
        raise ValueError(f"{option}: {text!r} is no regular expression: {error}") from None
    return text or ""

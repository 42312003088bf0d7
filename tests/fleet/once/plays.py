# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays as people write them: with the role, and the naive way without it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.fleet import playing
from tests.fleet.once import journal

Play = dict[str, Any]
Tasks = list[dict[str, Any]]

ROLE = "migrate_first.docker.rollout"


def role(tasks_from: str = "main", **keys: Any) -> Tasks:
    """The tasks of a play that includes the role at that entry point."""
    return [{"name": "Roll out", "ansible.builtin.include_role": {"name": ROLE, "tasks_from": tasks_from}, **keys}]


def naive() -> Tasks:
    """What people write without it: run_once for the migration, then a loop over the replicas."""
    container = {
        "image": "{{ rollout_container.image }}",
        "volumes": "{{ rollout_container.volumes }}",
    }
    migration = {
        "name": "app-migration",
        "command": "{{ rollout_migration_command }}",
        "detach": False,
        "cleanup": True,
        **container,
    }
    replica = {
        "name": "app-{{ item }}",
        "command": "{{ rollout_container.command }}",
        "published_ports": ["{{ 8000 + item }}:80"],
        **container,
    }
    return [
        {"name": "Migrate", "community.docker.docker_container": migration, "run_once": True},
        {"name": "Start", "community.docker.docker_container": replica, "loop": [1, 2]},
    ]


def play(tasks: Tasks, **keys: Any) -> Play:
    """A play of these tasks on all hosts."""
    return {"name": "Release", "hosts": "all", "gather_facts": False, "tasks": tasks, **keys}


def write(folder: Path, plays: Iterable[Mapping[str, Any]]) -> Path:
    """Write the playbook; what JSON says, YAML understands."""
    path = folder / "playbook.yml"
    path.write_text(json.dumps(list(plays)), encoding="utf-8")
    return path


def variables(version: str = "1", *, seconds: float = 0, status: int = 0, **others: object) -> dict[str, object]:
    """The variables of a release of that version, whose job takes so long and ends with that status."""
    command: Sequence[str] = journal.job(seconds, status)
    image = f"{playing.REPOSITORY}:{version}"
    return playing.variables(image, rollout_migration_command=command, **others)

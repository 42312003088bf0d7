# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module replicas: options in, result out, and nothing secret in either."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    EngineError,
    EngineUnreachable,
)
from ansible_collections.migrate_first.docker.plugins.modules import migration_job, replicas
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE, NEXT_IMAGE
from ansible_collections.migrate_first.docker.tests.unit.support.modules import Modules
from ansible_collections.migrate_first.docker.tests.unit.support.observed import failing
from ansible_collections.migrate_first.docker.tests.unit.support.programs import SERVE, SUCCEED

PASSWORD = "s3cret-password"


def asked(**options: Any) -> dict[str, Any]:
    """Return the options of a task, ``container`` being added to the application's."""
    container = {"image": IMAGE, "command": SERVE.command, **options.pop("container", {})}
    return {"name": "shop", "count": 2, "container": container, **options}


def test_they_are_there_and_stay(execute: Modules) -> None:
    first, second = execute(replicas, **asked()), execute(replicas, **asked())
    assert (first["changed"], second["changed"]) == (True, False)
    assert [replica["action"] for replica in first["replicas"]] == ["created", "created"]
    assert [replica["action"] for replica in second["replicas"]] == ["kept", "kept"]


def test_what_is_returned_is_written_about(execute: Modules) -> None:
    result = execute(replicas, **asked())
    written = yaml.safe_load(replicas.RETURN)
    assert result.keys() - {"invocation", "changed", "diff"} == written.keys()
    assert result["replicas"][0].keys() == written["replicas"]["contains"].keys()


def test_check_mode_does_nothing(execute: Modules) -> None:
    result = execute(replicas, check=True, **asked())
    assert (result["changed"], result["replicas"]) == (True, [])
    assert result["diff"]["after"].startswith("shop-1 sha256:")
    assert execute.lab.outside.named("") == ()


JOB = {"name": "shop-migration", "container": {"image": IMAGE, "command": SUCCEED.command}, "release": "4711"}


def migrated(execute: Modules, **options: Any) -> dict[str, Any]:
    return execute(migration_job, **{**JOB, "internal": {"invocation": "one"}, **options})


def test_check_mode_tells_of_the_migration_too(execute: Modules) -> None:
    ran = migrated(execute)
    before = execute.lab.outside.named("")
    told = execute(replicas, check=True, **asked(migration=JOB))["migration"]
    again = migrated(execute, internal={"invocation": "another"})
    assert told == {key: again[key] for key in told}
    assert (told["container_id"], told["reused"], told["changed"]) == (ran["container_id"], True, False)
    assert execute.lab.outside.named("") == before


@pytest.mark.parametrize(
    "differing",
    [
        pytest.param({"release": "4712"}, id="another release"),
        pytest.param({"release": None}, id="no release"),
        pytest.param({"command": ["migrate", "--all"]}, id="another command"),
        pytest.param({"env": {"DATABASE": "another"}}, id="another environment"),
        pytest.param({"name": "shop-worker-migration"}, id="another job"),
        pytest.param({"name": "no name"}, id="a name that cannot be"),
        pytest.param({"retries": "often"}, id="an option that cannot be"),
        pytest.param({"container": None}, id="no container"),
    ],
)
def test_what_would_be_run_or_cannot_be_told_is_not_told(execute: Modules, differing: dict[str, Any]) -> None:
    migrated(execute)
    assert execute(replicas, check=True, **asked(migration={**JOB, **differing}))["migration"] is None


def test_what_a_newer_release_has_overtaken_is_not_told(execute: Modules) -> None:
    migrated(execute)
    migrated(execute, release="4712", internal={"invocation": "two"})
    assert execute(replicas, check=True, **asked(migration=JOB))["migration"] is None


def test_replicas_that_are_made_are_told_no_more_than_that(execute: Modules) -> None:
    migrated(execute)
    assert execute(replicas, **asked(migration=JOB))["migration"] is None


def test_they_go(execute: Modules) -> None:
    execute(replicas, **asked())
    assert execute(replicas, **asked(state="absent"))["changed"]
    assert execute.lab.outside.named("") == ()


def test_a_failure_tells_what_is_there(execute: Modules) -> None:
    execute(replicas, **asked())
    execute.lab.observed.before("start", failing(EngineError("no space left on device")))
    result = execute(replicas, **asked(container={"image": NEXT_IMAGE}))
    assert (result["failed"], result["changed"], result["rolled_back"]) == (True, True, True)
    assert "no space left on device" in result["msg"]
    assert [replica["name"] for replica in result["replicas"]] == ["shop-1", "shop-2"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (asked(count=-1), "count is -1"),
        (asked(container={"published_ports": ["8001:8000"]}), "published_ports"),
        (asked(container={"image": ""}), "container.image"),
        (asked(image_id="sha256:another"), "sha256:another"),
        (asked(pull="never", container={"image": "mf-test:nowhere"}), "mf-test:nowhere"),
        (asked(container={"imagine": "shop"}), "imagine"),
    ],
)
def test_what_cannot_be_is_named(execute: Modules, options: dict[str, Any], words: str) -> None:
    result = execute(replicas, **options)
    assert (result["failed"], result.get("changed", False)) == (True, False)
    assert words in result["msg"]
    assert execute.lab.outside.named("") == ()


@pytest.mark.parametrize("when", ["connecting", "looking"])
def test_an_engine_that_is_away_is_a_failure(execute: Modules, when: str) -> None:
    away = EngineUnreachable("the engine does not answer")
    if when == "connecting":
        execute.connect = failing(away)
    else:
        execute.lab.observed.breaks("named", away)
    result = execute(replicas, **asked())
    assert (result["failed"], result["changed"], result["replicas"]) == (True, False, [])
    assert "the engine does not answer" in result["msg"]


@pytest.mark.parametrize(
    "options",
    [{}, {"count": -1}, {"image_id": PASSWORD}, {"migration": {**JOB, "secret_env": {"TOKEN": PASSWORD}}}],
    ids=["done", "refused", "quoted", "of the migration"],
)
def test_a_secret_is_never_shown(execute: Modules, options: dict[str, Any]) -> None:
    secret = {"secret_env": {"TOKEN": PASSWORD}}
    execute.lab.observed.before("start", failing(EngineError(f"invalid variable: {PASSWORD}")))
    result = execute(replicas, **asked(container=secret, **options))
    assert result["failed"]
    shown = {key: value for key, value in result.items() if key != "invocation"}
    assert PASSWORD not in repr(shown)
    shown_arguments = result["invocation"]["module_args"]
    assert PASSWORD not in repr([shown_arguments["container"], shown_arguments["migration"]])

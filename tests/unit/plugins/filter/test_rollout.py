# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decisions of the role, as tables."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.filter._rollout import (
    FilterModule,
    failure_account,
    fleet_images,
    has_succeeded,
    history_table,
    host_lacks,
    replica_options,
    unfit_hosts,
    up_to_date,
)

ID, DIGEST = "sha256:1", "shop@sha256:d"
NOTHING_MISSING: dict[str, Any] = {"networks": [], "volumes": []}


@pytest.mark.parametrize(
    ("check", "pull", "create", "lacks"),
    [
        pytest.param({"image_names": [ID], "missing": NOTHING_MISSING}, "missing", True, False, id="it has all"),
        pytest.param({"image_names": [ID], "missing": NOTHING_MISSING}, "always", False, True, id="it always pulls"),
        pytest.param({"image_names": [], "missing": NOTHING_MISSING}, "missing", False, True, id="no image"),
        pytest.param(
            {"image_names": [], "missing": NOTHING_MISSING}, "never", False, True, id="no image, never pulled"
        ),
        pytest.param(
            {"image_names": [ID], "missing": {"networks": ["n"], "volumes": []}}, "missing", True, True, id="network"
        ),
        pytest.param(
            {"image_names": [ID], "missing": {"networks": [], "volumes": ["v"]}}, "missing", True, True, id="volume"
        ),
        pytest.param(
            {"image_names": [ID], "missing": {"networks": ["n"], "volumes": []}}, "missing", False, False, id="not ours"
        ),
    ],
)
def test_a_host_lacks_what_the_role_can_get_for_it(check: dict[str, Any], pull: str, create: bool, lacks: bool) -> None:
    assert host_lacks(check, pull, create) is lacks


@pytest.mark.parametrize(
    ("check", "pull", "names"),
    [
        pytest.param({"image_names": [ID, DIGEST]}, {}, [ID, DIGEST], id="checked"),
        pytest.param({"image_names": []}, {"image": {"Id": ID, "RepoDigests": [DIGEST]}}, [ID, DIGEST], id="pulled"),
        pytest.param({"image_names": ["old"]}, {"image": {"Id": ID, "RepoDigests": None}}, [ID], id="pulled again"),
        pytest.param({"image_names": ["old"]}, {"skipped": True}, ["old"], id="pull skipped"),
        pytest.param({"image_names": ["old"]}, {"msg": "it failed"}, ["old"], id="pull failed"),
        pytest.param({}, {}, [], id="not known"),
    ],
)
def test_the_image_of_a_host_is_the_pulled_one_or_that_of_its_check(
    check: dict[str, Any], pull: dict[str, Any], names: list[str]
) -> None:
    assert fleet_images({"h1": check, "h2": {}}, {"h1": pull}) == {"h1": names, "h2": []}


GOOD: dict[str, Any] = {"up_to_date": True, "fence": 5, "image_names": [ID, DIGEST]}
RECORD = {"image_id": ID, "image_digest": DIGEST, "fence": 5}


@pytest.mark.parametrize(
    ("checks", "record", "expected"),
    [
        pytest.param([GOOD, GOOD], RECORD, True, id="all hosts"),
        pytest.param([{**GOOD, "fence": 4}], RECORD, True, id="replicas of an older release that fit"),
        pytest.param([{**GOOD, "image_names": ["other", DIGEST]}], RECORD, True, id="the same digest"),
        pytest.param([{**GOOD, "image_names": [ID]}], {**RECORD, "image_digest": None}, True, id="no digest"),
        pytest.param([GOOD], {}, False, id="no record"),
        pytest.param([GOOD, {**GOOD, "up_to_date": False}], RECORD, False, id="one host has something to do"),
        pytest.param([GOOD, {}], RECORD, False, id="one host was not checked"),
        pytest.param([GOOD, {**GOOD, "fence": 6}], RECORD, False, id="one host has a newer release"),
        pytest.param([{**GOOD, "image_names": ["other"]}], RECORD, False, id="another image"),
        pytest.param(
            [{**GOOD, "image_names": [None]}], {**RECORD, "image_digest": None}, False, id="unknown is not the same"
        ),
    ],
)
def test_all_is_up_to_date(checks: list[dict[str, Any]], record: dict[str, Any], expected: bool) -> None:
    assert up_to_date(checks, record) is expected


SUCCESS = {"outcome": "succeeded", "name": "shop-migration", "image": "shop:2", "release": "1"}


@pytest.mark.parametrize(
    "outcome", ["succeeded", "skipped", "planned", "failed", "lost", "superseded", "not_started", None]
)
@pytest.mark.parametrize("migrate", [True, False])
@pytest.mark.parametrize("planning", [True, False])
def test_only_a_known_success_lets_the_play_go_on(outcome: str | None, migrate: bool, planning: bool) -> None:
    accepted = {"succeeded": migrate, "skipped": not migrate, "planned": planning}
    result = {**SUCCESS, "outcome": outcome}
    assert has_succeeded(result, "shop-migration", "shop:2", None, migrate, planning) is accepted.get(
        str(outcome), False
    )


@pytest.mark.parametrize(
    ("differing", "release", "expected"),
    [
        ({}, "1", True),
        ({}, None, True),
        ({"release": "2"}, None, True),
        ({"release": "2"}, "1", False),
        ({"name": "other-migration"}, "1", False),
        ({"image": "shop:1"}, "1", False),
    ],
)
def test_the_success_of_another_job_does_not_count(
    differing: dict[str, str], release: str | None, expected: bool
) -> None:
    assert has_succeeded({**SUCCESS, **differing}, "shop-migration", "shop:2", release, True, False) is expected


def test_without_a_result_nothing_has_succeeded() -> None:
    assert not has_succeeded({}, "shop-migration", "shop:2", None, migrate=True, planning=True)


@pytest.mark.parametrize(
    ("result", "options"),
    [
        (
            {"image_id": ID, "image_digest": DIGEST, "fence": 5, "release": "1", "changed": True},
            {"image_id": ID, "image_digest": DIGEST, "fence": 5, "release": "1"},
        ),
        ({"image_id": ID, "image_digest": None, "fence": None, "release": "1"}, {"image_id": ID, "release": "1"}),
        ({}, {}),
    ],
)
def test_the_replicas_get_what_the_migration_has_returned(result: dict[str, Any], options: dict[str, Any]) -> None:
    assert replica_options(result) == options


FAILURE: dict[str, Any] = {
    "outcome": "failed",
    "host": "h1",
    "diagnosis": "it exited with status 1.",
    "stdout_lines": [f"out {number}" for number in range(15)],
    "stderr_lines": [f"err {number}" for number in range(10)],
    "container_name": "shop-migration",
    "log_path": None,
}


def test_a_failure_is_told_with_its_last_lines_and_its_log() -> None:
    first, second, *lines, last = failure_account(FAILURE, "shop:2").splitlines()
    assert (first, second) == ("Outcome: failed, on h1, with shop:2", "it exited with status 1.")
    assert lines == [f"  | out {number}" for number in range(5, 15)] + [f"  | err {number}" for number in range(10)]
    assert last == "The whole log: docker logs shop-migration, on h1"


def test_a_log_file_is_named_too() -> None:
    account = failure_account({**FAILURE, "log_path": "/tmp/log"}, "shop:2")
    assert account.endswith("docker logs shop-migration, on h1, or /tmp/log, here")


def test_without_a_container_there_is_no_log() -> None:
    account = failure_account({**FAILURE, "container_name": None, "stdout_lines": [], "stderr_lines": []}, "")
    assert account.splitlines() == ["Outcome: failed, on h1, with no image", "it exited with status 1."]


def test_a_task_that_was_skipped_is_explained() -> None:
    assert "was skipped for this batch" in failure_account({"skipped": True}, "shop:2")


CHECKED: dict[str, Any] = {"replicas": [], "changed": False, "up_to_date": True}


@pytest.mark.parametrize(
    ("check", "alive", "batch", "planning", "words"),
    [
        pytest.param(CHECKED, True, True, False, "", id="it has the release"),
        pytest.param(CHECKED, False, True, False, "h1 has failed, or cannot be reached", id="failed"),
        pytest.param(CHECKED, True, False, False, "h1 is not in this batch", id="another batch"),
        pytest.param({"msg": "shop-1 is foreign"}, True, True, False, "h1: shop-1 is foreign", id="refused"),
        pytest.param({}, True, True, False, "h1 has not been checked", id="not checked"),
        pytest.param(
            {**CHECKED, "changed": True}, True, True, False, "h1 does not have the replicas", id="something to do"
        ),
        pytest.param(
            {**CHECKED, "up_to_date": False}, True, True, False, "h1 has replicas that are not healthy", id="unhealthy"
        ),
        pytest.param({**CHECKED, "changed": True}, True, True, True, "", id="check mode"),
        pytest.param(CHECKED, False, True, True, "h1 has failed", id="check mode, failed"),
    ],
)
def test_each_host_that_does_not_have_the_release_is_named(
    check: dict[str, Any], alive: bool, batch: bool, planning: bool, words: str
) -> None:
    unfit = unfit_hosts({"h1": check, "h2": CHECKED}, ["h1", "h2"][not alive :], ["h1", "h2"][not batch :], planning)
    assert [line.startswith(words) for line in unfit] == ([True] if words else [])


RUN: dict[str, Any] = {
    "release": "build-1",
    "image": "shop:2",
    "outcome": "failed",
    "exit_code": 1,
    "started_at": "2026-11-24T09:30:12.123+00:00",
    "duration": 0.46,
    "invoked_by": "deploy@ci",
}
UNSTARTED = {**RUN, "outcome": None, "exit_code": None, "started_at": None, "duration": None, "invoked_by": None}


def test_the_history_is_a_table() -> None:
    assert history_table([RUN, {**UNSTARTED, "started_at": RUN["started_at"]}, UNSTARTED], "shop-migration", "h1") == [
        "shop-migration on h1, the newest run first",
        "release  image   outcome  exit code  started (UTC)        duration  by",
        "build-1  shop:2  failed   1          2026-11-24 09:30:12  0.5 s     deploy@ci",
        "build-1  shop:2  running  -          2026-11-24 09:30:12  -         -",
        "build-1  shop:2  created  -          -                    -         -",
    ]


def test_without_records_the_runner_is_named() -> None:
    (line,) = history_table([], "shop-migration", "h1")
    assert line.startswith("h1 has no record of shop-migration")


def test_the_filters_are_internal() -> None:
    assert [name for name in FilterModule().filters() if not name.startswith("_rollout_")] == []

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the replicas' task, as the replicas that they ask for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Image
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.options import OPTIONS, replicas_of
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.policy import UpdatePolicy
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition

CONTAINER = definition(
    published_ports=["8001-8002:8000"],
    secret_env={"TOKEN": "hidden"},
    restart_policy="on-failure",
    restart_retries=3,
)


def asked(**options: Any) -> Replicas:
    validated = ArgumentSpecValidator(OPTIONS).validate({"name": "shop", **options})
    assert not validated.error_messages
    return replicas_of(validated.validated_parameters, CONTAINER)


def test_what_is_not_given_has_its_default() -> None:
    assert asked() == Replicas("shop", CONTAINER, count=1, release="", fence=None, pull="missing", expected=())
    assert (asked().ignore_fence, asked().adopt) == (False, False)
    assert asked().update == UpdatePolicy(None, 1, None, None, None, "rollback")


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        ({"count": 2}, "count", 2),
        ({"count": 0}, "count", 0),
        ({"count": 3, "state": "absent"}, "count", 0),
        ({"release": "4711"}, "release", "4711"),
        ({"fence": 12}, "fence", 12),
        ({"fence": 0}, "fence", 0),
        ({"ignore_fence": True}, "ignore_fence", True),
        ({"adopt": True}, "adopt", True),
        (
            {
                "update": {
                    "order": "stop_first",
                    "parallelism": 2,
                    "healthy_timeout": "2m",
                    "monitor": "1.5",
                    "drain": "1m",
                }
            },
            "update",
            UpdatePolicy("stop_first", 2, 120.0, 1.5, 60.0, "rollback"),
        ),
        ({"update": {"failure_action": "pause"}}, "update", UpdatePolicy(failure_action="pause")),
        ({"pull": "always"}, "pull", "always"),
        ({"image_id": "sha256:1"}, "expected", ("sha256:1",)),
        ({"image_id": "sha256:1", "image_digest": "shop@sha256:d"}, "expected", ("sha256:1", "shop@sha256:d")),
        ({"image_id": "", "image_digest": None}, "expected", ()),
    ],
)
def test_what_is_given_arrives(options: dict[str, Any], field: str, value: object) -> None:
    assert getattr(asked(**options), field) == value


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"count": 3}, "'8001-8002:8000' has 2 host ports, and 3 replicas need 3"),
        ({"update": {"parallelism": 0}}, "update.parallelism is 0: at least 1"),
        ({"update": {"monitor": "soon"}}, "update.monitor: 'soon' is not a duration"),
        ({"update": {"healthy_timeout": "-1"}}, "update.healthy_timeout: '-1' is not a duration"),
        ({"name": "a/b"}, "'a/b' cannot be the name of a container"),
        ({"name": "a" * 62, "count": 2}, f"'{'a' * 62}-2' has 64 characters"),
    ],
)
def test_what_could_not_be_started_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        asked(**options)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="count is -1"):
        asked(count=-1)


def test_each_replica_has_its_name_its_ports_and_its_labels() -> None:
    first, second = asked(count=2, release="4711", fence=12).wanted(Image("sha256:1"))
    assert (first.name, second.name) == ("shop-1", "shop-2")
    assert first.definition.options["published_ports"] == ["8001:8000"]
    assert second.definition.options["published_ports"] == ["8002:8000"]
    assert second.labels == {
        labels.KIND: "replica",
        labels.NAME: "shop",
        labels.RELEASE: "4711",
        labels.FENCE: "12",
        labels.DEFINITION: second.definition.label(),
        labels.RESTART: "on-failure:3",
    }
    assert "hidden" not in repr((first, second))

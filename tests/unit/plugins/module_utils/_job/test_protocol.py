# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call and the reply between action and module keep all their fields on the way through JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.protocol import (
    REPLY,
    Call,
    EarlierResult,
    Progress,
    Reply,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.chunk import LogChunk, LogCursor, LogRequest

CURSORS = {1: LogCursor("2026-11-23T06:42:07.000000001Z", 2, 3)}

CALLS = [
    pytest.param(Call(), id="nothing"),
    pytest.param(Call("a", "deploy@ci", attempt=2, patience=15.0, waited=2.5, watching="4711"), id="numbers and names"),
    pytest.param(Call("a", dry_run=True, planning=True), id="flags"),
    pytest.param(Call("a", fleet_images={"h1": ("sha256:1", "shop@sha256:2"), "h2": ()}), id="images"),
    pytest.param(Call("a", log=LogRequest(CURSORS, whole=True, rest_of="4711")), id="log"),
    pytest.param(Call("a", earlier=EarlierResult({"outcome": "lost"}, "{}")), id="earlier result"),
]
REPLIES = [
    pytest.param(Reply(), id="nothing"),
    pytest.param(Reply(Progress("it runs", "4711", running=3.0, usual=4.0)), id="progress"),
    pytest.param(Reply(Progress("it is busy", waiting=True)), id="waiting"),
    pytest.param(Reply(log=LogChunk(b"\x00\xff", CURSORS, 3, more=True, trouble="gone")), id="log"),
    pytest.param(Reply(definition="{}", retry_after=5.0), id="end"),
]


def through_json(value: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(value, allow_nan=False)))


@pytest.mark.parametrize("call", CALLS)
def test_a_call_keeps_its_fields(call: Call) -> None:
    assert Call.from_arguments(through_json(call.arguments())) == call


def test_each_execution_names_itself_as_creator() -> None:
    arguments = Call("a", creator="another execution").arguments()
    assert Call.from_arguments(arguments, creator="this one").creator == "this one"


def test_a_single_image_name_may_be_a_string() -> None:
    assert Call.from_arguments({"fleet_images": {"h1": "sha256:1"}}).fleet_images == {"h1": ("sha256:1",)}


@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_keeps_its_fields_and_is_taken_out_of_the_result(reply: Reply) -> None:
    returned = {"outcome": "succeeded", **through_json(reply.returned())}
    assert Reply.take_from(returned) == reply
    assert returned == {"outcome": "succeeded"}


def test_the_result_of_a_module_that_could_not_begin_has_an_empty_reply() -> None:
    returned: dict[str, Any] = {"failed": True, "msg": "no interpreter"}
    assert Reply.take_from(returned) == Reply()
    assert REPLY not in returned

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Docker engine behind the SDK: the requests that are made, and what the answers mean."""

from __future__ import annotations

import json
import struct
from collections.abc import Generator, Mapping
from typing import Any, Callable
from unittest.mock import MagicMock

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.docker_engine import DockerEngine
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    EngineError,
    EngineUnreachable,
    Entry,
    Image,
    NameTaken,
    NoSuchContainer,
    PullFailed,
    RestartPolicy,
)
from ansible_collections.migrate_first.docker.tests.unit.support.answers import EXITED, ID, RUNNING
from ansible_collections.migrate_first.docker.tests.unit.support.transport import docker_engine
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ReadTimeout
from urllib3.exceptions import ProtocolError, ReadTimeoutError

GONE = 404, {"message": f"No such container: {ID}"}

IN_USE = {"message": 'Conflict. The container name "/job" is already in use by container "1". You have to remove it.'}


Call = Callable[[DockerEngine], object]

#: Each call, and the request that it makes.
CALLS: dict[str, tuple[Call, str]] = {
    "identity": (lambda engine: engine.identity(), "GET /info"),
    "now": (lambda engine: engine.now(), "GET /info"),
    "image": (lambda engine: engine.image("shop"), "GET /images/shop/json"),
    "pull": (lambda engine: engine.pull("shop", None), "POST /images/create"),
    "find": (lambda engine: engine.find(ID), f"GET /containers/{ID}/json"),
    "inspect": (lambda engine: engine.inspect(ID), f"GET /containers/{ID}/json"),
    "named": (lambda engine: engine.named("job"), "GET /containers/json"),
    "create": (lambda engine: engine.create("job", definition(), "sha256:1", {}), "POST /containers/create"),
    "start": (lambda engine: engine.start(ID), f"POST /containers/{ID}/start"),
    "wait": (lambda engine: engine.wait(ID, 5.0), f"POST /containers/{ID}/wait"),
    "stop": (lambda engine: engine.stop(ID, 5), f"POST /containers/{ID}/stop"),
    "set_restart_policy": (
        lambda engine: engine.set_restart_policy(ID, RestartPolicy("always")),
        f"POST /containers/{ID}/update",
    ),
    "rename": (lambda engine: engine.rename(ID, "job"), f"POST /containers/{ID}/rename"),
    "remove": (lambda engine: engine.remove(ID), f"DELETE /containers/{ID}"),
    "logs": (lambda engine: list(engine.logs(ID)), f"GET /containers/{ID}/logs"),
}


def make_call(call: str, answer: object) -> object:
    """Make a call; its request, and any other after it, gets this answer."""
    function, request = CALLS[call]
    engine, transport = docker_engine({}, answer)
    try:
        return function(engine)
    finally:
        assert transport.requests[0][0] == request


@pytest.mark.parametrize("call", CALLS)
def test_an_engine_that_does_not_answer_is_unreachable(call: str) -> None:
    late = [ReadTimeout("timed out")] if call != "wait" else []
    for failure in (NoConnection("refused"), OSError("broken pipe"), ProtocolError("cut off"), *late):
        with pytest.raises(EngineUnreachable, match=r"engine.example.com.*docker info"):
            make_call(call, failure)


@pytest.mark.parametrize("failure", [ReadTimeout("timed out"), NoConnection(ReadTimeoutError(MagicMock(), "", ""))])
def test_a_wait_that_takes_too_long_ends_without_an_error(failure: Exception) -> None:
    make_call("wait", failure)


@pytest.mark.parametrize("call", CALLS)
def test_a_user_without_permission_is_told_about_the_docker_group(call: str) -> None:
    with pytest.raises(EngineUnreachable, match="docker group"):
        make_call(call, NoConnection(ProtocolError("Connection aborted.", PermissionError(13, "no"))))


@pytest.mark.parametrize("call", CALLS)
def test_the_message_of_an_engine_that_refuses_is_quoted(call: str) -> None:
    with pytest.raises(EngineError, match="no space left on device") as refusal:
        make_call(call, (500, {"message": "no space left on device"}))
    assert not isinstance(refusal.value, EngineUnreachable)


@pytest.mark.parametrize("call", ["inspect", "start", "wait", "stop", "rename", "logs"])
def test_a_missing_container_is_recognized(call: str) -> None:
    with pytest.raises(NoSuchContainer):
        make_call(call, GONE)


def test_another_missing_object_at_the_start_is_no_missing_container() -> None:
    start = {f"POST /containers/{ID}/start": (404, {"message": "No such container: the one of network_mode"})}
    engine, _transport = docker_engine(start, RUNNING)
    with pytest.raises(EngineError, match="the one of network_mode") as refusal:
        engine.start(ID)
    assert not isinstance(refusal.value, NoSuchContainer)


def test_a_missing_container_is_not_found_and_need_not_be_removed() -> None:
    assert make_call("find", GONE) is None
    make_call("remove", GONE)


def test_a_taken_name_is_recognized() -> None:
    with pytest.raises(NameTaken):
        make_call("create", (409, IN_USE))
    engine, _transport = docker_engine({f"POST /containers/{ID}/rename": (409, IN_USE)}, RUNNING)
    with pytest.raises(NameTaken):
        engine.rename(ID, "job")


def test_another_conflict_is_no_taken_name() -> None:
    with pytest.raises(EngineError) as refusal:
        make_call("remove", (409, {"message": "You cannot remove a running container"}))
    assert not isinstance(refusal.value, (EngineUnreachable, NameTaken, NoSuchContainer))


def test_a_missing_image_is_no_missing_container() -> None:
    missing = 404, {"message": "No such image: sha256:1"}
    with pytest.raises(EngineError) as refusal:
        make_call("create", missing)
    assert not isinstance(refusal.value, (EngineUnreachable, NameTaken, NoSuchContainer))
    assert make_call("image", missing) is None


@pytest.mark.parametrize("digests", [["shop@sha256:d"], [], None])
def test_an_image_has_an_id_and_digests(digests: list[str] | None) -> None:
    engine, _transport = docker_engine({"GET /images/shop/json": {"Id": "sha256:1", "RepoDigests": digests}})
    assert engine.image("shop") == Image("sha256:1", tuple(digests or ()))


@pytest.mark.parametrize(
    ("reference", "query"),
    [
        ("shop", {"fromImage": "shop", "tag": "latest"}),
        ("h:5000/shop:2.0", {"fromImage": "h:5000/shop", "tag": "2.0"}),
        ("h:5000/shop", {"fromImage": "h:5000/shop", "tag": "latest"}),
        ("shop@sha256:d", {"fromImage": "shop", "tag": "sha256:d"}),
    ],
)
@pytest.mark.parametrize("platform", [None, "linux/arm64"])
def test_one_image_is_pulled(reference: str, query: dict[str, str], platform: str | None) -> None:
    engine, transport = docker_engine({"POST /images/create": b'{"status": "Pulling"}\r\n{"status": "Done"}\r\n'})
    engine.pull(reference, platform)
    assert transport.requests[0][1] == {**query, **({"platform": platform} if platform else {})}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((404, {"message": "manifest unknown"}), id="at once"),
        pytest.param(b'{"status": "Pulling"}\r\n{"error": "manifest unknown"}\r\n', id="on the way"),
    ],
)
def test_an_image_that_cannot_be_pulled_is_unavailable(answer: Any) -> None:
    engine, _transport = docker_engine({"POST /images/create": answer})
    with pytest.raises(PullFailed, match="manifest unknown"):
        engine.pull("shop:2.0", None)


@pytest.mark.parametrize("answer", [{}, {**RUNNING, "Created": "yesterday"}, [RUNNING]], ids=["empty", "time", "list"])
def test_an_answer_that_cannot_be_read_is_an_error_of_the_engine(answer: object) -> None:
    with pytest.raises(EngineError):
        make_call("inspect", answer)


def test_the_beginning_of_an_id_is_no_name() -> None:
    engine, _transport = docker_engine({}, RUNNING)
    assert engine.find(ID[:12]) is None
    assert engine.find("shop-migration")


def test_a_container_that_is_removed_while_all_are_listed_is_left_out() -> None:
    listed = [{"Id": "1"}, {"Id": "2"}, {"Id": "3"}]
    engine, transport = docker_engine(
        {
            "GET /containers/json": listed,
            "GET /containers/1/json": {**RUNNING, "Name": "/job.2"},
            "GET /containers/2/json": GONE,
            "GET /containers/3/json": {**EXITED, "Name": "/job.1"},
        }
    )
    assert [container.name for container in engine.named("job.")] == ["job.1", "job.2"]
    assert json.loads(transport.requests[0][1]["filters"]) == {"name": ["^/job\\."]}
    assert transport.requests[0][1]["all"] == "1"


def test_each_further_network_is_connected() -> None:
    engine, transport = docker_engine(
        {"POST /containers/create": {"Id": ID}, "POST /networks/back/connect": {}, "POST /networks/side/connect": {}}
    )
    networks = [{"name": "front"}, {"name": "back", "aliases": ["db"]}, {"name": "side"}]
    assert engine.create("job", definition(networks=networks), "sha256:1", {}) == ID
    assert [what for what, _query, _body in transport.requests[1:]] == [
        "POST /networks/back/connect",
        "POST /networks/side/connect",
    ]
    assert transport.requests[1][2]["Container"] == ID
    assert transport.requests[1][2]["EndpointConfig"]["Aliases"] == ["db"]


def test_a_container_that_cannot_be_connected_is_removed() -> None:
    engine, transport = docker_engine(
        {
            "POST /containers/create": {"Id": ID},
            "POST /networks/back/connect": (404, {"message": "network back not found"}),
            f"GET /containers/{ID}/json": RUNNING,
            f"DELETE /containers/{ID}": {},
        }
    )
    with pytest.raises(EngineError, match="network back not found"):
        engine.create("job", definition(networks=[{"name": "front"}, {"name": "back"}]), "sha256:1", {})
    assert transport.requests[-1][0] == f"DELETE /containers/{ID}"


def test_a_container_is_removed_with_its_anonymous_volumes_and_without_force() -> None:
    engine, transport = docker_engine({f"DELETE /containers/{ID}": {}})
    engine.remove(ID)
    assert transport.requests[0][1] == {"v": "True", "link": "False", "force": "False"}


def test_frames_of_both_streams_are_read_in_order() -> None:
    frames = [(1, b"one\n"), (2, b"two\n"), (1, b""), (1, b"x" * 70000)]
    body = b"".join(struct.pack(">BxxxL", stream, len(data)) + data for stream, data in frames)
    engine, transport = docker_engine({f"GET /containers/{ID}/logs": body})
    assert list(engine.logs(ID)) == frames
    assert transport.requests[0][1] == {"stdout": "1", "stderr": "1"}


def test_entries_have_the_time_stamps_of_the_engine() -> None:
    stamps = ["2026-11-23T06:42:07.000000001Z", "2026-11-23T06:42:07.000000001Z"]
    written = [(2, f"{stamps[0]} two words\n".encode()), (1, f"{stamps[1]} ".encode())]
    body = b"".join(struct.pack(">BxxxL", stream, len(data)) + data for stream, data in written)
    engine, transport = docker_engine({f"GET /containers/{ID}/logs": body})
    entries = [Entry(2, stamps[0], b"two words\n"), Entry(1, stamps[1], b"")]
    assert list(engine.entries(ID, "")) == entries
    assert transport.requests[0][1] == {"stdout": "1", "stderr": "1", "timestamps": "1"}


@pytest.mark.parametrize(
    ("since", "requests"),
    [
        pytest.param(901, ["tail 1000"], id="among the last ones"),
        pytest.param(-10_000, ["tail 1000", "tail 30000"], id="before them"),
        pytest.param(-5_000_000, ["tail 1000", "tail 30000", "tail 1000000", "since"], id="far away"),
    ],
)
def test_entries_since_a_moment_are_searched_from_the_end(since: int, requests: list[str]) -> None:
    class Log(DockerEngine):
        def __init__(self) -> None:
            self.requests: list[str] = []

        def _entries(self, container_id: str, asked: Mapping[str, Any]) -> Generator[Entry, None, None]:
            self.requests += [f"{word} {number}".replace(f"since {number}", "since") for word, number in asked.items()]
            first = 1000 - asked["tail"] if "tail" in asked else since
            yield from (Entry(1, stamp(number), b"") for number in range(first, 1000))

    def stamp(number: int) -> str:
        return f"2026-11-23T06:42:07.{number + 100_000_000:09}Z"

    engine = Log()
    assert next(engine.entries(ID, stamp(since))).stamp == stamp(since)
    assert engine.requests == requests


def test_one_stream_and_the_last_entries_can_be_read() -> None:
    engine, transport = docker_engine({f"GET /containers/{ID}/logs": b""})
    assert list(engine.logs(ID, (2,), 1000)) == []
    assert transport.requests[0][1] == {"stdout": "0", "stderr": "1", "tail": "1000"}


def test_identity_and_time_are_those_of_the_engine() -> None:
    engine, _transport = docker_engine({"GET /info": {"ID": "A:B", "SystemTime": "2026-11-23T07:42:07.5+01:00"}})
    assert engine.identity() == "A:B"
    assert engine.now().isoformat() == "2026-11-23T06:42:07.500000+00:00"

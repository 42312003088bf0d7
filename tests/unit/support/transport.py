# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP interface of an engine, behind the SDK, with answers from a table."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.migrate_first.docker.plugins.module_utils._engine.docker_engine import DockerEngine
from ansible_collections.migrate_first.docker.tests.unit.support.lab import connection
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

#: A value for JSON, or bytes; or a pair of status and one of these; or an exception that the connection fails with.
Answer = Any

API = "1.41"


class Transport(BaseAdapter):
    """
    Answers by method and path (``GET /info``), without the version before it.

    ``requests`` are those that came, as method and path, query, and body. A request that is not in the table gets the
    answer ``otherwise``; without one it is a mistake of the test.
    """

    def __init__(self, answers: Mapping[str, Answer], otherwise: Answer = None) -> None:
        super().__init__()
        self.answers = dict(answers)
        self.otherwise = otherwise
        self.requests: list[tuple[str, dict[str, str], Any]] = []

    def send(self, request: PreparedRequest, *_arguments: Any, **_options: Any) -> Response:
        url = urlsplit(str(request.url))
        what = f"{request.method} {url.path[len(f'/v{API}') :]}"
        self.requests.append((what, dict(parse_qsl(url.query)), json.loads(request.body or "null")))
        answer = self.answers.get(what, self.otherwise)
        assert answer is not None, f"the test has no answer to {what}"
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return _response(request, status, body if isinstance(body, bytes) else json.dumps(body).encode())

    def close(self) -> None:
        pass


def docker_engine(answers: Mapping[str, Answer], otherwise: Answer = None) -> tuple[DockerEngine, Transport]:
    """Return an engine whose requests are answered from the table, and the transport behind it."""
    transport = Transport(answers, otherwise)
    engine = DockerEngine(connection(docker_host="tcp://engine.example.com:2375", api_version=API))
    engine._api.mount("http://", transport)
    return engine, transport


class _Body(io.BytesIO):
    """A body in one chunk, as the SDK asks for it where it reads a stream."""

    chunked = True

    @property
    def chunk_left(self) -> int:
        return len(self.getbuffer()) - self.tell()


def _response(request: PreparedRequest, status: int, body: bytes) -> Response:
    response = Response()
    response.status_code = status
    response.url = str(request.url)
    response.request = request
    response.reason = "OK" if status < 400 else "an error"
    response.headers["Content-Type"] = "application/json"
    response.raw = HTTPResponse(_Body(body), preload_content=False, status=status)
    return response

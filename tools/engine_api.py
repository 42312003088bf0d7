# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The few questions that the commands ask a Docker engine, in its own HTTP interface."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DEFAULT_HOST = "unix:///var/run/docker.sock"
SECONDS = 30


def host() -> str:
    """Where the engine is asked: $DOCKER_HOST, or the default socket."""
    return os.environ.get("DOCKER_HOST") or DEFAULT_HOST


def get(path: str) -> Any:
    """The answer to `GET path`. OSError where no engine answers, PermissionError where this user may not ask."""
    return _request("GET", path)


def delete(path: str) -> None:
    """Ask for `DELETE path`. OSError where the engine refuses, or does not answer."""
    _request("DELETE", path)


def _request(method: str, path: str) -> Any:
    connection = _connection()
    try:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
    except http.client.HTTPException as error:
        raise OSError(f"{type(error).__name__} {error}".strip()) from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise OSError(f"{response.status} {body.decode(errors='replace').strip()}")
    return json.loads(body)


@dataclass(frozen=True)
class Contents:
    """How many things of each kind are on an engine."""

    containers: int
    images: int
    volumes: int
    networks: int

    def __bool__(self) -> bool:
        return any((self.containers, self.images, self.volumes, self.networks))

    def __str__(self) -> str:
        return f"{self.containers} containers, {self.images} images, {self.volumes} volumes, {self.networks} networks"


def contents() -> Contents:
    """What is on the engine, beside the networks that every engine has."""
    return Contents(
        containers=len(get("/containers/json?all=1")),
        images=len(get("/images/json")),
        volumes=len(get("/volumes")["Volumes"] or []),
        networks=sum(network["Name"] not in ("bridge", "host", "none") for network in get("/networks")),
    )


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection() -> http.client.HTTPConnection:
    url = urlsplit(host())
    if url.scheme == "unix":
        return _UnixConnection(url.path)
    if url.scheme not in ("tcp", "http", "https") or not url.hostname:
        raise OSError("only unix:// and tcp:// addresses can be used here")
    if url.scheme != "https" and not os.environ.get("DOCKER_TLS_VERIFY"):
        return http.client.HTTPConnection(url.hostname, url.port or 2375, timeout=SECONDS)
    certificates = Path(os.environ.get("DOCKER_CERT_PATH") or Path.home() / ".docker")
    context = ssl.create_default_context(cafile=certificates / "ca.pem")
    context.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
    return http.client.HTTPSConnection(url.hostname, url.port or 2376, timeout=SECONDS, context=context)

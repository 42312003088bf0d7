# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""This machine's Docker engine, through the Docker SDK. Errors are SupportErrors that say what could not be done."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.models.containers import Container

from support.errors import LAST_LINES, SupportError, end_of

DEFAULT_HOST = "unix:///var/run/docker.sock"

#: For one answer; saving and loading large images takes long.
SECONDS = 600

STDOUT, STDERR = 1, 2

NETWORKS_OF_EVERY_ENGINE = ("bridge", "host", "none")


def host() -> str:
    """Where the engine is asked: $DOCKER_HOST, or the default socket."""
    return os.environ.get("DOCKER_HOST") or DEFAULT_HOST


def client() -> docker.DockerClient:
    """The client of the engine that `host` names."""
    return _client(host())


@cache
def _client(_host: str) -> docker.DockerClient:
    with explained("asking the Docker engine"):
        # Many threads ask at once.
        return docker.from_env(timeout=SECONDS, max_pool_size=32)


def version() -> str:
    """The version of the engine. SupportError: none answers."""
    with explained("asking the Docker engine"):
        return str(client().version()["Version"])


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Raise errors of the SDK as SupportErrors: `what` was being done."""
    try:
        yield
    except APIError as error:
        raise SupportError(f"The engine refused {what}: {error.explanation or error}") from error
    except (DockerException, requests.RequestException, OSError) as error:
        raise SupportError(f"No answer of the engine at {host()} to {what}: {error}") from error


def image_id(name: str) -> str | None:
    """The ID of the image of that name, if it is there."""
    with explained(f"looking for the image {name}"):
        try:
            return str(client().images.get(name).id)
        except ImageNotFound:
            return None


def image_names(beginning: str) -> list[str]:
    """The names, with tags, of the images whose names begin like this."""
    with explained("listing the images"):
        found = client().images.list()
    return sorted(name for image in found for name in image.tags if name.startswith(beginning))


def remove_image(name: str) -> None:
    """Remove the image, unless something uses it."""
    try:
        client().images.remove(name)
    except APIError:
        return


def container(name: str) -> Container:
    """The container of that name or ID."""
    with explained(f"looking for the container {name}"):
        return client().containers.get(name)


def remove_container(name: str) -> None:
    """Remove the container and its anonymous volumes, whether it runs or not, if it is there."""
    with explained(f"removing the container {name}"):
        try:
            client().api.remove_container(name, v=True, force=True)
        except NotFound:
            return


def run(image: str, command: Sequence[str], **options: Any) -> bytes:
    """What the command prints in a container of that image, which is removed afterwards."""
    with explained(f"running {command[0]} in {image}"):
        output: bytes = client().containers.run(image, list(command), remove=True, stderr=False, **options)
        return output


@dataclass(frozen=True)
class Execution:
    """How a command in a container has ended, and what it has printed."""

    status: int
    stdout: str
    stderr: str


def execute(name: str, command: Sequence[str]) -> Execution:
    """Run the command in the container to its end."""
    status, output = execute_binary(name, command)
    return Execution(status, *(output[stream].decode(errors="replace") for stream in (STDOUT, STDERR)))


def execute_binary(name: str, command: Sequence[str]) -> tuple[int, dict[int, bytes]]:
    """Run the command in the container to its end; return its exit status, and its output by stream."""
    with explained(f"running {command[0]} in {name}"):
        api = client().api
        id_ = api.exec_create(name, list(command))["Id"]
        # The SDK's exec_start reads the bare socket, and loses what has arrived together with the headers.
        url = f"{api.base_url}/v{api.api_version}/exec/{id_}/start"
        with api.post(url, json={"Detach": False, "Tty": False}, stream=True, timeout=None) as response:
            response.raise_for_status()
            output = _streams(response.raw.read())
        status = api.exec_inspect(id_)["ExitCode"]
    if status is None:
        raise SupportError(f"The connection to {command[0]} in {name} ended before its end.")
    return int(status), output


#: Before each piece of output: its stream, and its length.
_FRAME = struct.Struct(">BxxxL")


def _streams(data: bytes) -> dict[int, bytes]:
    """The two streams of a multiplexed one."""
    streams, position = {STDOUT: b"", STDERR: b""}, 0
    while position < len(data):
        stream, length = _FRAME.unpack_from(data, position)
        position += _FRAME.size + length
        streams[stream] += data[position - length : position]
    return streams


def end_of_log(name: str) -> str:
    """The last lines that the container has written, as part of an error message."""
    try:
        text = container(name).logs(tail=LAST_LINES).decode(errors="replace")
    except SupportError as error:
        return str(error)
    return f"The end of docker logs {name}: {end_of(text)}"


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
    with explained("listing what it has"):
        return Contents(
            containers=len(client().api.containers(all=True)),
            images=len(client().api.images()),
            volumes=len(client().api.volumes()["Volumes"] or []),
            networks=sum(it["Name"] not in NETWORKS_OF_EVERY_ENGINE for it in client().api.networks()),
        )

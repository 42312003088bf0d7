# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Docker engine, through the Docker SDK for Python."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timezone
from itertools import dropwhile
from typing import Any

from .._definition.definition import Definition
from . import creation, host_ports, inspection
from .connection import REQUEST_TIMEOUT, connect
from .errors import Kinds, causes, engine_error, raise_value_errors, translate_errors
from .frames import CHUNK, read_frames
from .interface import (
    BOTH,
    STDERR,
    STDOUT,
    Container,
    EngineError,
    EngineUnreachable,
    Entry,
    HostPort,
    Image,
    NameTaken,
    NoSuchContainer,
    PullFailed,
    RestartPolicy,
)

try:
    from docker.errors import APIError, ImageNotFound
    from docker.utils import parse_repository_tag
    from requests.exceptions import ReadTimeout, RequestException
    from urllib3.exceptions import ReadTimeoutError
except ImportError:
    pass

#: How many of the last entries of a log are looked at first, where those since a moment are wanted. An engine finds the
#: last ones at its end, but a moment only by reading from the beginning: of a large log that takes seconds.
WINDOWS = (1_000, 30_000, 1_000_000)

GONE = {404: NoSuchContainer}
TAKEN = {409: NameTaken}


class DockerEngine:
    """The engine that the connection options of a task name; see Engine for the calls."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._address = params["docker_host"]
        self._api = connect(params)

    def _errors_as(self, kinds: Kinds | None = None) -> AbstractContextManager[None]:
        return translate_errors(self._address, kinds)

    @contextmanager
    def _asking_for(self, container_id: str) -> Iterator[None]:
        """Tell a container that is gone apart from something else that it needs: the status is the same, so ask."""
        try:
            with self._errors_as(GONE):
                yield
        except NoSuchContainer as error:
            self.inspect(container_id)
            raise EngineError(str(error)) from error

    def identity(self) -> str:
        with self._errors_as():
            return str(self._api.info()["ID"])

    def now(self) -> datetime:
        with self._errors_as():
            return inspection.moment(self._api.info()["SystemTime"]) or datetime.now(timezone.utc)

    def image(self, reference: str) -> Image | None:
        with self._errors_as():
            try:
                answer = self._api.inspect_image(reference)
            except ImageNotFound:
                return None
            except APIError as error:
                if error.status_code == 400:
                    raise ValueError(
                        f"container.image: {reference!r} is no name of an image: {error.explanation}"
                    ) from None
                raise
            return Image(answer["Id"], tuple(answer.get("RepoDigests") or ()))

    def pull(self, reference: str, platform: str | None) -> None:
        repository, tag = parse_repository_tag(reference)
        try:
            with self._errors_as():
                for line in self._api.pull(
                    repository, tag=tag or "latest", platform=platform, stream=True, decode=True
                ):
                    if "error" in line:
                        raise PullFailed(line["error"])
        except (EngineUnreachable, PullFailed):
            raise
        except EngineError as error:
            raise PullFailed(str(error)) from error

    def networks(self) -> frozenset[str]:
        with self._errors_as():
            return frozenset(word for network in self._api.networks() for word in (network["Name"], network["Id"]))

    def volumes(self) -> frozenset[str]:
        with self._errors_as():
            return frozenset(volume["Name"] for volume in self._api.volumes()["Volumes"] or ())

    def find(self, name: str) -> Container | None:
        found = self._still_there(name)
        # The engine takes the beginning of an ID for a name, too.
        return found if found and found.name == name else None

    def inspect(self, container_id: str) -> Container:
        with self._errors_as(GONE):
            answer = self._api.inspect_container(container_id)
        try:
            return inspection.container(answer)
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError(f"its answer about the container {container_id} cannot be read: {error}") from error

    def named(self, prefix: str) -> tuple[Container, ...]:
        with self._errors_as():
            listed = self._api.containers(all=True, filters={"name": f"^/{re.escape(prefix)}"})
        found = [self._still_there(entry["Id"]) for entry in listed]
        return tuple(sorted(filter(None, found), key=lambda container: container.name))

    def holders(self, ports: Collection[HostPort]) -> tuple[tuple[HostPort, str], ...]:
        with self._errors_as():
            listed = self._api.containers()
        held = inspection.host_ports(listed)
        taken = [(port, name) for port in ports for other, name in held if port.overlaps(other)]
        # Only here, on the engine's own host, can other programs be seen.
        if self._address.startswith("unix://"):
            known = [port for port, _name in taken]
            taken += [(port, "") for port in ports if port not in known and host_ports.in_use(port)]
        return tuple(taken)

    def _still_there(self, container_id: str) -> Container | None:
        try:
            return self.inspect(container_id)
        except NoSuchContainer:
            return None

    def create(self, name: str, definition: Definition, image_id: str, labels: Mapping[str, str]) -> str:
        options = definition.options
        networks = options.get("networks", [])
        with raise_value_errors():
            config = self._api.create_container_config(
                image_id,
                labels={**creation.texts(options.get("labels")), **labels},
                host_config=self._api.create_host_config(**creation.host_arguments(definition)),
                **creation.container_arguments(definition),
            )
            config["NetworkingConfig"] = {"EndpointsConfig": self._endpoints(networks[:1])}
            if "healthcheck" in options:
                config["Healthcheck"] = creation.healthcheck(options["healthcheck"])
            # Before its version 6 the SDK knows no platform.
            platform = {"platform": options["platform"]} if "platform" in options else {}
        with self._errors_as(TAKEN):
            container_id = str(self._api.create_container_from_config(config, name, **platform)["Id"])
        try:
            # An engine before API 1.44 takes one network at creation.
            for network in networks[1:]:
                with self._asking_for(container_id):
                    self._api.connect_container_to_network(
                        container_id, network["name"], **creation.endpoint_arguments(network)
                    )
        except EngineError:
            self.remove(container_id)
            raise
        return container_id

    def _endpoints(self, networks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return {
            network["name"]: self._api.create_endpoint_config(**creation.endpoint_arguments(network))
            for network in networks
        }

    def start(self, container_id: str) -> None:
        with self._asking_for(container_id):
            self._api.start(container_id)

    def wait(self, container_id: str, seconds: float) -> None:
        with self._errors_as(GONE):
            try:
                self._api.wait(container_id, timeout=max(math.ceil(seconds), 1))
            except RequestException as error:
                # Where the answer comes chunk by chunk, the timeout is inside of another error.
                if not any(isinstance(cause, (ReadTimeout, ReadTimeoutError)) for cause in causes(error)):
                    raise

    def stop(self, container_id: str, seconds: int) -> None:
        with self._errors_as(GONE):
            self._api.stop(container_id, timeout=seconds)

    def set_restart_policy(self, container_id: str, policy: RestartPolicy) -> None:
        asked: Any = {"Name": policy.name, "MaximumRetryCount": policy.retries}
        with self._errors_as(GONE):
            self._api.update_container(container_id, restart_policy=asked)

    def rename(self, container_id: str, name: str) -> None:
        try:
            with self._errors_as({**GONE, **TAKEN}):
                self._api.rename(container_id, name)
        except EngineError:
            # Somebody else may have given it that name a moment ago; the engine calls that an error.
            if self.inspect(container_id).name != name:
                raise

    def remove(self, container_id: str) -> None:
        try:
            with self._errors_as(GONE):
                self._api.remove_container(container_id, v=True)
        except NoSuchContainer:
            return

    def logs(self, container_id: str, streams: Collection[int] = BOTH, last: int = 0) -> Iterator[tuple[int, bytes]]:
        asked = {"stdout": int(STDOUT in streams), "stderr": int(STDERR in streams)}
        return self._frames(container_id, {**asked, **({"tail": last} if last else {})})

    def entries(self, container_id: str, since: str) -> Iterator[Entry]:
        for window in WINDOWS if since else ():
            entries = self._entries(container_id, {"tail": window})
            first = next(entries, None)
            if first and first.stamp < since:
                # What comes before the first one is older still.
                yield from dropwhile(lambda entry: entry.stamp < since, entries)
                return
            entries.close()
        yield from self._entries(container_id, {"since": inspection.unix_time(since)} if since else {})

    def last_stamp(self, container_id: str) -> str:
        return max((entry.stamp for entry in self._entries(container_id, {"tail": 1})), default="")

    def _entries(self, container_id: str, asked: Mapping[str, Any]) -> Generator[Entry, None, None]:
        for stream, frame in self._frames(container_id, {"timestamps": 1, **asked}):
            stamp, _space, data = frame.partition(b" ")
            yield Entry(stream, stamp.decode(), data)

    def _frames(self, container_id: str, asked: Mapping[str, Any]) -> Iterator[tuple[int, bytes]]:
        """Read the engine's frames, because the SDK's ``logs`` drops which stream each is of."""
        url = f"{self._api.base_url}/v{self._api.api_version}/containers/{container_id}/logs"
        with self._errors_as(GONE), self._api.get(
            url, params={"stdout": 1, "stderr": 1, **asked}, stream=True, timeout=REQUEST_TIMEOUT
        ) as response:
            if response.status_code != 200:
                raise engine_error(response.status_code, response.json().get("message", response.reason), GONE)
            yield from read_frames(iter(lambda: response.raw.read(CHUNK), b""))

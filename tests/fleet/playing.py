# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An application to roll out on a fleet, the playbook that does it, and what is on the hosts then."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.cache import cache, locked
from support.docker_client import client, explained
from support.fleet import tiny_image
from support.fleet.fleet import Fleet
from support.fleet.nodes import Node, run_in
from support.parallel import in_parallel
from support.waiting import wait_until

REPOSITORY = "mf-fleet-app"
DEPLOY = "migrate_first.docker.deploy"
PORTS = (8001, 8002)
SECONDS = 300

SERVE = 'trap exit TERM; mkdir www; echo "$VERSION" >www/index.html; httpd -f -p 80 -h /www & wait'
MIGRATE = 'echo "$VERSION" >>/data/runs; echo "migrated to $VERSION"'
VOLUME = "counter"

# Of each host: what is there but for running times. The counter has a line for each migration.
LOOK = """
docker ps --all --quiet --no-trunc | xargs -r docker container inspect || true
echo ---
docker image ls --all --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' | sort
echo ---
docker volume ls --quiet | sort
docker network ls --format '{{.Name}}' | sort
echo ---
cat "/var/lib/docker/volumes/$1/_data/runs" 2>/dev/null || true
"""


@dataclass(frozen=True)
class Container:
    """A container on a host; the moments are ISO 8601 in UTC and can be compared as text."""

    id: str
    name: str
    image: str
    state: str
    created: str
    finished: str


@dataclass(frozen=True)
class Host:
    """What is on a host: `migrations` are the versions that migrations run there have noted, in their order."""

    name: str
    containers: tuple[Container, ...]
    images: tuple[str, ...]
    resources: tuple[str, ...]
    migrations: tuple[str, ...]

    def replicas(self, name: str = "app") -> list[Container]:
        """The containers NAME-1, NAME-2, …"""
        return [it for it in self.containers if re.fullmatch(rf"{name}-\d+", it.name)]


@dataclass(frozen=True)
class Play:
    """What came of an ansible-playbook; `failures` are pairs of a host and the message that it failed with."""

    status: int
    output: str

    @property
    def failures(self) -> list[tuple[str, str]]:
        found = re.findall(r"^fatal: \[(\S+?)(?: -> [^]]+)?\]: \w+! => (\{.*\})$", self.output, re.MULTILINE)
        return [(host, str(json.loads(result).get("msg", result))) for host, result in found]

    @property
    def message(self) -> str:
        """What the failures say, as one text on one line."""
        return " ".join(" ".join(f"[{host}] {message}" for host, message in self.failures).split())


def image(version: str) -> str:
    """The application's image of that version, on this machine's engine."""
    name = f"{REPOSITORY}:{version}"
    recipe = f"FROM {tiny_image.ensure()}\nENV VERSION={version}\n"
    # Two that are made at the same time are not the same image.
    with locked(cache("images/app")), explained(f"making the image {name}"):
        client().images.build(fileobj=io.BytesIO(recipe.encode()), tag=name, rm=True)
    return name


def variables(image: str, **others: object) -> dict[str, object]:
    """The variables of the role for the application; the others replace or join them."""
    container: dict[str, object] = {
        "image": image,
        "command": ["sh", "-c", SERVE],
        "volumes": [f"{VOLUME}:/data"],
        "published_ports": [f"{PORTS[0]}-{PORTS[-1]}:80"],
    }
    return {
        "rollout_name": "app",
        "rollout_container": container,
        "rollout_migration_command": ["sh", "-c", MIGRATE],
        "rollout_serial": 3,
        # It has no healthcheck: what does not end in a second does not end.
        "rollout_update": {"monitor": "1s"},
        **others,
    }


class Controller:
    """An ansible-playbook that runs on this machine, with all that it has said by now."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def output(self) -> str:
        """What it has said by now."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send the signal to it and its workers, and wait for its end. What it has begun on the hosts goes on."""
        os.killpg(self.process.pid, number)
        self.process.wait(timeout=SECONDS)

    def says(self, words: str, seconds: float = 60) -> None:
        """Wait until it has said so."""
        wait_until(lambda: words in self.output or self.process.poll() is not None, f"{words!r} is not said", seconds)
        assert words in self.output, self.output

    def ended(self) -> Play:
        """Wait for its end."""
        self.process.wait(timeout=SECONDS)
        return Play(self.process.returncode, self.output)


@contextmanager
def controller(
    fleet: Fleet,
    extra: Mapping[str, object],
    *options: str,
    user: str = "deployer",
    playbooks: Sequence[str | Path] = (DEPLOY,),
    env: Mapping[str, str] | None = None,
    wrapper: Sequence[str] = (),
) -> Iterator[Controller]:
    """Begin to run the playbooks with those extra variables, over SSH as that user; killed at the end if need be."""
    with tempfile.TemporaryDirectory() as folder:
        variables, log = Path(folder, "extra.json"), Path(folder, "log")
        variables.write_text(json.dumps(extra), encoding="utf-8")
        program = Path(sys.executable).parent / "ansible-playbook"
        command = [*wrapper, program, "-i", fleet.inventory(user), "-e", f"@{variables}", *options, *playbooks]
        defaults = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_PIPELINING": "1"}
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **defaults, **(env or {})},
                start_new_session=True,
            )
        begun = Controller(process, log)
        try:
            yield begun
        finally:
            if process.poll() is None:
                begun.kill()


def play(
    fleet: Fleet,
    extra: Mapping[str, object],
    *options: str,
    user: str = "deployer",
    playbooks: Sequence[str | Path] = (DEPLOY,),
    env: Mapping[str, str] | None = None,
    wrapper: Sequence[str] = (),
) -> Play:
    """Run the playbooks to their end; see `controller`."""
    with controller(fleet, extra, *options, user=user, playbooks=playbooks, env=env, wrapper=wrapper) as begun:
        return begun.ended()


def prepare(fleet: Fleet, *, images: bool = False) -> None:
    """Empty the hosts, of images too if asked to, and make the counter's volume on each: the role makes none."""
    fleet.reset(images=images)
    in_parallel(lambda host: run_in(host, 'docker volume create "$1"', VOLUME), fleet.hosts)


def look(fleet: Fleet) -> list[Host]:
    """What is on each host now."""
    return in_parallel(_look, fleet.hosts)


def answers(fleet: Fleet, ports: Iterable[int] = PORTS) -> list[str]:
    """What the replicas of all hosts say, host by host; each has ten seconds to begin with it."""
    urls = [f"http://{host.address}:{port}/" for host in fleet.hosts for port in ports]
    return in_parallel(_answer, urls)


def _look(host: Node) -> Host:
    containers, images, resources, runs = re.split(r"^---$\n?", run_in(host, LOOK, VOLUME), flags=re.MULTILINE)
    found = [_container(it) for it in json.loads(containers or "[]")]
    return Host(
        host.name,
        tuple(sorted(found, key=lambda it: it.name)),
        tuple(images.splitlines()),
        tuple(resources.split()),
        tuple(runs.split()),
    )


def _container(found: dict[str, Any]) -> Container:
    state = found["State"]
    return Container(
        found["Id"], found["Name"].lstrip("/"), found["Image"], state["Status"], found["Created"], state["FinishedAt"]
    )


def _answer(url: str) -> str:
    said = ""

    def asked() -> bool:
        nonlocal said
        try:
            with urllib.request.urlopen(url, timeout=2) as response:
                said = response.read().decode().strip()
        except OSError:
            return False
        return True

    wait_until(asked, f"{url} does not answer", 10)
    return said

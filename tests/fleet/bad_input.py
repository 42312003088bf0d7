# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people get wrong, and what they are told: a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from support.fleet import faults
from support.fleet.nodes import Node, run_in
from tests.fleet import playing

IMAGE = f"{playing.REPOSITORY}:1"


def nothing(_host: Node) -> None:
    """As it is."""


def on_host(script: str) -> Callable[[Node], None]:
    """Run that script on the host; the image is its $1."""
    return lambda host: (run_in(host, script, IMAGE), None)[1]


@dataclass(frozen=True)
class Case:
    """One mistake: the container's keys and the role's variables that differ (None: not given), or what the host lacks.

    `message` is a regular expression for what the play says, on one line, with `[host]` before each host's part.
    `prepared` is done to the host before it is looked at, `broken` after that, and undone by `mended`.
    """

    name: str
    message: str
    container: Mapping[str, object] = field(default_factory=dict)
    role: Mapping[str, object] = field(default_factory=dict)
    user: str = "deployer"
    host: str = "h1"
    prepared: Callable[[Node], None] = nothing
    broken: Callable[[Node], None] = nothing
    mended: Callable[[Node], None] = nothing


ROLE_SETS = ("name", "container", "command", "release", "pull", "fleet_images")
SDK = "/usr/lib/python3/dist-packages/docker"

LISTEN = """
setsid python3 -m http.server 8002 >/dev/null 2>&1 </dev/null &
echo $! >/run/listener
until bash -c ': </dev/tcp/127.0.0.1/8002' 2>/dev/null; do sleep 0.05; done
"""

CASES = (
    Case(
        "unknown key in the container",
        r"\[h1\].* container\.volums is not an option: nothing was changed; .*did you mean volumes",
        container={"volums": ["counter:/data"]},
    ),
    Case(
        "unknown key for the replicas alone",
        r"\[h1\].* container\.published_port is not an option: nothing was changed; .*did you mean published_ports",
        role={"rollout_replica_container": {"published_port": ["8001:80"]}},
    ),
    Case("no image", r"\[h1\] container\.image is not given.*: nothing was changed; add it", {"image": None}),
    Case("empty image", r"\[h1\] container\.image is empty: name the image", {"image": ""}),
    Case(
        "image that is no name",
        r"\[h1\] container\.image: 'Not An Image' is no name of an image",
        {"image": "Not An Image"},
    ),
    Case(
        "name that engines refuse",
        r"\[h1\].* name: 'my app.*' cannot be the name.*: use",
        role={"rollout_name": "my app"},
    ),
    Case("name that is too long", r"\[h1\].* 63 is the most: choose a shorter", role={"rollout_name": "a" * 62}),
    Case(
        "deadline that is no duration",
        r"on h1.* timeout: 'soon' is not a duration: give seconds",
        role={"rollout_migration": {"timeout": "soon"}},
    ),
    Case(
        "healthcheck with an interval that is none",
        r"\[h1\].* container\.healthcheck\.interval: 'often' is not a duration: give seconds",
        container={"healthcheck": {"test": ["CMD", "true"], "interval": "often"}},
    ),
    Case(
        "fewer ports than replicas",
        r"\[h1\].* container\.published_ports: '8001-8002:80' has 2 host ports, and 3 replicas need 3: give",
        role={"rollout_replicas": 3},
    ),
    Case(
        "port that is none",
        r"\[h1\].* container\.published_ports: 'http:80' is no port mapping such as",
        container={"published_ports": ["http:80"]},
    ),
    Case(
        "port that something else has",
        r"\[h1\] app was not changed: container\.published_ports gives app-1 the port 8001/tcp, which the container "
        r"other has on this host: choose another port, or free this one \(docker stop other\)",
        prepared=on_host('docker run --detach --name other --publish 8001:80 "$1" sleep 1000'),
    ),
    Case(
        "port that another program has",
        r"\[h1\] app was not changed: container\.published_ports gives app-2 the port 8002/tcp, which another program "
        r"has on this host: choose another port, or free this one \(ss",
        prepared=on_host(LISTEN),
        mended=on_host("kill $(cat /run/listener)"),
    ),
    Case("negative count", r"\[h1\].* (count|rollout_replicas).* -1.* less than 0", role={"rollout_replicas": -1}),
    Case(
        "count that is no number",
        r"\[h1\].*'rollout_replicas'.* unable to convert to int.*two",
        role={"rollout_replicas": "two"},
    ),
    Case(
        "pull that is none of the choices",
        r"\[h1\].* rollout_pull.*always, missing, never",
        role={"rollout_pull": "often"},
    ),
    Case("no command", r"\[h1\].* rollout_migration_command", role={"rollout_migration_command": None}),
    Case(
        "no SDK on the host",
        r"\[h1\] app was not changed: the Docker SDK for Python is missing on this host for /usr/bin/python3: install",
        broken=on_host(f"mv {SDK} {SDK}.away"),
        mended=on_host(f"mv {SDK}.away {SDK}"),
    ),
    Case(
        "engine that does not run",
        r"\[h1\] app was not changed: the engine at .* does not answer .*docker info",
        broken=faults.stop_engine,
        mended=faults.start_engine,
    ),
    Case(
        "engine that refuses the user",
        r"\[h1\] app was not changed: the engine at .* refuses this user: let the task become root, or .* docker group",
        user="outsider",
    ),
    Case(
        "runner that is not in the inventory",
        r"The host h9, .* is not in the inventory: nothing was run; correct the name .*rollout_migration_host",
        role={"rollout_migration_host": "h9"},
    ),
    Case(
        "network that is not there",
        r"\[h1\].* container\.networks names the network backend, which is not there: .*docker network create backend",
        container={"networks": [{"name": "backend"}]},
    ),
    Case(
        "volume that is not there",
        r"\[h1\].* container\.volumes names the volume conter, which is not there: .*docker volume create conter",
        container={"volumes": ["conter:/data"]},
    ),
    Case(
        "rollout_migration with what the role sets",
        r"\[h1\].*" + "".join(rf"(?=.*rollout_migration\.{option}\b)" for option in ROLE_SETS),
        role={"rollout_migration": dict.fromkeys(ROLE_SETS, "other")},
    ),
    Case(
        "foreign container under the migration's name",
        r"on h1.* has the name app-migration \(.*\)\. It was left alone; rename or remove it",
        prepared=on_host('docker run --detach --name app-migration "$1" sleep 1000'),
    ),
    Case(
        "foreign container under a replica's name on a host that is not the runner",
        r"\[h2\] app was not changed: a container .* has the name app-2 \(.*\) on this host; rename or remove it",
        host="h2",
        prepared=on_host('docker run --detach --name app-2 "$1" sleep 1000'),
    ),
    Case(
        "no SDK on a host that is not the runner",
        r"\[h2\] app was not changed: the Docker SDK for Python is missing on this host for /usr/bin/python3: install",
        host="h2",
        broken=on_host(f"mv {SDK} {SDK}.away"),
        mended=on_host(f"mv {SDK}.away {SDK}"),
    ),
    Case(
        "foreign container under a replica's name",
        r"\[h1\] app was not changed: a container .* has the name app-2 \(.*\) on this host; rename or remove it",
        prepared=on_host('docker run --detach --name app-2 "$1" sleep 1000'),
    ),
)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host of the fleet: made, healed by as little as is needed, and emptied."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from docker.errors import NotFound

from support import docker_client
from support.docker_client import client, explained
from support.errors import SupportError
from support.fleet import nodes
from support.fleet.host_image import SCAN_DIRECTORY
from support.fleet.images import MOUNT
from support.fleet.labels import LABEL
from support.fleet.nodes import Blueprint, Found, Node, run_in
from support.fleet.sshd import banner
from support.waiting import wait_until

# What a Docker engine needs in a container. --privileged asks for more than every machine can give.
CAPABILITIES = ("DAC_READ_SEARCH", "IPC_LOCK", "NET_ADMIN", "SYS_ADMIN", "SYS_NICE", "SYS_PTRACE")
RIGHTS = {
    "cap_add": list(CAPABILITIES),
    "security_opt": ["seccomp=unconfined", "apparmor=unconfined"],
    "device_cgroup_rules": ["a *:* rwm"],
    "cgroupns": "host",
}
CONTROL_GROUPS = "/sys/fs/cgroup:/sys/fs/cgroup:rw"

# An engine that was killed stops its containers first, and gives each its own time for that.
SECONDS_TO_ANSWER = 40

ANSWER = f"""
iptables -t mangle -F; iptables -F INPUT; iptables -F OUTPUT
for daemon in dockerd sshd; do
    until s6-svc -uc {SCAN_DIRECTORY}/$daemon 2>/dev/null; do sleep 0.05; done
done
until docker version >/dev/null 2>&1; do sleep 0.05; done
until test -s /etc/ssh/ssh_host_ed25519_key.pub; do sleep 0.05; done
cat /etc/ssh/ssh_host_ed25519_key.pub
"""

# First what could make something new: sessions, and what they have left running, but no container's process.
EMPTY = """
pkill -KILL -f '^sshd(-session|-auth)?: [^/]'
while left=$(ps -o pid= -o comm= --ppid 1 | grep -vE ' (s6-supervise|containerd-shim)'); do
    echo "$left" | while read -r pid name; do kill -KILL "$pid" 2>/dev/null; done
done
test ! -e /var/lib/docker/swarm/docker-state.json || docker swarm leave --force >/dev/null
while containers=$(docker ps --all --quiet) && test -n "$containers"; do
    docker rm --force --volumes $containers >/dev/null
done
set -e
docker volume ls --quiet | xargs -r docker volume rm --force >/dev/null
docker network ls --quiet --filter type=custom | xargs -r docker network rm >/dev/null
if [ "$1" = images ]; then
    docker image ls --all --quiet --no-trunc | sort -u | xargs -r docker image rm --force >/dev/null
fi
rm -rf /root/.docker /root/.ansible /home/*/.docker /home/*/.ansible
"""


@dataclass(frozen=True)
class Setting:
    """What the hosts of a fleet have in common."""

    image: str
    authorized_key: str
    subnet: str
    archives: Path

    def blueprint(self, host: Node) -> Blueprint:
        """What this host is made from."""
        env = {
            "FLEET": host.fleet,
            "FLEET_HOST": host.name,
            "FLEET_SUBNET": self.subnet,
            "FLEET_KEY": self.authorized_key,
        }
        volumes = [CONTROL_GROUPS, f"{volume(host)}:/var/lib/docker", f"{self.archives}:{MOUNT}:ro"]
        options = {**RIGHTS, "tmpfs": {"/run": ""}, "binds": volumes}
        return Blueprint(self.image, env=env, options=options, unmasked=True)


def volume(host: Node) -> str:
    """The name of the volume that holds what the host's engine has."""
    return f"{host.container}-docker"


def heal(host: Node, setting: Setting, found: Found | None) -> str:
    """Bring the host to answer, made anew where it is missing, made from something else, or beyond repair.

    Returns its public host key. SupportError says why it does not answer, with the end of its log.
    """
    blueprint = setting.blueprint(host)
    fits = found is not None and found.made_from == blueprint.fingerprint(host)
    steps: list[tuple[str, Callable[[], object]]] = [("made anew", partial(_make, host, blueprint))]
    if found and fits:
        steps = [("revived", partial(nodes.revive, found)), ("restarted", partial(nodes.restart, host)), *steps]
    faults: list[str] = []
    for step, act in steps:
        if faults:
            print(f"{host} does not answer, and is {step}: {faults[-1]}", file=sys.stderr, flush=True)
        try:
            act()
            return answer(host)
        except SupportError as fault:
            faults.append(str(fault))
    raise SupportError(f"{host} does not answer: {faults[-1]}\n{docker_client.end_of_log(host.container)}")


def answer(host: Node) -> str:
    """Wait until the engine and the sshd of a running host answer. Returns its public host key."""
    key = run_in(host, ANSWER, seconds=SECONDS_TO_ANSWER)
    wait_until(
        lambda: banner(host.address),
        f"No sshd answers this machine at {host.address} (does DOCKER_HOST name another machine's engine?)",
    )
    return " ".join(key.split()[:2])


def empty(host: Node, *, images: bool = False) -> None:
    """Remove what is on the host's engine, and end all sessions. SupportError says what cannot be removed."""
    run_in(host, EMPTY, "images" if images else "")


def remove(host: Node) -> None:
    """Remove the host and all that its engine has, as when a machine is lost with its disk."""
    docker_client.remove_container(host.container)
    with explained(f"removing the disk of {host}"), contextlib.suppress(NotFound):
        client().api.remove_volume(volume(host), force=True)


def _make(host: Node, blueprint: Blueprint) -> None:
    remove(host)
    with explained(f"making the disk of {host}"):
        client().volumes.create(volume(host), labels={LABEL: host.fleet})
    nodes.make(host, blueprint)

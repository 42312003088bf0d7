# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet of hosts on this machine, each a container with its own sshd and its own Docker engine."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from ipaddress import IPv4Network
from pathlib import Path
from types import TracebackType
from typing import Self

from support import engine, state
from support.cache import cache, locked
from support.docker_client import explained, remove_container
from support.errors import SupportError
from support.fleet import control_groups, host_image, hosts, images, inventory, labels, network, nodes, services
from support.fleet.access import Access
from support.fleet.nodes import Node
from support.fleet.services import Definition
from support.parallel import in_parallel

MOST_HOSTS = network.FIRST_SERVICE - network.FIRST_HOST


class Fleet:
    """A fleet by its name, whether it is up or not. As a context manager it is up inside, and down afterwards.

    `count` hosts, h1, h2, …; `suite` is Debian's: "trixie" has Engine 26.1, "bookworm" 20.10.
    Each method raises SupportError with a sentence for a person; SystemExit where this machine lacks something.
    """

    def __init__(self, name: str = "test", count: int = 3, suite: str = "trixie") -> None:
        if not re.fullmatch("[a-z0-9][a-z0-9-]{0,20}", name):
            raise SupportError(f"A fleet cannot be named {name!r}: up to 21 of a-z, 0-9 and '-' can be used.")
        if not 1 <= count <= MOST_HOSTS:
            raise SupportError(f"A fleet of {count} hosts cannot be made: 1 to {MOST_HOSTS} can be.")
        if suite not in host_image.SUITES:
            raise SupportError(f"There is no host image of {suite!r}, only of {', '.join(host_image.SUITES)}.")
        self.name, self.count, self.suite = name, count, suite

    @classmethod
    def named(cls, name: str) -> Fleet:
        """The fleet that was brought up under this name, whoever did it."""
        remembered = state.read(cache("fleet") / name / "fleet.json")
        if not remembered:
            raise SupportError(
                f"There is no fleet {name}: bring it up (python3 -m support.bootstrap hosts up --name {name})."
            )
        return cls(name, remembered["count"], remembered["suite"])

    def __enter__(self) -> Self:
        try:
            return self.up()
        except BaseException:
            self.down()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    @property
    def folder(self) -> Path:
        """Where the key, the known hosts and the inventories are, for this user's eyes alone."""
        return cache(f"fleet/{self.name}")

    @property
    def access(self) -> Access:
        """The way in over SSH."""
        return Access(self.folder)

    @property
    def _archives(self) -> Path:
        return cache(f"fleet/{self.name}/images")

    @cached_property
    def subnet(self) -> IPv4Network:
        """The fleet's own network. SupportError: the fleet is not up."""
        subnet = network.find(self.name)
        if subnet is None:
            raise SupportError(
                f"The fleet {self.name} is not up: python3 -m support.bootstrap hosts up --name {self.name}"
            )
        return subnet

    @property
    def hosts(self) -> list[Node]:
        """The hosts, in the inventory's order."""
        return [
            Node(self.name, f"h{number}", str(self.subnet[network.FIRST_HOST + number - 1]))
            for number in range(1, self.count + 1)
        ]

    def __getitem__(self, name: str) -> Node:
        """The host or service of that name."""
        known = {host.name: host for host in self.hosts}
        if name not in known:
            known = {found.node.name: found.node for found in nodes.look(self.name).values()}
        if name not in known:
            raise SupportError(f"The fleet {self.name} has no {name}, only {', '.join(sorted(known))}.")
        return known[name]

    def up(self) -> Self:
        """Bring all hosts to answer: what is missing is made, what is broken healed, what fits left as it is."""
        engine.ensure()
        with locked(self.folder):
            image, key = host_image.ensure(self.suite), self.access.prepare()
            state.write(self.folder / "fleet.json", {"count": self.count, "suite": self.suite})
            network.ensure(self.name)
            setting = hosts.Setting(image, key, str(self.subnet), self._archives)
            found = nodes.look(self.name)
            self._remove_others(found)
            keys = in_parallel(lambda host: hosts.heal(host, setting, found.get(host.name)), self.hosts)
            in_parallel(nodes.revive, [it for name, it in found.items() if not _is_host(name)])
            self.access.remember({host.address: key for host, key in zip(self.hosts, keys, strict=True)})
            inventory.write(self.access, self.hosts)
        return self

    def heal(self) -> Self:
        """Undo whatever was done to hosts, network and services; Ansible's SSH connections that are open are ended."""
        self.access.disconnect()
        return self.up()

    def reset(self, *, images: bool = False) -> Self:
        """Heal, and empty each engine of containers, volumes and networks, of images too if asked to.

        Sessions and what they left running are ended, and what users logged in to is forgotten.
        """
        self.heal()
        in_parallel(partial(hosts.empty, images=images), self.hosts)
        return self

    def down(self) -> None:
        """Remove all that belongs to the fleet, and leave the host image for the next one."""
        with locked(self.folder):
            self.access.disconnect()
            in_parallel(remove_container, [str(it.name) for it in labels.containers(self.name)])
            with explained(f"removing the fleet {self.name}"):
                for left in labels.everything_else(self.name):
                    left.remove()
            control_groups.remove(self.name)
            shutil.rmtree(self.folder)
            self.__dict__.pop("subnet", None)

    def load(self, *names: str, hosts: Sequence[Node] | None = None) -> None:
        """Move images from this machine's engine to all hosts, or these; those that are there already are skipped."""
        images.load(self.hosts if hosts is None else hosts, names, self._archives)

    def service(
        self,
        name: str,
        image: str,
        *,
        command: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        ready: Sequence[str] = (),
        seconds: float = 60,
    ) -> Node:
        """A container on the fleet's network, outside the inventory; its `address` is where the hosts find it.

        The service is ready when the command `ready` ends with 0 in it, within that many seconds. Asked for again,
        it is left as it is, or made anew where something differs.
        """
        if _is_host(name):
            raise SupportError(f"A service cannot be named {name}: that is a host's name.")
        with locked(self.folder):
            found = nodes.look(self.name)
            node = Node(self.name, name, services.address(self.subnet, name, found))
            definition = Definition(image, tuple(command), dict(env or {}), tuple(ready), seconds)
            return services.ensure(node, definition, found.get(name))

    def inventory(self, user: str = "root") -> Path:
        """The inventory for that user, a key of `inventory.USERS`; its group is `fleet`."""
        return inventory.path(self.access, user)

    def ssh(self, host: Node, command: str, *, user: str = "root") -> subprocess.CompletedProcess[str]:
        """Run the shell command on the host over SSH, in a connection of its own."""
        line = [*self.access.command(host, user), command]
        return subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def _remove_others(self, found: Mapping[str, nodes.Found]) -> None:
        """Hosts of a fleet that was larger."""
        names = {host.name for host in self.hosts}
        in_parallel(hosts.remove, [it.node for name, it in found.items() if _is_host(name) and name not in names])


def _is_host(name: str) -> bool:
    return re.fullmatch(r"h\d+", name) is not None

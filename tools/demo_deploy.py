# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ansible-playbook of the demo: where it is, and how it is called."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools import demo_screen as screen
from tools import environment, tree
from tools.cache import CHECKOUT, cache
from tools.process import Command

PLAYBOOK = "migrate_first.docker.deploy"
INVENTORY = "examples/shop/inventory"
DEFAULT_PORTS = (8001, 8002)


@dataclass(frozen=True)
class Deployment:
    """Rolls out versions of the shop on this machine; `ports` are those of its replicas."""

    program: Path
    settings: Path
    ports: tuple[int, int]

    def command(self, version: str) -> Command:
        """The command that rolls out this version."""
        ports = [] if self.ports == DEFAULT_PORTS else ["-e", f"shop_ports={self.ports[0]}-{self.ports[1]}"]
        return [self.program, PLAYBOOK, "-i", INVENTORY, "-e", f"shop_version={version}", *ports]

    def shell(self, version: str) -> str:
        """The same as a line for a shell."""
        return screen.shell(self.command(version), ANSIBLE_CONFIG=str(self.settings))

    def run(self, version: str) -> int:
        """Roll out this version, with Ansible's own output. Returns the exit status."""
        screen.command(self.command(version), ANSIBLE_CONFIG=str(self.settings))
        # The person's own settings of Ansible are for other work; and Ansible needs a UTF-8 locale.
        env = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
        env |= {"ANSIBLE_CONFIG": str(self.settings), "LC_ALL": "C.UTF-8"}
        return subprocess.run(self.command(version), cwd=CHECKOUT, env=env, check=False).returncode


def prepare(ports: tuple[int, int]) -> Deployment:
    """Make the environment and put the collection in its place. SystemExit says what is in the way."""
    programs = environment.ensure("demo") / "bin"
    settings = cache("demo") / "ansible.cfg"
    # Nothing of the demo goes into the home of the person.
    home = cache("demo") / "ansible"
    values = {
        "collections_path": tree.ensure("demo"),
        "home": home,
        "remote_tmp": home / "remote",
        "callback_result_format": "yaml",
    }
    lines = [f"{key} = {value}" for key, value in values.items()]
    settings.write_text("\n".join(["[defaults]", *lines, ""]), encoding="utf-8")
    return Deployment(programs / "ansible-playbook", settings, ports)

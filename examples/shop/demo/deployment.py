# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ansible-playbook of the demos: where it is, and how it is called."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from examples.shop.demo import screen
from support.cache import CHECKOUT, cache
from support.process import Command, run_logged

PLAYBOOK = "migrate_first.docker.deploy"


@dataclass(frozen=True)
class Deployment:
    """Rolls out versions of the shop; `options` of ansible-playbook say where."""

    program: Path
    settings: Path
    options: Command

    def command(self, version: str) -> Command:
        """The command that rolls out this version."""
        return [self.program, PLAYBOOK, *self.options, "-e", f"shop_version={version}"]

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


def prepare(name: str, options: Command, **settings: str | Path) -> Deployment:
    """Install the collection for the demo alone. SystemExit says what is in the way.

    `settings` are further ones of Ansible's, for the demo of that name alone.
    """
    programs = Path(sys.executable).parent
    file = cache("demo") / f"{name}.cfg"
    collections = cache("demo") / "collections"
    install: Command = ["ansible-galaxy", "collection", "install", "--offline", "--force", "-p", collections, CHECKOUT]
    run_logged("Installing the collection", [programs / install[0], *install[1:]], cache("demo") / "collection.log")
    # Nothing of the demo goes into the home of the person.
    values = {
        "collections_path": collections,
        "home": cache("demo") / "ansible",
        "callback_result_format": "yaml",
        **settings,
    }
    lines = [f"{key} = {value}" for key, value in values.items()]
    file.write_text("\n".join(["[defaults]", *lines, ""]), encoding="utf-8")
    screen.good(f"Ansible and the collection: {cache('demo')}")
    return Deployment(programs / "ansible-playbook", file, options)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-test, called so that it leaves nothing out in silence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from support.cache import cache
from support.checks import interpreters, pip_bootstrap
from support.checks.workspace import Workspace

# ansible-test only warns of what it leaves out, and repeats that at the end (pip's warnings are not
# among these). The locale is the one thing that a bare machine may lack.
FORBID = (
    r"^WARNING: Reviewing previous .*\n(?:WARNING: Using locale .*\n)*WARNING: (?!Using locale|Reviewing)(.*)",
    "^All targets skipped.*",
)
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class AnsibleTest:
    """Calls ansible-test with the path of every Python, in a home that has what it would download."""

    workspace: Workspace

    @cached_property
    def pythons(self) -> Mapping[str, Path]:
        """The Pythons to test with, by version, oldest first."""
        links = interpreters.link(self._links, self._supported)
        return dict(sorted(links.items(), key=lambda link: int(link[0].partition(".")[2])))

    @property
    def outer(self) -> list[str]:
        """The versions of the oldest and the newest Python."""
        versions = [*self.pythons]
        return [versions[0], versions[-1]]

    @property
    def coverage(self) -> Path:
        """Where it keeps which lines have been run."""
        folder = self.workspace.collection / "tests/output/coverage"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def run(
        self, *arguments: str, targets: Sequence[str] = (), expect: Sequence[str] = (), forbid: Sequence[str] = ()
    ) -> None:
        """Run ansible-test; `targets` are Pythons. CheckFailed: it has failed, or left something out."""
        pip_bootstrap.provide(self.workspace)
        self.workspace.run(
            ["ansible-test", *arguments, self._controller, *(f"--target-python={target}" for target in targets)],
            expect=expect,
            forbid=[*FORBID, *forbid],
            env={"PATH": f"{self._links}:{self.workspace.env['PATH']}"},
        )

    def units(self, versions: Sequence[str], *options: str) -> None:
        """Run the unit tests on these Pythons; a test that is skipped is a failure."""
        self.run(
            *("units", "--color=no", *options),
            targets=[f"venv/{version}@{self.pythons[version]}" for version in versions],
            expect=(r"^=+ .*\d+ passed", *(f"^Unit test .* with Python {version}" for version in versions)),
            forbid=(r"^=+ .*(?:skipped|xfailed|xpassed|no tests ran).*",),
        )

    @property
    def _controller(self) -> str:
        """The Python that Ansible itself runs on, in a virtual environment of ansible-test's own."""
        return f"--controller=origin:python=venv/{OWN}@{self.pythons[OWN]}"

    @property
    def _links(self) -> Path:
        return cache(f"test/{self.workspace.name}/pythons")

    @cached_property
    def _supported(self) -> list[str]:
        constants = "ansible_test._util.target.common.constants"
        question = f"import {constants} as c; print(*c.REMOTE_ONLY_PYTHON_VERSIONS, *c.CONTROLLER_PYTHON_VERSIONS)"
        python = self.workspace.programs / "python"
        return subprocess.run([python, "-c", question], capture_output=True, text=True, check=True).stdout.split()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that are ansible-test: sanity, unit and integration tests, and how much of the code these run."""

from __future__ import annotations

import shutil
from pathlib import Path

from support import debian, engine
from support.checks.ansible_test import OWN, AnsibleTest
from support.checks.workspace import CheckFailed, Workspace
from support.docker_client import DEFAULT_HOST

#: The workspaces of the tests that are counted.
UNITS, INTEGRATION = "units", "integration"

SANITY_TESTS = ("ansible-doc", "pylint", "shellcheck", "validate-modules", "yamllint")


def sanity(workspace: Workspace) -> None:
    """Ansible's own rules, and that everything can be imported, on every Python of this machine."""
    _sanity(workspace, [*AnsibleTest(workspace).pythons])


def sanity_quick(workspace: Workspace) -> None:
    """The same on one Python."""
    _sanity(workspace, [OWN])


def _sanity(workspace: Workspace, versions: list[str]) -> None:
    test = AnsibleTest(workspace)
    if not shutil.which("shellcheck", path=workspace.env["PATH"]):
        raise CheckFailed("shellcheck is missing, which ansible-test would only warn of where there is a script")
    targets = [f"{version}@{test.pythons[version]}" for version in versions]
    imports = [f'^Running sanity test "import" on Python {version}' for version in versions]
    tests = [f'^Running sanity test "{name}"' for name in SANITY_TESTS]
    test.run("sanity", "--color=no", targets=targets, expect=(*imports, *tests))


def units(workspace: Workspace) -> None:
    """The unit tests, on this Python and on the oldest and the newest of this machine."""
    test = AnsibleTest(workspace)
    _erase_coverage(test)
    # Each test has a process of its own, and with --coverage a file of its own: on one Python that is enough.
    test.units([OWN], "--coverage")
    if others := [version for version in test.outer if version != OWN]:
        test.units(others)


def units_quick(workspace: Workspace) -> None:
    """The unit tests on this Python."""
    AnsibleTest(workspace).units([OWN])


def units_between(workspace: Workspace) -> None:
    """The unit tests on the Pythons between those that `ansible-test-units` takes."""
    test = AnsibleTest(workspace)
    between = [version for version in test.pythons if version not in {*test.outer, OWN}]
    if not between:
        raise CheckFailed(f"This machine has no other Python than {', '.join(test.pythons)}.")
    test.units(between)


def integration(workspace: Workspace) -> None:
    """The modules and the role on a real engine."""
    test = AnsibleTest(workspace)
    if engine.ensure().host != DEFAULT_HOST:
        raise CheckFailed("ansible-test does not hand DOCKER_HOST on to the tests: unset it to use this machine's.")
    debian.provide("test", "ssh-keygen", "openssh-client")  # ansible-test wants a key, whatever it tests
    aliases = (workspace.collection / "tests/integration/targets").glob("*/aliases")
    targets = [file.parent.name for file in aliases if "hidden" not in file.read_text(encoding="utf-8").split()]
    _erase_coverage(test)
    test.run(
        *("integration", "--color=no", "--coverage"),
        expect=[f"^Running {target} integration test" for target in targets],
    )


def coverage(workspace: Workspace) -> None:
    """How much of the plugins unit and integration tests have run; the least that is accepted is in pyproject.toml."""
    total = f"--data-file={workspace.root / 'coverage'}"
    counted: list[Path] = []
    for name in (UNITS, INTEGRATION):
        test = AnsibleTest(Workspace(name, workspace.check))
        for stub in test.coverage.glob("coverage=stub-*"):
            stub.unlink()
        # The stubs are of the files that no test has loaded: they count, too.
        test.run("coverage", "combine", "--stub")
        counted += [test.coverage / "coverage", *test.coverage.glob("coverage=stub-*")]
    workspace.run(["coverage", "combine", "--keep", total, *counted])
    workspace.run(["coverage", "report", total, "--include=plugins/*"], expect=["^TOTAL"])


def _erase_coverage(test: AnsibleTest) -> None:
    # The folder has to be there to be erased.
    test.coverage.mkdir(parents=True, exist_ok=True)
    test.run("coverage", "erase")

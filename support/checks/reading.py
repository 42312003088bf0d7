# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that read the code, and do not run it."""

from __future__ import annotations

from support.checks.workspace import Workspace

# What Ansible runs is known by the name that Ansible knows it by; the rest by its path.
PACKAGES = [
    f"--package=ansible_collections.migrate_first.docker.{name}"
    for name in ("plugins", "tests.integration", "tests.unit")
]
PATHS = ("noxfile.py", "support", "tests/fleet", "tests/bench", "examples/shop/demo")


def formatters(workspace: Workspace) -> None:
    """Python: the form."""
    workspace.run(["ruff", "format", "--check", "--diff", "."], expect=[r"^\d\d+ files already formatted"])


def codeqa(workspace: Workspace) -> None:
    """Python: the rules of pyproject.toml."""
    workspace.run(["ruff", "check", "."], expect=["^All checks passed"], forbid=["No Python files found"])


def typing(workspace: Workspace) -> None:
    """Types, strictly: of the plugins, the tests, what supports them, and the demo."""
    mypy = ["mypy", "--config-file=pyproject.toml"]
    expect = [r"^Success: no issues found in \d+ source files"]
    workspace.run([*mypy, *PACKAGES], env={"MYPYPATH": str(workspace.root)}, expect=expect)
    workspace.run([*mypy, *PATHS], expect=expect)


def changelog(workspace: Workspace) -> None:
    """The fragments, and the changelog that was made of them."""
    workspace.run(["antsibull-changelog", "lint"])
    workspace.run(["antsibull-changelog", "lint-changelog-yaml", "changelogs/changelog.yaml"])


def docs_check(workspace: Workspace) -> None:
    """The documentation of the plugins and the role, and whether its links lead somewhere."""
    options = [
        "--plugin-docs",
        "--validate-collection-refs=dependent",
        "--disallow-unknown-collection-refs",
        "--check-extra-docs-refs",
    ]
    workspace.run(["antsibull-docs", "lint-collection-docs", *options, "."])


def ansible_lint(workspace: Workspace) -> None:
    """Roles, playbooks and metadata, by the rules of the profile `production`."""
    expect = r"^Passed: 0 failure\(s\), 0 warning\(s\) in [1-9].* Profile 'production' was required, and it passed"
    workspace.run(
        ["ansible-lint", "--offline", "--strict", "--nocolor"], expect=[expect], forbid=["^WARNING", "^ERROR"]
    )

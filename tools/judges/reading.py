# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges that read the code, and do not run it."""

from __future__ import annotations

from collections.abc import Iterator

from tools.judges.bench import Bench
from tools.judges.step import Step

# What Ansible runs is known by the name that Ansible knows it by; the rest by its path.
PACKAGES = [
    f"--package=ansible_collections.migrate_first.docker.{name}"
    for name in ("plugins", "tests.integration", "tests.unit")
]
FOLDERS = ("tools", "tests/fleet")


def ruff(bench: Bench) -> Iterator[Step]:
    """Python: the rules of pyproject.toml, and the form."""
    yield Step(["ruff", "check", "."], proofs=["^All checks passed"], doubts=["No Python files found"])
    yield Step(["ruff", "format", "--check", "--diff", "."], proofs=[r"^\d\d+ files already formatted"])


def mypy(bench: Bench) -> Iterator[Step]:
    """Types, strictly: of the plugins, the tests and the tools."""
    mypy = ["mypy", "--config-file=pyproject.toml"]
    proofs = [r"^Success: no issues found in \d+ source files"]
    yield Step([*mypy, *PACKAGES], env={"MYPYPATH": str(bench.root)}, proofs=proofs)
    yield Step([*mypy, *(name for name in FOLDERS if (bench.collection / name).is_dir())], proofs=proofs)


def ansible_lint(bench: Bench) -> Iterator[Step]:
    """Roles, playbooks and metadata, by the rules of the profile `production`."""
    proof = r"^Passed: 0 failure\(s\), 0 warning\(s\) in [1-9].* Profile 'production' was required, and it passed"
    yield Step(["ansible-lint", "--offline", "--strict", "--nocolor"], proofs=[proof], doubts=["^WARNING", "^ERROR"])


def changelog(bench: Bench) -> Iterator[Step]:
    """The fragments, and the changelog that was made of them."""
    yield Step(["antsibull-changelog", "lint"])
    yield Step(["antsibull-changelog", "lint-changelog-yaml", "changelogs/changelog.yaml"])


def docs(bench: Bench) -> Iterator[Step]:
    """What the plugins and the role say of themselves, and whether its links lead somewhere."""
    checks = [
        "--plugin-docs",
        "--validate-collection-refs=dependent",
        "--disallow-unknown-collection-refs",
        "--check-extra-docs-refs",
    ]
    yield Step(["antsibull-docs", "lint-collection-docs", *checks, "."])

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the archive that people install."""

from __future__ import annotations

import shutil
from pathlib import Path

from support import environments
from support.cache import cache
from support.checks.workspace import Workspace

IMPORTER_ENVIRONMENT = "environment-galaxy-importer"
IMPORTER_SETTINGS = {
    "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",
    "GALAXY_IMPORTER_RUN_FLAKE8": "true",
    "GALAXY_IMPORTER_RUN_ANSIBLE_TEST": "false",
}
#: Users install none of it.
NOT_PUBLISHED = ("noxfile.py", "Makefile", "support", "tests", "examples/shop/demo", ".ci")


def build_import_check(workspace: Workspace) -> None:
    """The archive, as Galaxy checks it before it is published. galaxy-importer calls every violation a success."""
    importer = environments.folder(IMPORTER_ENVIRONMENT) / "bin"
    archive = _build(workspace)
    workspace.run(
        ["env", "-C", archive.parent, importer / "python", "-m", "galaxy_importer.main", archive],
        env={**IMPORTER_SETTINGS, "PATH": f"{importer}:{workspace.env['PATH']}"},
        expect=["^Importer processing completed successfully"],
        # E203 is what the formatter, and PEP 8 itself, want otherwise. It reads a filter's documentation as Python.
        forbid=[r"^(?:WARNING|ERROR|CRITICAL)(?!.*: E203 |.*\.yml:\d+:\d+: E999 ).*"],
    )


def installation(workspace: Workspace) -> None:
    """The archive, as people install and use it; the dependency comes with the package `ansible`."""
    archive = _build(workspace)
    folder = archive.parent
    workspace.run(
        ["tar", "--list", "--file", archive],
        expect=["^README.md$", "^plugins/modules/"],
        forbid=[rf"^{name}(?:/.*)?$" for name in NOT_PUBLISHED],
    )
    only_there = {"ANSIBLE_COLLECTIONS_PATH": str(folder)}
    workspace.run(
        ["ansible-galaxy", "collection", "install", "--offline", "-p", folder, archive],
        env=only_there,
        expect=["^migrate_first.docker:.* was installed successfully"],
    )
    plugins = (workspace.collection / "plugins/modules").glob("*.py")
    modules = [f"migrate_first.docker.{module.stem}" for module in plugins]
    workspace.run(
        ["ansible-doc", "--type", "module", *modules],
        env=only_there,
        expect=[rf"^> MODULE {module} .*{folder}" for module in modules],
        forbid=["WARNING.*", "ERROR.*"],
    )
    names = [playbook.stem for playbook in (workspace.collection / "playbooks").glob("*.yml")]
    workspace.run(
        ["ansible-playbook", "--syntax-check", *(f"migrate_first.docker.{name}" for name in names)],
        env=only_there,
        expect=[rf"^playbook: {folder}/.*/{name}\.yml" for name in names],
        forbid=["ERROR.*"],
    )


def _build(workspace: Workspace) -> Path:
    """The archive, in a folder that has nothing else."""
    folder = cache(f"test/archives/{workspace.check}")
    shutil.rmtree(folder)
    folder.mkdir()
    workspace.run(
        ["ansible-galaxy", "collection", "build", "--output-path", folder], expect=["^Created collection for"]
    )
    return next(folder.glob("migrate_first-docker-*.tar.gz"))

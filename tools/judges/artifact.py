# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges of what is published: the archive that people install."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tools import environment
from tools.cache import cache
from tools.judges.bench import Bench
from tools.judges.step import Step

IMPORTER_SETTINGS = {
    "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",
    "GALAXY_IMPORTER_RUN_FLAKE8": "true",
    "GALAXY_IMPORTER_RUN_ANSIBLE_TEST": "false",
}


def galaxy_importer(bench: Bench) -> Iterator[Step]:
    """The archive, as Galaxy checks it before it is published. It calls every violation a success."""
    # E203 is what the formatter, and PEP 8 itself, want otherwise.
    importer = environment.ensure("galaxy-importer") / "bin"
    folder = _empty_folder("test/import")
    yield _build(folder)
    yield Step(
        ["env", "-C", folder, importer / "python", "-m", "galaxy_importer.main", _archive_in(folder)],
        env={**IMPORTER_SETTINGS, "PATH": f"{importer}:{bench.env['PATH']}"},
        proofs=["^Importer processing completed successfully"],
        doubts=["^(?:WARNING|ERROR|CRITICAL)(?!.*: E203 ).*"],
    )


def installation(bench: Bench) -> Iterator[Step]:
    """The archive, as people install and use it; the dependency comes with the package `ansible`."""
    folder = _empty_folder("test/install")
    yield _build(folder)
    only_there = {"ANSIBLE_COLLECTIONS_PATH": str(folder)}
    yield Step(
        ["ansible-galaxy", "collection", "install", "--offline", "-p", folder, _archive_in(folder)],
        env=only_there,
        proofs=["^migrate_first.docker:.* was installed successfully"],
    )
    modules = [f"migrate_first.docker.{module.stem}" for module in (bench.collection / "plugins/modules").glob("*.py")]
    yield Step(
        ["ansible-doc", "--type", "module", *modules],
        env=only_there,
        proofs=[rf"^> MODULE {module} .*{folder}" for module in modules],
        doubts=["WARNING.*", "ERROR.*"],
    )
    names = [playbook.stem for playbook in (bench.collection / "playbooks").glob("*.yml")]
    yield Step(
        ["ansible-playbook", "--syntax-check", *(f"migrate_first.docker.{name}" for name in names)],
        env=only_there,
        proofs=[rf"^playbook: {folder}/.*/{name}\.yml" for name in names],
        doubts=["ERROR.*"],
    )


def _build(folder: Path) -> Step:
    return Step(["ansible-galaxy", "collection", "build", "--output-path", folder], proofs=["^Created collection for"])


def _archive_in(folder: Path) -> Path:
    return next(folder.glob("migrate_first-docker-*.tar.gz"))


def _empty_folder(name: str) -> Path:
    shutil.rmtree(cache(name))
    return cache(name)

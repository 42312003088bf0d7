# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a check works: a copy of the checkout, a home folder, and the programs of the environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support import environments
from support.cache import cache, locked, root
from support.checks import command, work_tree
from support.checks.command import CheckedCommand

#: A developer's own settings of these tools would have other results.
SETTINGS_OF_OTHERS = ("ANSIBLE_", "COVERAGE_", "GIT_", "MOLECULE_", "MYPY", "PYTEST_", "PYTHON", "RUFF_", "VIRTUAL_ENV")

#: Set where the copies of the checkout have been made, and must stay as they are.
PREPARED = "MIGRATE_FIRST_PREPARED"


class CheckFailed(Exception):
    """Why a check has failed, in a few words; the output has been printed."""


@dataclass(frozen=True)
class Workspace:
    """The folders of one check. Checks that run at the same time have workspaces with different names."""

    name: str
    check: str

    @classmethod
    @contextmanager
    def prepared(cls, name: str, check: str) -> Iterator[Workspace]:
        """The workspace of that name for this check alone, with a present copy of the checkout."""
        workspace = cls(name, check)
        with locked(workspace.root):
            if not os.environ.get(PREPARED):
                workspace.update()
            shutil.rmtree(workspace.logs)
            yield workspace

    def update(self) -> None:
        """Copy the checkout."""
        work_tree.update(self.root, environments.folder())

    @property
    def root(self) -> Path:
        """The folder to name in ANSIBLE_COLLECTIONS_PATH."""
        return cache(f"test/{self.name}")

    @property
    def collection(self) -> Path:
        """The copy of the checkout."""
        return self.root / "ansible_collections" / work_tree.COLLECTION

    @property
    def home(self) -> Path:
        """A home folder that only checks use."""
        return cache(f"test/{self.name}/home")

    @property
    def logs(self) -> Path:
        """What the commands of this check print, numbered."""
        return cache(f"test/logs/{self.check}")

    @property
    def programs(self) -> Path:
        """The folder of the programs."""
        return environments.folder() / "bin"

    @property
    def env(self) -> dict[str, str]:
        """The variables that every command runs with."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(SETTINGS_OF_OTHERS)}
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": f"{self.programs}:{os.environ.get('PATH', os.defpath)}",
            "ANSIBLE_COLLECTIONS_PATH": str(self.root),
            "ANSIBLE_NOCOLOR": "1",
            "NO_COLOR": "1",
            # The home is not the user's, and fleets are kept where the user's commands find them.
            "MIGRATE_FIRST_CACHE": str(root()),
        }

    def run(
        self,
        words: Sequence[str | Path],
        *,
        expect: Sequence[str] = (),
        forbid: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Run a command in the copy of the checkout. CheckFailed: it has failed, or did not do what it should."""
        log = self.logs / f"{len(list(self.logs.iterdir())) + 1}.log"
        outcome = command.run(CheckedCommand(words, expect, forbid), self.collection, {**self.env, **(env or {})}, log)
        if outcome.fault:
            print(outcome.output, flush=True)
            raise CheckFailed(f"{Path(words[0]).name} {outcome.fault}")

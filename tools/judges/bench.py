# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the judges work: an environment of tools, and a copy of the checkout where Ansible looks for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools import environment, tree
from tools.cache import cache

# A developer's own settings of these tools would make another verdict.
OTHERS = ("ANSIBLE_", "COVERAGE_", "GIT_", "MOLECULE_", "MYPY", "PYTEST_", "PYTHON", "RUFF_", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Bench:
    """The folders and settings that the judges share."""

    root: Path

    @classmethod
    def prepare(cls) -> Bench:
        """Make the environment and the copy."""
        return cls(tree.ensure("test"))

    @cached_property
    def tools(self) -> Path:
        """The folder of the programs."""
        return environment.ensure("test") / "bin"

    @property
    def collection(self) -> Path:
        """The copy of the checkout."""
        return self.root / "ansible_collections" / tree.COLLECTION

    @property
    def home(self) -> Path:
        """A home folder that only the judges use."""
        return cache("test/home")

    @property
    def env(self) -> dict[str, str]:
        """The settings that every judge runs with."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(OTHERS)}
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": f"{self.tools}:{os.environ.get('PATH', os.defpath)}",
            "ANSIBLE_COLLECTIONS_PATH": str(self.root),
            "ANSIBLE_NOCOLOR": "1",
            "NO_COLOR": "1",
        }

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge that rolls out on a fleet of hosts over SSH."""

from __future__ import annotations

from collections.abc import Iterator

from tools import debian, engine
from tools.cache import root
from tools.judges.bench import Bench
from tools.judges.step import Step

# The fleet's own tests (test_fleet.py) are for those who change the fleet: they take another three minutes.
TESTS = ("test_rollout.py", "test_images.py", "test_bad_input.py")


def fleet(_bench: Bench) -> Iterator[Step]:
    """Releases on three hosts over SSH: as they go well, as they stop, and what people get wrong."""
    engine.ensure()
    debian.provide("test", "ssh", "openssh-client")
    yield Step(
        ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"tests/fleet/{name}" for name in TESTS)],
        proofs=[r"^\d\d+ passed"],
        doubts=[r"^\d.*(?:skipped|xfailed|xpassed|deselected).*"],
        # The judges' home is not the user's, and fleets are kept where the user's commands find them.
        env={"MIGRATE_FIRST_CACHE": str(root())},
    )

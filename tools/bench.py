# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make bench-…`: runs one of the measurements of tests/bench, in the judges' environment."""

from __future__ import annotations

import subprocess
import sys

from tools import engine
from tools.cache import cache, locked, root
from tools.judges.bench import Bench
from tools.process import Command


def run(name: str, *arguments: str) -> int:
    """Run the measurement of that name. The exit status is its own."""
    with locked(cache("test/home")):
        bench = Bench.prepare()
        engine.ensure()
        command: Command = [bench.tools / "python", "-m", f"tests.bench.{name}", *arguments]
        env = {**bench.env, "MIGRATE_FIRST_CACHE": str(root())}
        return subprocess.run(command, cwd=bench.collection, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))

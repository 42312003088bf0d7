# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make once`, `make serving`: all cases of one kind on a fleet of hosts; CASES chooses some by name.

What has passed on this very code is not played again, so that a run that was interrupted goes on where it was.
"""

from __future__ import annotations

import signal
import subprocess
import sys

from tools import debian, engine
from tools.cache import cache, locked, root
from tools.judges.bench import Bench

#: What pytest ends with where it was given no test to run.
NOTHING_LEFT = 5


def play(kind: str, names: list[str]) -> int:
    """Play the cases of tests/fleet/KIND whose names have one of these words, or all.

    The exit status is pytest's, 0 where nothing is left.
    """
    with locked(cache("test/home")):
        bench = Bench.prepare()
        memory = cache(kind) / "passed.json"
        engine.ensure()
        debian.provide("test", "ssh", "openssh-client")
        debian.provide("test", "faketime", "faketime")
        chosen = ["-k", " or ".join(names)] if names else ["-p", "tests.fleet.memory"]
        command = ["-m", "pytest", "-v", "-p", "no:cacheprovider", *chosen, f"tests/fleet/{kind}"]
        env = {**bench.env, "MIGRATE_FIRST_CACHE": str(root()), "MIGRATE_FIRST_MEMORY": str(memory)}
        status = subprocess.run([bench.tools / "python", *command], cwd=bench.collection, env=env, check=False)
    if status.returncode == NOTHING_LEFT and not names:
        print(f"All cases have passed on this very code. To play them again, remove {memory}.", flush=True)
        return 0
    return status.returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(play(sys.argv[1], sys.argv[2:]))

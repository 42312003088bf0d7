# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask the judges: `python3 -m tools.judges [NAME …]`, all of them by default."""

from __future__ import annotations

import inspect
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.cache import cache, locked
from tools.judges import ansible_test, artifact, fleet, reading, step
from tools.judges.bench import Bench

Judge = Callable[[Bench], Iterator[step.Step]]

# Those that take longest come last; `coverage` counts what `units` and `integration` ran.
JUDGES: tuple[Judge, ...] = (
    reading.ruff,
    reading.mypy,
    reading.changelog,
    reading.ansible_lint,
    reading.docs,
    artifact.installation,
    artifact.galaxy_importer,
    ansible_test.sanity,
    ansible_test.units,
    ansible_test.integration,
    ansible_test.coverage,
    fleet.fleet,
)

# Asked by name alone: they take much time, and find little that the others do not.
ON_DEMAND: tuple[Judge, ...] = (ansible_test.units_between,)


@dataclass(frozen=True)
class Verdict:
    """What a judge found, and in how many seconds. No fault: passed."""

    name: str
    seconds: float
    fault: str | None

    def __str__(self) -> str:
        return f"{self.name:<16} {self.seconds:6.1f} s  {'failed: ' + self.fault if self.fault else 'ok'}"


def main(names: list[str]) -> int:
    """Ask the judges of those names, or all. The exit status: 0 where all passed."""
    judges = (*JUDGES, *ON_DEMAND)
    if unknown := set(names) - {_name(judge) for judge in judges}:
        print(f"There is no judge named {', '.join(sorted(unknown))}. There are:", file=sys.stderr)
        print(*(f"  {_name(judge):<16} {inspect.getdoc(judge)}" for judge in judges), sep="\n", file=sys.stderr)
        return 2
    with locked(cache("test/home")):
        bench = Bench.prepare()
        verdicts = [_ask(judge, bench) for judge in _asked(names)]
    failed = sum(verdict.fault is not None for verdict in verdicts)
    print("", *verdicts, "", f"{len(verdicts) - failed} passed, {failed} failed", sep="\n", flush=True)
    return 1 if failed else 0


def _asked(names: list[str]) -> list[Judge]:
    return [judge for judge in (*JUDGES, *ON_DEMAND) if (_name(judge) in names if names else judge in JUDGES)]


def _ask(judge: Judge, bench: Bench) -> Verdict:
    name = _name(judge)
    print(f"\n== {name}: {inspect.getdoc(judge)}", flush=True)
    start = time.monotonic()
    fault = _fault(judge, bench)
    verdict = Verdict(name, time.monotonic() - start, fault)
    print(verdict, flush=True)
    return verdict


def _fault(judge: Judge, bench: Bench) -> str | None:
    shutil.rmtree(cache(f"test/logs/{_name(judge)}"))
    logs = cache(f"test/logs/{_name(judge)}")
    try:
        for number, next_step in enumerate(judge(bench), start=1):
            outcome = step.run(next_step, bench.collection, bench.env, logs / f"{number}.log")
            if outcome.fault:
                print(outcome.output, flush=True)
                return f"{next_step.command[0]} {outcome.fault}"
    except SystemExit as obstacle:
        print(obstacle, flush=True)
        return str(obstacle).partition("\n")[0]
    return None


def _name(judge: Judge) -> str:
    return judge.__name__.replace("_", "-")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. What the integration tests had on the engine has a name that begins with mf-test-.")

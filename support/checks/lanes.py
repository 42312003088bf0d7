# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run checks in lanes: those of one lane one after another, and the lanes at the same time, since most checks wait."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from support.cache import CHECKOUT
from support.checks.workspace import PREPARED

#: How a check says in its last line why it has failed.
FAILED = "failed: "

SECONDS_TO_END = 60

Lane = Sequence[str]


@dataclass(frozen=True)
class Result:
    """How a check has ended, and in how many seconds."""

    check: str
    seconds: float
    fault: str | None

    def __str__(self) -> str:
        return f"{self.check:<28} {self.seconds:6.1f} s  {f'{FAILED}{self.fault}' if self.fault else 'ok'}"


@dataclass
class Lanes:
    """Checks that run. What a check prints is shown in one piece, when it has ended."""

    results: list[Result] = field(default_factory=list)
    _running: set[subprocess.Popen[str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _interrupted: bool = False

    def run(self, lanes: Sequence[Lane]) -> None:
        """Run all checks to their end, whatever fails; an interruption ends those that run."""
        with ThreadPoolExecutor(max_workers=max(1, len(lanes))) as pool:
            futures = [pool.submit(self._run_lane, lane) for lane in lanes]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                self._interrupt()
                raise

    def _run_lane(self, lane: Lane) -> None:
        for check in lane:
            if not self._interrupted:
                self._run_check(check)

    def _run_check(self, check: str) -> None:
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "nox", "--no-install", "--reuse-venv=always", "--session", check],
            cwd=CHECKOUT,
            env={**os.environ, PREPARED: "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        with self._lock:
            self._running.add(process)
            print(f"Running {check} …", flush=True)
        output = process.communicate()[0]
        with self._lock:
            self._running.discard(process)
            result = Result(check, time.monotonic() - start, _fault(process.returncode, output))
            self.results.append(result)
            print(f"\n== {check}\n{output.strip()}\n{result}", flush=True)

    def _interrupt(self) -> None:
        """End the checks that run, and start no other."""
        self._interrupted = True
        with self._lock:
            running = list(self._running)
        for process in running:
            os.killpg(process.pid, signal.SIGTERM)  # SIGINT may be ignored, which children inherit
        for process in running:
            process.wait(SECONDS_TO_END)


def _fault(status: int, output: str) -> str | None:
    """The last line that says why; the exit status where there is none."""
    if not status:
        return None
    reasons = [re.sub(r"(?: \(took .*\))?\.?$", "", it) for it in re.findall(f"{FAILED}(.*)", output)]
    return reasons[-1] if reasons else f"ended with {status}"

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy of the engine's socket on hosts of a fleet, where it kills or holds the module that a play has sent there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.fleet.nodes import Node, run_in
from support.parallel import in_parallel
from support.waiting import wait_until
from tests.fleet.serving import engine_proxy
from tests.fleet.serving.engine_proxy import AFTER, ENGINE

SOCKET = "/run/engine-proxy"

#: What the replicas are rolled out with; the migration goes past the proxy, and is not counted.
VARIABLES: dict[str, Any] = {
    "rollout_docker": {"docker_host": f"unix://{SOCKET}"},
    "rollout_migration_docker": {"docker_host": f"unix://{ENGINE}"},
}

START = f"""
printf %s "$1" >{SOCKET}.py
setsid python3 {SOCKET}.py {SOCKET} "$2" "$3" >{SOCKET}.log 2>&1 </dev/null &
echo $! >{SOCKET}.pid
until grep -q listening {SOCKET}.log; do sleep 0.05; done
"""
STOP = f"kill $(cat {SOCKET}.pid); rm -f {SOCKET} {SOCKET}.*"


@contextmanager
def proxies(hosts: Sequence[Node], *numbers: int, moment: str = AFTER) -> Iterator[None]:
    """On each of the hosts the module is killed or held at its change of that number, one for all or one for each."""
    program = Path(engine_proxy.__file__).read_text(encoding="utf-8")
    at = dict(zip(hosts, itertools.cycle(numbers), strict=False))
    try:
        in_parallel(lambda host: run_in(host, START, program, str(at[host]), moment), hosts)
        yield
    finally:
        in_parallel(lambda host: run_in(host, STOP), hosts)


def reached(hosts: Sequence[Node]) -> None:
    """Wait until the module was killed, or is held, on each of the hosts."""
    wait_until(
        lambda: all(in_parallel(_has_reached, hosts)), "No module has come to its change on one of the hosts", 120
    )


def go_on(hosts: Sequence[Node]) -> None:
    """Let what is held go on."""
    in_parallel(lambda host: run_in(host, f"kill -USR1 $(cat {SOCKET}.pid)"), hosts)


def _has_reached(host: Node) -> bool:
    return " at " in run_in(host, f"cat {SOCKET}.log")

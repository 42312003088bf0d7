# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold after every play, whatever was done to it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime

from support import docker_client
from support.fleet import Fleet
from tests.fleet import playing
from tests.fleet.once.journal import Run, runs

#: Hundredths of a second are what the kernel tells of its uptime.
CLOCK = 0.05


class Broken(AssertionError):
    """A promise was broken; the message says which one."""


def kept(fleet: Fleet, *, successes: int = 1) -> list[Run]:
    """Return all runs; raise Broken where a promise was not kept. `successes` are those that one version may have."""
    found = runs(fleet)
    _once(found, successes)
    _never_two_at_a_time(found)
    _first(fleet, found)
    return found


def replicas(fleet: Fleet) -> list[list[str]]:
    """The versions of the replicas on each host."""
    versions = {_image_id(version): version for version in ("1", "2")}
    return [[versions[it.image] for it in host.replicas()] for host in playing.look(fleet)]


def _once(found: Sequence[Run], most: int) -> None:
    for version in {run.version for run in found}:
        successes = [run for run in found if run.version == version and run.succeeded]
        if len(successes) > most:
            raise Broken(f"once: version {version} has succeeded {len(successes)} times: {found}")


def _never_two_at_a_time(found: Sequence[Run]) -> None:
    for earlier, later in itertools.pairwise(found):
        if earlier.end is not None and earlier.end > later.begin + CLOCK:
            raise Broken(f"once: two at the same time: {earlier} {later}")


def _first(fleet: Fleet, found: Sequence[Run]) -> None:
    """No replica is older than the first success of its version."""
    versions = {_image_id(version): version for version in ("1", "2")}
    for host in playing.look(fleet):
        for replica in host.replicas():
            version = versions[replica.image]
            ends = [run.end for run in found if run.version == version and run.succeeded and run.end]
            if not ends or _moment(replica.created) < min(ends) - CLOCK:
                raise Broken(f"first: {replica.name} on {host.name} is older than the success of {version}: {found}")


def _image_id(version: str) -> str:
    return str(docker_client.image_id(f"{playing.REPOSITORY}:{version}"))


def _moment(text: str) -> float:
    """Cut the engine's nanoseconds to what can be read."""
    whole, _dot, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6] or '0'}+00:00").timestamp()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tracks go at the same time, and which one after the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .._engine.interface import HostPort
from .operations import Stage, Track


class Impossible(Exception):
    """There is no way to what is wanted that keeps the promises; the message says why."""


def schedule(tracks: Iterable[Track], parallelism: int) -> tuple[Stage, ...]:
    """
    Return the tracks in stages.

    What interrupts nothing goes at once, and before all that does; of the rest, ``parallelism`` go
    at a time. A track that needs a port of the host waits for the one that frees it; raises
    Impossible where they wait for one another.
    """
    remaining = list(tracks)
    stages: list[Stage] = []
    while remaining:
        ready = [track for track in remaining if not _waits(track, remaining)]
        if not ready:
            ports = sorted({str(port) for track in remaining for port in track.needs})
            names = ", ".join(track.name for track in remaining)
            raise Impossible(
                f"{names} would have to swap their ports of the host ({', '.join(ports)}) at the same moment: give other "
                "ports, or take them away first (state: absent)"
            )
        stage = [track for track in ready if not track.interrupts] or ready[:parallelism]
        stages.append(tuple(stage))
        remaining = [track for track in remaining if track not in stage]
    return tuple(stages)


def _waits(track: Track, others: Sequence[Track]) -> bool:
    return any(overlap(track.needs, other.frees) for other in others if other is not track)


def overlap(some: Iterable[HostPort], others: Sequence[HostPort]) -> bool:
    """Return whether a port of the one is a port of the other."""
    return any(one.overlaps(other) for one in some for other in others)

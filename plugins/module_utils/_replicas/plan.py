# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the containers that are there to the replicas that are wanted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .._engine.interface import HostPort
from .operations import REMOVED, Remove, Stage, Track, discarded, put_aside
from .order import order_of
from .policy import UpdatePolicy
from .recovery import recovery
from .replacement import towards
from .schedule import overlap, schedule
from .slots import Slot


@dataclass(frozen=True)
class Plan:
    """
    Stages that go one after the other.

    ``clearing`` comes last, and removes what is not needed any more: from there is no way back. With
    ``again`` the stages only bring to an end what was left half-way, as well as they can, and all is to be looked at
    and planned anew after them.
    """

    stages: tuple[Stage, ...] = ()
    clearing: Stage = ()
    again: bool = False

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Return all tracks, those of each stage after those of the stage before it."""
        return tuple(track for stage in (*self.stages, self.clearing) for track in stage)

    @property
    def idle(self) -> bool:
        """Return whether there is nothing to do, and nothing to wait for."""
        return not self.again and not self.tracks

    @property
    def changes(self) -> bool:
        """Return whether something is done, and not only awaited."""
        return self.again or any(track.changes for track in self.tracks)


def plan(places: Sequence[Slot], now: datetime, policy: UpdatePolicy) -> Plan:
    """
    Return the way to what is wanted in these places.

    What is missing comes first, so that there is more before there is less; then what is
    replaced, ``parallelism`` at a time; what is over the count goes last, and with it what was replaced, so
    that until then there is a way back. Raises Impossible.
    """
    order = order_of(places, policy)
    half_way = [track for slot in places for track in [recovery(slot, now, policy)] if track]
    if half_way:
        return Plan(schedule(half_way, len(half_way)), again=True)
    needed = tuple(port for slot in places if slot.wanted for port in slot.wanted.host_ports)
    tracks = [towards(slot, order, now, policy) if slot.wanted else _out_of_the_way(slot, needed) for slot in places]
    stages = schedule([track for track in tracks if track.operations], policy.parallelism)
    return Plan(stages, tuple(_clearing(places)))


def _out_of_the_way(slot: Slot, needed: Sequence[HostPort]) -> Track:
    """Return what stops those over the count whose ports of the host others are to have."""
    those = [it for it in slot.containers if it.running and overlap(it.host_ports, needed)]
    ports = tuple(port for it in those for port in it.host_ports)
    return Track(slot.name, REMOVED, tuple(op for it in those for op in put_aside(it)), frees=ports, interrupts=True)


def _clearing(places: Sequence[Slot]) -> Iterator[Track]:
    for slot in places:
        if slot.wanted is None:
            operations = tuple(operation for it in slot.containers for operation in discarded(it))
        else:
            # By then the last one that fits serves, or else one that was created for it; all others were stopped.
            stays = slot.newcomer or (slot.current if slot.current and slot.fits(slot.current) else None)
            operations = tuple(Remove(it.id) for it in slot.containers if it is not stays)
        if operations:
            yield Track(slot.name, REMOVED if slot.wanted is None else "", operations)

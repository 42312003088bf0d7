# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back after an update that has failed, to what ran on the host before it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from .drain import drained
from .health import healthy
from .operations import REMOVED, RESTORED, Await, Stage, Track, discarded, restart_policy, start
from .order import obstacle
from .policy import START_FIRST, STOP_FIRST, UpdatePolicy
from .recovery import undo
from .schedule import schedule
from .slots import Slot


def way_back(
    places: Sequence[Slot], now: datetime, policy: UpdatePolicy, touched: Collection[str]
) -> tuple[Stage, ...]:
    """
    Return the stages of the way back.

    ``touched`` are the containers that the update has created or stopped. What does not serve now is restored
    first, and what does as it was replaced, ``parallelism`` at a time.
    """
    return schedule(_tracks(places, now, policy, touched), policy.parallelism)


def _tracks(places: Sequence[Slot], now: datetime, policy: UpdatePolicy, touched: Collection[str]) -> Iterator[Track]:
    for slot in places:
        if slot.wanted is None:
            yield from _started_again(slot, touched)
        elif slot.newcomer or slot.previous:
            serves = slot.current is not None and slot.previous is not None and healthy(slot.current, now, policy)
            yield replace(_undone(slot, policy) if serves else undo(slot), interrupts=serves)
        elif slot.current and slot.current.id in touched:
            yield Track(slot.name, REMOVED, discarded(slot.current), frees=slot.current.host_ports)


def _started_again(slot: Slot, touched: Collection[str]) -> Iterator[Track]:
    """Yield what brings back those over the count that had to make room."""
    for it in slot.containers:
        if it.id in touched:
            steps = (*restart_policy(it, slot.meant(it)), *start(it), Await(it.id))
            yield Track(slot.name, RESTORED, steps, it.host_ports)


def _undone(slot: Slot, policy: UpdatePolicy) -> Track:
    """Return the way back of a new one that serves: with the old one beside it first, where the two can be."""
    wanted, old = slot.wanted, slot.previous
    if policy.order == STOP_FIRST or not wanted or not old or obstacle(wanted, old):
        return undo(slot)
    return undo(slot, START_FIRST, drained(wanted, policy))

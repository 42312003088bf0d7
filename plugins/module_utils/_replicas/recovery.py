# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Back from half-way: the replacement of a replica undone, whatever point it had reached. Pure."""

from __future__ import annotations

from datetime import datetime

from .._engine.interface import Container
from .health import healthy
from .operations import (
    REMOVED,
    RESTORED,
    Await,
    Drain,
    Operation,
    Remove,
    Rename,
    Track,
    discarded,
    put_aside,
    restart_policy,
    start,
)
from .policy import START_FIRST, STOP_FIRST, UpdatePolicy
from .slots import NEW, Slot


def recovery(slot: Slot, now: datetime, policy: UpdatePolicy) -> Track | None:
    """
    Return what brings a place that was left half-way to where the plan can begin; None where it can.

    A replacement that is under way to what is wanted now goes on from where it is, and is none of this.
    """
    current, newcomer, previous = slot.current, slot.newcomer, slot.previous
    if slot.wanted is None:
        return None
    if newcomer and current and previous:
        return _without(slot, newcomer)
    if newcomer:
        return None if _usable(slot, newcomer) else undo(slot)
    if not previous or (current and _usable(slot, current)):
        return None
    # What has come up and serves is not taken away for what served before it.
    if current and healthy(current, now, policy):
        return _without(slot, previous)
    return undo(slot)


def undo(slot: Slot, order: str = STOP_FIRST, drain: tuple[Drain, ...] = ()) -> Track:
    """
    Return what takes the new one of a place away, and has run again what ran before.

    With start_first the new one is not stopped before the old one is healthy. It is removed after the old one has its
    restart policy again, which it may be the only one to know.
    """
    new, old = _new_and_old(slot)
    if old is None:
        return Track(slot.name, REMOVED, discarded(new) if new else (), frees=new.host_ports if new else ())
    policy, started = restart_policy(old, slot.meant(old)), start(old)
    named = () if old is slot.current else (Rename(old.id, slot.name),)
    needs = () if old.running else old.host_ports
    if new is None:
        return Track(slot.name, RESTORED, (*named, *policy, *started, Await(old.id)), needs)
    if new is slot.current:
        named = (Rename(new.id, slot.name + NEW), *named)
    steps: tuple[Operation, ...]
    if order == START_FIRST:
        steps = (*policy, *started, Await(old.id), *named, *drain, *put_aside(new), Remove(new.id))
    else:
        # Removed before the old one is started: if that does not come up either, nothing is left half-way.
        steps = (*put_aside(new), *named, *policy, Remove(new.id), *started, *(Await(old.id) for _start in started))
    return Track(slot.name, RESTORED, steps, needs, new.host_ports)


def _new_and_old(slot: Slot) -> tuple[Container | None, Container | None]:
    if slot.newcomer:
        return slot.newcomer, slot.current or slot.previous
    return slot.current, slot.previous


def _usable(slot: Slot, container: Container) -> bool:
    """Return whether it is what is wanted, and has not ended already."""
    return slot.fits(container) and container.state in ("created", "running")


def _without(slot: Slot, container: Container) -> Track:
    return Track(slot.name, REMOVED, discarded(container), frees=container.host_ports)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans how replacements are undone: one that was interrupted, or all of an update that has failed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from .._engine.interface import Container
from .health import healthy
from .model import STOP_FIRST, UpdatePolicy
from .operations import (
    Operations,
    Remove,
    Rename,
    WaitUntilHealthy,
    removal_operations,
    restart_policy_operations,
    start_operations,
    stop_operations,
    with_cause,
)
from .order import drain_operations, obstacle
from .plan import REMOVED, RESTORED, Plan, Track, schedule
from .slots import NEW, Slot, names_of

INTERRUPTED, ROLLBACK = "interrupted", "rollback"


def plan_recovery(slot: Slot, now: datetime, policy: UpdatePolicy) -> Track | None:
    """
    Return what brings a slot whose replacement was interrupted to where a plan can begin; None where it is there.

    A replacement that leads to what is wanted now goes on from where it is, and is none of this.
    """
    current, newcomer, previous = slot.current, slot.newcomer, slot.previous
    if slot.wanted is None:
        return None
    if newcomer and current and previous:
        return _removal(slot, newcomer, INTERRUPTED)
    if newcomer:
        return None if _usable(slot, newcomer) else plan_undo(slot, INTERRUPTED)
    if not previous or (current and _usable(slot, current)):
        return None
    # What has become healthy and serves is not taken away for what served before it.
    if current and healthy(current, now, policy):
        return _removal(slot, previous, INTERRUPTED)
    return plan_undo(slot, INTERRUPTED)


def plan_rollback(slots: Sequence[Slot], now: datetime, policy: UpdatePolicy, touched: Collection[str]) -> Plan:
    """
    Return the plan that restores what ran on the host before the update.

    ``touched`` are the containers that the update has created or stopped. What does not serve now is restored
    first, and what does as it was replaced, ``parallelism`` at a time.
    """
    return Plan(schedule(_rollback_tracks(slots, now, policy, touched), policy.parallelism), names=names_of(slots))


def plan_undo(slot: Slot, cause: str, policy: UpdatePolicy | None = None) -> Track:
    """
    Return what removes the new container of a slot, and runs the old one again.

    With a policy the new one serves while the old one starts: it is not stopped before the old one is healthy. It is
    removed after the old one has its restart policy again, which it may be the only one to know.
    """
    new, old = (slot.newcomer, slot.current or slot.previous) if slot.newcomer else (slot.current, slot.previous)
    if old is None:
        return _removal(slot, new, cause) if new else Track(slot.name, REMOVED, ())
    restart_policy = restart_policy_operations(old, slot.restart_policy_of(old))
    start, wait = start_operations(old), WaitUntilHealthy(old.id)
    names: Operations = () if old is slot.current else (Rename(old.id, slot.name),)
    needs = () if old.running else old.host_ports
    if new is None:
        steps = (*names, *restart_policy, *start, wait)
        return Track(slot.name, RESTORED, with_cause(cause, steps), needs)
    if new is slot.current:
        names = (Rename(new.id, slot.name + NEW), *names)
    if policy and slot.wanted:
        drain = drain_operations(slot.wanted, new, policy)
        steps = (*restart_policy, *start, wait, *names, *drain, *stop_operations(new), Remove(new.id))
    else:
        # Removed before the old one is started: if that does not become healthy either, nothing is left half-done.
        waits = (wait,) if start else ()
        steps = (*stop_operations(new), *names, *restart_policy, Remove(new.id), *start, *waits)
    return Track(slot.name, RESTORED, with_cause(cause, steps), needs, new.host_ports)


def _rollback_tracks(
    slots: Sequence[Slot], now: datetime, policy: UpdatePolicy, touched: Collection[str]
) -> Iterator[Track]:
    for slot in slots:
        if slot.wanted is None:
            yield from _restarts(slot, touched)
        elif slot.newcomer or slot.previous:
            serves = slot.current is not None and slot.previous is not None and healthy(slot.current, now, policy)
            beside = serves and _can_serve_beside(slot, policy)
            yield replace(plan_undo(slot, ROLLBACK, policy if beside else None), interrupts=serves)
        elif slot.current and slot.current.id in touched:
            yield _removal(slot, slot.current, ROLLBACK)


def _restarts(slot: Slot, touched: Collection[str]) -> Iterator[Track]:
    """Yield what runs those over the count again that had to make room."""
    for it in slot.containers:
        if it.id in touched:
            policy = restart_policy_operations(it, slot.restart_policy_of(it))
            steps = (*policy, *start_operations(it), WaitUntilHealthy(it.id))
            yield Track(slot.name, RESTORED, with_cause(ROLLBACK, steps), it.host_ports)


def _can_serve_beside(slot: Slot, policy: UpdatePolicy) -> bool:
    """Return whether the old one can start while the new one serves."""
    wanted, old = slot.wanted, slot.previous
    return policy.order != STOP_FIRST and bool(wanted and old and not obstacle(wanted, old))


def _usable(slot: Slot, container: Container) -> bool:
    """Return whether it is what is wanted, and has not ended already."""
    return slot.fits(container) and container.state in ("created", "running")


def _removal(slot: Slot, container: Container, cause: str) -> Track:
    return Track(slot.name, REMOVED, with_cause(cause, removal_operations(container)), frees=container.host_ports)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans how the containers that are there become the replicas that are wanted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .._engine.interface import Container, HostPort, RestartPolicy
from .._preflight.port_ranges import overlap
from .health import healthy
from .model import START_FIRST, Replica, UpdatePolicy
from .operations import (
    CREATED,
    Create,
    Operations,
    Remove,
    Rename,
    SetRestartPolicy,
    Start,
    WaitUntilHealthy,
    removal_operations,
    restart_policy_operations,
    start_operations,
    stop_operations,
    with_cause,
)
from .order import drain_operations, order_of
from .plan import KEPT, MADE, REMOVED, REPLACED, STARTED, Plan, Stage, Track, schedule
from .rollback import plan_recovery
from .slots import NEW, OLD, Slot, names_of

OVER_THE_COUNT = "over the count"


def plan(slots: Sequence[Slot], now: datetime, policy: UpdatePolicy) -> Plan:
    """
    Return the plan that leads to what is wanted in these slots.

    What is missing comes first, so that there is more before there is less; then what is
    replaced, ``parallelism`` at a time. What is over the count goes last, and with it what was replaced, so
    that until then a rollback is possible. Raises Impossible.
    """
    order = order_of(slots, policy)
    recoveries = [track for track in (plan_recovery(slot, now, policy) for slot in slots) if track]
    if recoveries:
        return Plan(schedule(recoveries, len(recoveries)), replan=True, names=names_of(slots))
    needed = tuple(port for slot in slots if slot.wanted for port in slot.wanted.host_ports)
    tracks = [plan_replica(slot, order, now, policy) if slot.wanted else _make_room(slot, needed) for slot in slots]
    stages = schedule([track for track in tracks if track.operations], policy.parallelism)
    return Plan(stages, _cleanup(slots), names=names_of(slots))


def plan_replica(slot: Slot, order: str, now: datetime, policy: UpdatePolicy) -> Track:
    """Return what makes one slot as it is wanted; nothing was interrupted there, or it can go on from where it is."""
    replica, current, newcomer = slot.wanted, slot.current, slot.newcomer
    if replica is None:
        return Track(slot.name, KEPT, ())
    if current and (newcomer or not slot.fits(current)):
        return _replacement(slot, replica, current, order, policy)
    container = newcomer or current
    if container is None:
        return _creation(slot, replica)
    rename: Operations = (Rename(container.id, slot.name),) if newcomer else ()
    wait: Operations = () if healthy(container, now, policy) else (WaitUntilHealthy(container.id),)
    operations = (*rename, *start_operations(container), *wait, *_restart_policy(replica, container))
    cause = "interrupted" if newcomer else _cause_for_current(container, wait)
    needs = () if container.running else replica.host_ports
    if slot.previous:
        stop = stop_operations(slot.previous)
        steps = (*with_cause(cause, operations), *with_cause("replaced", stop))
        return Track(slot.name, REPLACED, steps, needs, slot.previous.host_ports if stop else ())
    action = MADE if newcomer else KEPT if container.running else STARTED
    return Track(slot.name, action, with_cause(cause, operations), needs)


def _cause_for_current(container: Container, wait: Operations) -> str:
    if not container.running:
        return "not running"
    return "not healthy yet" if wait else "restart policy differs"


def _creation(slot: Slot, replica: Replica) -> Track:
    steps = (
        Create(replica, slot.name),
        Start(CREATED),
        WaitUntilHealthy(CREATED),
        *_restart_policy(replica, None),
    )
    return Track(slot.name, MADE, with_cause("missing", steps), needs=replica.host_ports)


def _replacement(slot: Slot, replica: Replica, old: Container, order: str, policy: UpdatePolicy) -> Track:
    """Swap the names by two renames, which DNS follows at once: after the new one is healthy, or before it starts."""
    newcomer = slot.newcomer
    new = newcomer.id if newcomer else CREATED
    replaces = f"{old.id} {slot.restart_policy_of(old)}"
    create = () if newcomer else (Create(replica, slot.name + NEW, replaces),)
    start = start_operations(newcomer) if newcomer else (Start(CREATED),)
    swap = (Rename(old.id, slot.name + OLD), Rename(new, slot.name))
    stop, restart_policy = stop_operations(old), _restart_policy(replica, newcomer)
    steps: Operations
    if order == START_FIRST:
        drain = drain_operations(replica, old, policy)
        steps = (*create, *start, WaitUntilHealthy(new), *swap, *restart_policy, *drain, *stop)
    else:
        steps = (*create, *stop, *swap, *start, WaitUntilHealthy(new), *restart_policy)
    cause = slot.difference(old) or "interrupted"
    ports = (replica.host_ports, old.host_ports)
    return Track(slot.name, REPLACED, with_cause(cause, steps), *ports, interrupts=old.running)


def _restart_policy(replica: Replica, container: Container | None) -> Operations:
    """Return what gives a replica that has proven itself the restart policy that it is to have."""
    if container:
        return restart_policy_operations(container, replica.restart_policy)
    policy = replica.restart_policy
    return (SetRestartPolicy(CREATED, policy),) if policy != RestartPolicy() else ()


def _make_room(slot: Slot, needed: Sequence[HostPort]) -> Track:
    """Return what stops those over the count whose ports of the host others are to have."""
    containers = [it for it in slot.containers if it.running and overlap(it.host_ports, needed)]
    ports = tuple(port for it in containers for port in it.host_ports)
    stop = with_cause(OVER_THE_COUNT, (step for it in containers for step in stop_operations(it)))
    return Track(slot.name, REMOVED, stop, frees=ports, interrupts=True)


def _cleanup(slots: Sequence[Slot]) -> Stage:
    return tuple(track for track in map(_cleanup_track, slots) if track.operations)


def _cleanup_track(slot: Slot) -> Track:
    if slot.wanted is None:
        removals = (step for it in slot.containers for step in removal_operations(it))
        return Track(slot.name, REMOVED, with_cause(OVER_THE_COUNT, removals))
    # By then the last one that fits serves, or else one that was created for it; all others were stopped.
    stays = slot.newcomer or (slot.current if slot.current and slot.fits(slot.current) else None)
    return Track(slot.name, "", tuple(Remove(it.id, "replaced") for it in slot.containers if it is not stays))

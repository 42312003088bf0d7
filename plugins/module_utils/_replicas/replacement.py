# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How one replica comes to be what is wanted: created, started, or in the place of an old one. Pure."""

from __future__ import annotations

from datetime import datetime

from .._engine.interface import Container, RestartPolicy
from .drain import drained
from .health import healthy
from .model import Replica
from .operations import (
    CREATED,
    KEPT,
    MADE,
    REPLACED,
    STARTED,
    Await,
    Create,
    Operation,
    Rename,
    SetRestartPolicy,
    Start,
    Track,
    put_aside,
    restart_policy,
    start,
)
from .policy import START_FIRST, UpdatePolicy
from .slots import NEW, OLD, Slot


def towards(slot: Slot, order: str, now: datetime, policy: UpdatePolicy) -> Track:
    """Return the way of a place that nothing was left half-way in, or that is under way to what is wanted."""
    replica, current, newcomer = slot.wanted, slot.current, slot.newcomer
    if replica is None:
        return Track(slot.name, KEPT, ())
    if current and (newcomer or not slot.fits(current)):
        return _replaced(slot, replica, current, order, policy)
    there = newcomer or current
    if there is None:
        steps = (Create(replica, slot.name), Start(CREATED), Await(CREATED), *_serving(replica, None))
        return Track(slot.name, MADE, steps, needs=replica.host_ports)
    named: tuple[Operation, ...] = (Rename(there.id, slot.name),) if newcomer else ()
    awaited: tuple[Operation, ...] = () if healthy(there, now, policy) else (Await(there.id),)
    steps = (*named, *start(there), *awaited, *_serving(replica, there))
    needs = () if there.running else replica.host_ports
    if slot.previous:
        aside = put_aside(slot.previous)
        return Track(slot.name, REPLACED, (*steps, *aside), needs, slot.previous.host_ports if aside else ())
    return Track(slot.name, MADE if newcomer else KEPT if there.running else STARTED, steps, needs)


def _replaced(slot: Slot, replica: Replica, old: Container, order: str, policy: UpdatePolicy) -> Track:
    """Swap the names by two renames, which DNS follows at once: after the new one is healthy, or before it starts."""
    newcomer = slot.newcomer
    new = newcomer.id if newcomer else CREATED
    replaces = f"{old.id} {slot.meant(old)}"
    created = () if newcomer else (Create(replica, slot.name + NEW, replaces),)
    started = start(newcomer) if newcomer else (Start(CREATED),)
    swapped = (Rename(old.id, slot.name + OLD), Rename(new, slot.name))
    serving = _serving(replica, newcomer)
    if order == START_FIRST:
        drain = drained(replica, policy) if old.running else ()
        steps = (*created, *started, Await(new), *swapped, *serving, *drain, *put_aside(old))
    else:
        steps = (*created, *put_aside(old), *swapped, *started, Await(new), *serving)
    return Track(slot.name, REPLACED, steps, replica.host_ports, old.host_ports, interrupts=old.running)


def _serving(replica: Replica, container: Container | None) -> tuple[Operation, ...]:
    """Return what gives a replica that has proven itself the restart policy that it is meant to have."""
    if container:
        return restart_policy(container, replica.restart_policy)
    meant = replica.restart_policy
    return (SetRestartPolicy(CREATED, meant),) if meant != RestartPolicy() else ()

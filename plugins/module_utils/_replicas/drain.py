# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a replica that was replaced runs on after its name has passed to the new one. Pure."""

from __future__ import annotations

from .._preflight.resources import networks_of
from .model import Replica
from .operations import Drain
from .policy import UpdatePolicy

#: Seconds; proxies hold on to an address that a name has led to for one second and more.
DRAIN = 2.0


def drained(replica: Replica, policy: UpdatePolicy) -> tuple[Drain, ...]:
    """Return the pause before the old one is stopped: none where no network's DNS has led anybody to it."""
    by_default = DRAIN if networks_of(replica.definition) else 0.0
    seconds = by_default if policy.drain is None else policy.drain
    return (Drain(seconds),) if seconds else ()

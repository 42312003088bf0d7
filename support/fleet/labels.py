# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What belongs to a fleet on this machine's engine has a label with the fleet's name."""

from __future__ import annotations

from typing import Any

from docker.models.containers import Container
from docker.models.networks import Network
from docker.models.volumes import Volume

from support.docker_client import client, explained

LABEL = "migrate_first.fleet"


def containers(fleet: str) -> list[Container]:
    """The containers of the fleet, whether they run or not."""
    with explained("listing containers"):
        return list(client().containers.list(all=True, filters=_filters(fleet)))


def networks(fleet: str | None = None) -> list[Network]:
    """The network of the fleet, or those of all fleets."""
    with explained("listing networks"):
        return list(client().networks.list(filters=_filters(fleet)))


def volumes(fleet: str) -> list[Volume]:
    """The volumes of the fleet."""
    with explained("listing volumes"):
        return list(client().volumes.list(filters=_filters(fleet)))


def everything_else(fleet: str) -> list[Volume | Network]:
    """What containers of the fleet use, in an order in which it can be removed."""
    return [*volumes(fleet), *networks(fleet)]


def names(fleet: str) -> list[str]:
    """The names of all that belongs to the fleet."""
    return sorted(str(it.name) for it in [*containers(fleet), *everything_else(fleet)])


def fleets() -> set[str]:
    """The names of the fleets that something is left of."""
    api, filters = client().api, _filters(None)
    with explained("listing what fleets have"):
        found = [*api.containers(all=True, filters=filters), *api.networks(filters=filters)]
        found += api.volumes(filters=filters)["Volumes"] or []
    return {it["Labels"][LABEL] for it in found}


def _filters(fleet: str | None) -> dict[str, Any]:
    return {"label": LABEL if fleet is None else f"{LABEL}={fleet}"}

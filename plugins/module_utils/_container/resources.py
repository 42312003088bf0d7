# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks and volumes that a definition asks for by name, and that have to be there."""

from __future__ import annotations

from typing import Protocol

from .definition import Definition

_MODES = ("", "default", "bridge", "host", "none")


class ResourceStore(Protocol):
    """The networks and volumes of a host, as its engine keeps them."""

    def networks(self) -> frozenset[str]:
        """Return the names and IDs of all networks."""

    def volumes(self) -> frozenset[str]:
        """Return the names of all volumes."""


class ResourceMissing(Exception):
    """A network or a volume is not there; the message names it, its option and the remedy."""


def require(store: ResourceStore, definition: Definition) -> None:
    """
    Raise ResourceMissing where a network or a named volume of the definition is not there.

    An engine would make the volume, empty: a mistyped name would then be a database without rows.
    """
    networks, volumes = networks_of(definition), volumes_of(definition)
    for kind, asked, there in (
        ("network", networks, store.networks() if networks else ()),
        ("volume", volumes, store.volumes() if volumes else ()),
    ):
        for name, option in asked.items():
            if name not in there:
                raise ResourceMissing(
                    f"{option} names the {kind} {name}, which is not there: correct the name, or create it "
                    f"(docker {kind} create {name})"
                )


def networks_of(definition: Definition) -> dict[str, str]:
    """Return the options that name each network."""
    names = {network["name"]: "container.networks" for network in definition.options.get("networks", ())}
    mode = definition.options.get("network_mode", "")
    if mode not in _MODES and not mode.startswith("container:"):
        names[mode] = "container.network_mode"
    return {name: option for name, option in names.items() if name not in _MODES}


def volumes_of(definition: Definition) -> dict[str, str]:
    """Return the options that name each volume; one with a driver of its own is made by that."""
    sources = (entry.split(":")[0] for entry in definition.options.get("volumes", ()) if ":" in entry)
    names = {source: "container.volumes" for source in sources if source[:1] not in ("/", ".", "~")}
    for mount in definition.options.get("mounts", ()):
        if mount["type"] == "volume" and mount.get("source") and not mount.get("volume_driver"):
            names[mount["source"]] = "container.mounts"
    return names

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks and volumes that a definition names, and that have to exist."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .._definition.definition import Definition
from .._definition.refusal import Refusal
from .._engine.interface import Engine

_MODES = ("", "default", "bridge", "host", "none")


class ResourceMissing(Refusal):
    """A network or a volume does not exist; the message names it, its option and what to do."""


@dataclass(frozen=True)
class Missing:
    """The networks and the named volumes that do not exist, each with the option that names it."""

    networks: Mapping[str, str]
    volumes: Mapping[str, str]

    def refuse(self) -> None:
        """Raise ResourceMissing where there is one."""
        for kind, asked in (("network", self.networks), ("volume", self.volumes)):
            for name, option in asked.items():
                raise ResourceMissing(
                    f"{option} names the {kind} {name}, which is not there: correct the name, or create it "
                    f"(docker {kind} create {name})"
                )


NOTHING = Missing({}, {})


def missing(engine: Engine, definition: Definition) -> Missing:
    """Return the networks and volumes that the definition names, and that do not exist."""
    networks, volumes = networks_of(definition), volumes_of(definition)
    return Missing(
        networks=_without(networks, engine.networks() if networks else ()),
        volumes=_without(volumes, engine.volumes() if volumes else ()),
    )


def require(engine: Engine, definition: Definition) -> None:
    """
    Raise ResourceMissing where a network or a named volume of the definition is not there.

    An engine would create an empty volume: a mistyped name would then be a database without rows.
    """
    missing(engine, definition).refuse()


def _without(asked: Mapping[str, str], there: Collection[str]) -> dict[str, str]:
    return {name: option for name, option in asked.items() if name not in there}


def networks_of(definition: Definition) -> dict[str, str]:
    """Return the options that name each network."""
    names = {network["name"]: "container.networks" for network in definition.options.get("networks", ())}
    mode = definition.options.get("network_mode", "")
    if mode not in _MODES and not mode.startswith("container:"):
        names[mode] = "container.network_mode"
    return {name: option for name, option in names.items() if name not in _MODES}


def volumes_of(definition: Definition) -> dict[str, str]:
    """Return the options that name each volume; a volume with a driver of its own is created by that driver."""
    sources = (entry.split(":")[0] for entry in definition.options.get("volumes", ()) if ":" in entry)
    names = {source: "container.volumes" for source in sources if source[:1] not in ("/", ".", "~")}
    for mount in definition.options.get("mounts", ()):
        if mount["type"] == "volume" and mount.get("source") and not mount.get("volume_driver"):
            names[mount["source"]] = "container.mounts"
    return names

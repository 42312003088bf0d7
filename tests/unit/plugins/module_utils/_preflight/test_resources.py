# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks and volumes that a definition names must be there."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._preflight.resources import (
    ResourceMissing,
    networks_of,
    require,
    volumes_of,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryClock, MemoryEngine
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition


def host() -> MemoryEngine:
    """Return the engine of a host with one network and one volume."""
    engine = MemoryEngine(MemoryClock(), {})
    engine.network_names.add("front")
    engine.volume_names.add("data")
    return engine


VOLUME = {"type": "volume", "target": "/data"}


@pytest.mark.parametrize(
    ("options", "networks", "volumes"),
    [
        pytest.param({}, set(), set(), id="none"),
        pytest.param({"networks": [{"name": "front"}, {"name": "bridge"}]}, {"front"}, set(), id="networks"),
        pytest.param({"network_mode": "host"}, set(), set(), id="a mode that is always there"),
        pytest.param({"network_mode": "container:other"}, set(), set(), id="another's network"),
        pytest.param({"network_mode": "front"}, {"front"}, set(), id="a network as a mode"),
        pytest.param({"volumes": ["data:/data:ro", "/srv:/srv", "/anonymous"]}, set(), {"data"}, id="volumes"),
        pytest.param({"mounts": [{**VOLUME, "source": "data"}, VOLUME]}, set(), {"data"}, id="mounts"),
        pytest.param({"mounts": [{"type": "bind", "source": "/x", "target": "/x"}]}, set(), set(), id="a bind"),
        pytest.param({"mounts": [{**VOLUME, "source": "n", "volume_driver": "nfs"}]}, set(), set(), id="a driver's"),
    ],
)
def test_the_networks_and_volumes_that_a_definition_names(
    options: dict[str, Any], networks: set[str], volumes: set[str]
) -> None:
    wanted = definition(**options)
    assert set(networks_of(wanted)) == networks
    assert set(volumes_of(wanted)) == volumes
    require(host(), wanted)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"networks": [{"name": "front"}, {"name": "back"}]}, "container.networks names the network back"),
        ({"network_mode": "back"}, "container.network_mode names the network back"),
        ({"volumes": ["dta:/data"]}, "container.volumes names the volume dta"),
        ({"mounts": [{**VOLUME, "source": "dta"}]}, "container.mounts names the volume dta"),
    ],
)
def test_a_missing_network_or_volume_is_named_with_its_option(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ResourceMissing, match=f"^{words}, which is not there: correct the name, or create it"):
        require(host(), definition(**options))

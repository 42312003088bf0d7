# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images: the image that a name stands for on a host, and whether other hosts have the same."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import Definition
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Image
from ansible_collections.migrate_first.docker.plugins.module_utils._preflight.image import (
    ImageUnavailable,
    digest_for,
    hosts_with_another_image,
    resolve,
    same,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import (
    MemoryClock,
    MemoryEngine,
    MemoryImage,
)

OLD, NEW = MemoryImage("sha256:old"), MemoryImage("sha256:new", ("shop@sha256:d",))


class Host(MemoryEngine):
    """The engine of a host with an image or none, and of a registry with one or none."""

    def __init__(self, there: MemoryImage | None, in_registry: MemoryImage | None) -> None:
        super().__init__(MemoryClock(), {"shop:2.0": there} if there else {})
        self.registry = {"shop:2.0": in_registry} if in_registry else {}
        self.pulled: list[tuple[str, str | None]] = []

    def pull(self, reference: str, platform: str | None) -> None:
        self.pulled.append((reference, platform))
        super().pull(reference, platform)


@pytest.mark.parametrize(
    ("pull", "there", "in_registry", "expected", "pulls"),
    [
        pytest.param("never", OLD, NEW, OLD, 0, id="never, there"),
        pytest.param("never", None, NEW, None, 0, id="never, not there"),
        pytest.param("missing", OLD, NEW, OLD, 0, id="missing, there"),
        pytest.param("missing", None, NEW, NEW, 1, id="missing, not there"),
        pytest.param("missing", None, None, None, 1, id="missing, nowhere"),
        pytest.param("always", OLD, NEW, NEW, 1, id="always, there"),
        pytest.param("always", None, NEW, NEW, 1, id="always, not there"),
        pytest.param("always", OLD, None, None, 1, id="always, no longer in the registry"),
    ],
)
def test_the_image_is_found_or_pulled_as_the_option_pull_says(
    pull: str, there: MemoryImage | None, in_registry: MemoryImage | None, expected: Image | None, pulls: int
) -> None:
    host = Host(there, in_registry)
    definition = Definition("shop:2.0", {"platform": "linux/arm64"})
    if expected is None:
        with pytest.raises(ImageUnavailable):
            resolve(host, definition, pull)
    else:
        assert resolve(host, definition, pull) == expected
    assert host.pulled == [("shop:2.0", "linux/arm64")] * pulls


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], False),
        ([None], False),
        ([""], False),
        (["sha256:new"], True),
        ([None, "sha256:new"], True),
        (["shop@sha256:d"], True),
        (["sha256:old", "shop@sha256:d"], True),
        (["sha256:old"], False),
        (["shop@sha256:e"], False),
        (["shop:2.0"], False),
    ],
)
def test_an_image_is_recognized_by_id_or_digest(names: list[str | None], expected: bool) -> None:
    assert same(NEW, names) is expected


@pytest.mark.parametrize(
    ("held", "hosts"),
    [
        ({}, []),
        ({"h1": ["sha256:new"], "h2": ["sha256:classic", "shop@sha256:d"]}, []),
        ({"h1": ["sha256:old"], "h2": ["sha256:new"]}, ["h1"]),
        ({"h2": ["sha256:old"], "h1": ["shop@sha256:e"]}, ["h1", "h2"]),
        ({"h1": [], "h2": [None], "h3": [""]}, []),
    ],
)
def test_hosts_that_have_another_image_are_named(held: dict[str, Any], hosts: list[str]) -> None:
    assert list(hosts_with_another_image(NEW, held)) == hosts


@pytest.mark.parametrize(
    ("reference", "digests", "expected"),
    [
        pytest.param("shop:2.0", (), None, id="built, not pulled"),
        pytest.param("shop:2.0", ("shop@sha256:d",), "shop@sha256:d", id="the only one"),
        pytest.param("shop:2.0", ("mirror/shop@sha256:m", "shop@sha256:d"), "shop@sha256:d", id="of its repository"),
        pytest.param("h:5000/shop", ("shop@sha256:d", "h:5000/shop@sha256:h"), "h:5000/shop@sha256:h", id="no tag"),
        pytest.param("shop@sha256:d", ("mirror/shop@sha256:m", "shop@sha256:d"), "shop@sha256:d", id="by its digest"),
        pytest.param("sha256:new", ("shop@sha256:d",), "shop@sha256:d", id="by its ID"),
        pytest.param("other:1", ("shop@sha256:d",), "shop@sha256:d", id="another repository alone"),
        pytest.param("shopping:1", ("shop@sha256:d", "shopping@sha256:w"), "shopping@sha256:w", id="not a prefix"),
    ],
)
def test_the_digest_is_that_of_the_named_repository(
    reference: str, digests: tuple[str, ...], expected: str | None
) -> None:
    assert digest_for(Image("sha256:new", digests), reference) == expected

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine for a test, and the containers that the test creates there under names of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from typing import Any, cast

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.clock import SystemClock
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.connection import CONNECTION
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.docker_engine import DockerEngine
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    Clock,
    Container,
    Engine,
    Healthcheck,
    Image,
)
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import (
    MemoryClock,
    MemoryEngine,
    MemoryImage,
)
from ansible_collections.migrate_first.docker.tests.unit.support.observed import Observed

IMAGE, NEXT_IMAGE, IMAGE_WITH_HEALTHCHECK = "mf-test:1", "mf-test:2", "mf-test:health"

#: Names the engines that the tests of both engines run on: memory, docker, or both with a comma.
ENGINES_VARIABLE = "MIGRATE_FIRST_TEST_ENGINES"

ENGINES = os.environ.get(ENGINES_VARIABLE, "memory").split(",")


class Lab:
    """
    The code under test gets ``engine``; other controllers use the same engine as ``outside``.

    All containers must have their names from ``name``; ``clean`` removes them.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.outside = engine
        self.observed = Observed(engine)
        self.engine = cast(Engine, self.observed)
        self.clock = clock
        self.prefix = f"mf-test-{secrets.token_hex(4)}-"

    def name(self, word: str) -> str:
        """Return a name that no other test has."""
        return self.prefix + word

    def image(self, reference: str = IMAGE) -> Image:
        """Return an image that is there."""
        image = self.outside.image(reference)
        assert image, f"the tests need the image {reference}"
        return image

    def all(self) -> tuple[Container, ...]:
        """Return all containers of this test."""
        return self.outside.named(self.prefix)

    def there(self, name: str) -> Container:
        """Return the container of that name, which must be there."""
        container = self.outside.find(name)
        assert container, f"{name} is not there"
        return container

    def until(self, met: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until a condition is met; fail after those seconds."""
        end = self.clock.monotonic() + seconds
        while not met():
            assert self.clock.monotonic() < end, "the condition was not met in time"
            self.clock.sleep(0.05)

    def clean(self) -> None:
        """Remove all that the test has made."""
        for container in self.all():
            self.outside.stop(container.id, 0)
            self.outside.remove(container.id)


def memory_engine(clock: MemoryClock, skew: float = 0.0, rate: float = 1.0) -> MemoryEngine:
    """Return an engine with the same images as the real one; see MemoryEngine for its clock."""
    path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    return MemoryEngine(
        clock,
        {
            IMAGE: MemoryImage("sha256:" + "1" * 64, environment=path),
            NEXT_IMAGE: MemoryImage("sha256:" + "2" * 64, environment=path),
            IMAGE_WITH_HEALTHCHECK: MemoryImage(
                "sha256:" + "3" * 64,
                environment=path,
                healthcheck=Healthcheck(interval=1.0, timeout=5.0, retries=5),
            ),
        },
        skew,
        rate,
    )


def memory_lab(skew: float = 0.0, rate: float = 1.0) -> Lab:
    """Return a lab in memory, where time passes only while somebody waits; see MemoryEngine for its clock."""
    clock = MemoryClock()
    return Lab(memory_engine(clock, skew, rate), clock)


def memory_of(lab: Lab) -> MemoryEngine:
    """Return the engine of a lab in memory, whose containers a test can change."""
    return cast(MemoryEngine, lab.outside)


def docker_lab() -> Lab:
    """Return a lab on the engine that DOCKER_HOST names, by default that of this machine."""
    return Lab(DockerEngine(connection()), SystemClock())


def connection(**options: Any) -> dict[str, Any]:
    """Return the engine options of a task that gives no others."""
    validated = ArgumentSpecValidator(CONNECTION).validate(options)
    assert not validated.error_messages, validated.error_messages
    return dict(validated.validated_parameters)


LABS = {"memory": memory_lab, "docker": docker_lab}

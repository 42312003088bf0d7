# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that carries out a plan, and sees to it that each replica comes up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from .._engine.interface import Clock, Container, Engine, EngineError, NoSuchContainer
from .health import healthy, healthy_timeout, hopeless
from .model import Replica
from .plan import Create, Keep, Operation, Replace, Start

#: Seconds between two looks at a replica that is coming up.
INTERVAL = 0.2


class NotHealthy(EngineError):
    """A replica did not come up; what was to follow has been left as it is."""


def converge(engine: Engine, clock: Clock, operations: Sequence[Operation], actions: dict[str, str]) -> None:
    """
    Carry out the operations in their order.

    What is kept, started or created goes all at once; replacements go one after the other, each
    awaited until it is healthy. ``actions`` notes what was done, by the name of the container:
    kept, started, created, replaced or removed. Raises NotHealthy, or another EngineError; then
    the operations after it have not been begun.
    """
    loop = _Converge(engine, clock, actions)
    for kind, steps in groupby(operations, type):
        if kind is Replace:
            for step in steps:
                loop.bring_up([step])
        else:
            loop.bring_up(list(steps))


class _Converge:
    def __init__(self, engine: Engine, clock: Clock, actions: dict[str, str]) -> None:
        self.engine = engine
        self.clock = clock
        self.actions = actions

    def bring_up(self, steps: Iterable[Operation]) -> None:
        """Begin all of them, then await each."""
        for replica, container_id in [begun for step in steps for begun in self.begun(step)]:
            self.await_health(replica, container_id)

    def begun(self, step: Operation) -> list[tuple[Replica, str]]:
        """Carry out one operation, and return what is to be awaited of it."""
        if isinstance(step, Keep):
            # What was done before others got in between stays done.
            self.actions.setdefault(step.replica.name, "kept")
            return [(step.replica, step.container.id)]
        if isinstance(step, Start):
            self.actions[step.replica.name] = "started"
            self.engine.start(step.container.id)
            return [(step.replica, step.container.id)]
        if isinstance(step, Create):
            return [(step.replica, self.created(step.replica, "created"))]
        if isinstance(step, Replace):
            self.actions[step.replica.name] = "replaced"
            self.take_away(step.old)
            return [(step.replica, self.created(step.replica, "replaced"))]
        self.actions[step.container.name] = "removed"
        self.take_away(step.container)
        return []

    def created(self, replica: Replica, action: str) -> str:
        container_id = self.engine.create(replica.name, replica.definition, replica.image.id, replica.labels)
        self.actions[replica.name] = action
        try:
            self.engine.start(container_id)
        except EngineError as error:
            # It never ran, and would stand in the way of the next attempt.
            self.engine.remove(container_id)
            raise NotHealthy(f"{replica.name} could not be started: {error}") from error
        return container_id

    def take_away(self, container: Container) -> None:
        try:
            self.engine.stop(container.id, container.stop_timeout)
            self.engine.remove(container.id)
        except NoSuchContainer:
            return

    def await_health(self, replica: Replica, container_id: str) -> None:
        container = self.engine.inspect(container_id)
        timeout = healthy_timeout(container)
        until = self.clock.monotonic() + timeout
        while not healthy(container):
            if hopeless(container):
                raise NotHealthy(_hopeless(container))
            if self.clock.monotonic() >= until:
                raise NotHealthy(f"{replica.name} was not healthy within {timeout:g} s (docker logs {replica.name})")
            self.clock.sleep(INTERVAL)
            container = self.engine.inspect(container_id)


def _hopeless(container: Container) -> str:
    name = container.name
    if container.state == "running":
        return f"{name} runs, but its healthcheck calls it unhealthy (docker inspect {name})"
    return f"{name} ended with status {container.exit_code} instead of serving (docker logs {name})"

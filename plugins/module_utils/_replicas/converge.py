# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that carries out a plan, and sees to it that each replica comes up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from .._definition import labels
from .._definition.definition import secrets_of
from .._engine.interface import Clock, Container, Engine, EngineError, NameTaken, NoSuchContainer
from .._logs.output import read_output
from . import operations as op
from .health import healthy, healthy_timeout, hopeless
from .operations import Operation, Stage, Track
from .policy import UpdatePolicy

#: Seconds between two looks at a replica that is coming up.
INTERVAL = 0.2

#: Lines, and at most so many bytes of each stream, that are told of a replica that did not come up.
LAST_LINES, LAST_BYTES = 20, 4096


class NotHealthy(EngineError):
    """A replica did not come up; the message has its last lines."""


class _CalledOff(Exception):
    """Another replica has failed, so that this one is not waited for any more."""


@dataclass
class Progress:
    """
    What an execution has done by now.

    ``actions`` are by the name of the place; ``touched`` are the containers that it has created or stopped.
    """

    actions: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    changed: bool = False


class Convergence:
    """Carries out stages on an engine; what it has done is noted in ``progress``."""

    def __init__(self, engine: Engine, clock: Clock, policy: UpdatePolicy, progress: Progress) -> None:
        self.engine = engine
        self.clock = clock
        self.policy = policy
        self.progress = progress
        self._began, self._now = clock.monotonic(), engine.now()

    @property
    def now(self) -> datetime:
        """The engine's time, for which it is asked but once."""
        return self._now + timedelta(seconds=self.clock.monotonic() - self._began)

    def carry_out(self, stages: Sequence[Stage], call_off: bool = False) -> None:
        """
        Carry out the stages, each when the one before it has come to its end.

        Where a track fails, the others of its stage are carried on, and no later stage is begun; with ``call_off``
        these are not waited for. Raises NameTaken or NoSuchContainer where somebody else was at it, else the first failure.
        """
        for stage in stages:
            failures: list[Exception] = []
            self.clock.together([partial(self._carry_out, track, failures, call_off) for track in stage])
            if failures:
                raise _worst(failures)

    def as_far_as_possible(self, stages: Sequence[Stage]) -> list[EngineError]:
        """Carry out all stages whatever fails, and return what did; raise where somebody else was at it."""
        failures: list[EngineError] = []
        for stage in stages:
            try:
                self.carry_out((stage,))
            except (NameTaken, NoSuchContainer):
                raise
            except EngineError as error:
                failures.append(error)
        return failures

    def _carry_out(self, track: Track, failures: list[Exception], call_off: bool) -> None:
        created = ""
        try:
            for operation in track.operations:
                if isinstance(operation, op.Create):
                    created = self._create(operation)
                elif isinstance(operation, op.Await):
                    self._await(track, operation.container_id or created, failures if call_off else [])
                elif isinstance(operation, op.Drain):
                    self.clock.sleep(operation.seconds)
                else:
                    self._do(operation, operation.container_id or created)
                if track.action and not isinstance(operation, op.Await):
                    self.progress.actions[track.name] = track.action
        except _CalledOff:
            return
        except Exception as error:
            # Raised again when the other tracks have come to their end.
            failures.append(error)
            return
        if track.action:
            # What was done before others got in between stays done.
            self.progress.actions.setdefault(track.name, track.action)

    def _create(self, operation: op.Create) -> str:
        replica = operation.replica
        replaces = {labels.REPLACES: operation.replaces} if operation.replaces else {}
        created = self.engine.create(operation.name, replica.on_trial, replica.image.id, {**replica.labels, **replaces})
        self.progress.touched.add(created)
        self.progress.changed = True
        return created

    def _do(self, operation: Operation, container_id: str) -> None:
        engine = self.engine
        self.progress.changed = True
        if isinstance(operation, op.Start):
            self._start(container_id)
        elif isinstance(operation, op.Rename):
            engine.rename(container_id, operation.name)
        elif isinstance(operation, op.SetRestartPolicy):
            engine.set_restart_policy(container_id, operation.policy)
        elif isinstance(operation, op.Stop):
            self.progress.touched.add(container_id)
            engine.stop(container_id, operation.seconds)
        elif isinstance(operation, op.Remove):
            engine.remove(container_id)

    def _start(self, container_id: str) -> None:
        try:
            self.engine.start(container_id)
        except NoSuchContainer:
            raise
        except EngineError as error:
            name = self.engine.inspect(container_id).name
            raise NotHealthy(f"{name} could not be started: {error}") from error

    def _await(self, track: Track, container_id: str, failures: Sequence[Exception]) -> None:
        container = self.engine.inspect(container_id)
        restarts = container.restarts
        timeout = healthy_timeout(container, self.policy)
        begun = self.clock.monotonic()
        while not healthy(container, self.now, self.policy):
            reason = hopeless(container, restarts)
            if not reason and self.clock.monotonic() - begun >= timeout:
                reason = f"was not healthy within {timeout:g} s"
            if reason:
                raise NotHealthy(f"{track.name} {reason}{self._last_lines(container)}")
            if failures:
                raise _CalledOff
            self.clock.sleep(INTERVAL)
            container = self.engine.inspect(container_id)

    def _last_lines(self, container: Container) -> str:
        """Return what it wrote last, and where all of it is to be read."""
        secrets = secrets_of(container.labels.get(labels.DEFINITION, ""), container.environment)
        try:
            output = read_output(self.engine, container.id, secrets, LAST_BYTES)
        except EngineError as error:
            return f" (what it wrote cannot be read: {error})"
        lines = [line for text in (output.stdout, output.stderr) for line in text.splitlines()][-LAST_LINES:]
        return "; its last lines:\n" + "\n".join(f"  | {line}" for line in lines) if lines else "; it wrote nothing"


def _worst(failures: Sequence[Exception]) -> Exception:
    """Return what has to be told: that somebody else was at it is only where nothing else went wrong."""
    others = [error for error in failures if not isinstance(error, (NameTaken, NoSuchContainer))]
    return (others or list(failures))[0]

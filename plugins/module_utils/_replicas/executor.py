# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Executes a plan on an engine, and waits until each replica is healthy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from .._definition import labels
from .._definition.definition import secrets_of
from .._engine.interface import Clock, Container, Engine, EngineError, NameTaken, NoSuchContainer
from .._logs.output import read_output
from .health import failure_reason, healthy, healthy_timeout
from .model import UpdatePolicy
from .operations import Create, Drain, Operation, Remove, Rename, SetRestartPolicy, Start, Stop, WaitUntilHealthy
from .plan import Stage, Track

#: Seconds between two looks at a replica that is starting.
INTERVAL = 0.2

#: How much of its log is shown where a replica does not become healthy: lines, and bytes of each stream.
LAST_LINES, LAST_BYTES = 20, 4096


class NotHealthy(EngineError):
    """A replica did not become healthy; the message has the last lines of its log."""


class _WaitCancelled(Exception):
    """Another replica has failed, so that this one is not waited for any more."""


@dataclass
class Progress:
    """
    What was done so far.

    ``actions`` are by the name of the slot; ``touched`` are the containers that were created or stopped.
    """

    actions: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    changed: bool = False


class Executor:
    """Executes stages on an engine; what it has done is in ``progress``."""

    def __init__(self, engine: Engine, clock: Clock, policy: UpdatePolicy) -> None:
        self.engine = engine
        self.clock = clock
        self.policy = policy
        self.progress = Progress()
        self._began, self._now = clock.monotonic(), engine.now()

    @property
    def now(self) -> datetime:
        """The engine's time, for which it is asked only once."""
        return self._now + timedelta(seconds=self.clock.monotonic() - self._began)

    def execute(self, stages: Sequence[Stage], cancel_waits: bool = False) -> None:
        """
        Execute the stages, each after the one before it has ended.

        Where a track fails, the others of its stage go on to their end, and no later stage begins; with ``cancel_waits``
        the others do not wait for health any more. Raises NameTaken or NoSuchContainer where somebody else has changed
        the same containers, else the first failure.
        """
        for stage in stages:
            failures: list[Exception] = []
            self.clock.together([partial(self._execute_track, track, failures, cancel_waits) for track in stage])
            if failures:
                raise _main_failure(failures)

    def execute_all(self, stages: Sequence[Stage]) -> list[EngineError]:
        """Execute all stages whatever fails, and return the failures; raise where somebody else has changed the same."""
        failures: list[EngineError] = []
        for stage in stages:
            try:
                self.execute((stage,))
            except (NameTaken, NoSuchContainer):
                raise
            except EngineError as error:
                failures.append(error)
        return failures

    def _execute_track(self, track: Track, failures: list[Exception], cancel_waits: bool) -> None:
        created = ""
        try:
            for operation in track.operations:
                if isinstance(operation, Create):
                    created = self._create(operation)
                elif isinstance(operation, WaitUntilHealthy):
                    container_id = operation.container_id or created
                    self._wait_until_healthy(track, container_id, failures if cancel_waits else [])
                elif isinstance(operation, Drain):
                    self.clock.sleep(operation.seconds)
                else:
                    self._change(operation, operation.container_id or created)
                if track.action and not isinstance(operation, WaitUntilHealthy):
                    self.progress.actions[track.name] = track.action
        except _WaitCancelled:
            return
        except Exception as error:
            # Raised again when the other tracks have ended.
            failures.append(error)
            return
        if track.action:
            # What was done before somebody else came in between stays done.
            self.progress.actions.setdefault(track.name, track.action)

    def _create(self, operation: Create) -> str:
        replica = operation.replica
        replaces = {labels.REPLACES: operation.replaces} if operation.replaces else {}
        definition, image_id = replica.without_restart_policy, replica.image.id
        created = self.engine.create(operation.name, definition, image_id, {**replica.labels, **replaces})
        self.progress.touched.add(created)
        self.progress.changed = True
        return created

    def _change(self, operation: Operation, container_id: str) -> None:
        engine = self.engine
        self.progress.changed = True
        if isinstance(operation, Start):
            self._start(container_id)
        elif isinstance(operation, Rename):
            engine.rename(container_id, operation.name)
        elif isinstance(operation, SetRestartPolicy):
            engine.set_restart_policy(container_id, operation.policy)
        elif isinstance(operation, Stop):
            self.progress.touched.add(container_id)
            engine.stop(container_id, operation.seconds)
        elif isinstance(operation, Remove):
            engine.remove(container_id)

    def _start(self, container_id: str) -> None:
        try:
            self.engine.start(container_id)
        except NoSuchContainer:
            raise
        except EngineError as error:
            name = self.engine.inspect(container_id).name
            raise NotHealthy(f"{name} could not be started: {error}") from error

    def _wait_until_healthy(self, track: Track, container_id: str, failures: Sequence[Exception]) -> None:
        container = self.engine.inspect(container_id)
        restarts = container.restarts
        timeout = healthy_timeout(container, self.policy)
        began = self.clock.monotonic()
        while not healthy(container, self.now, self.policy):
            reason = failure_reason(container, restarts)
            if not reason and self.clock.monotonic() - began >= timeout:
                reason = f"was not healthy within {timeout:g} s"
            if reason:
                raise NotHealthy(f"{track.name} {reason}{self._last_lines(container)}")
            if failures:
                raise _WaitCancelled
            self.clock.sleep(INTERVAL)
            container = self.engine.inspect(container_id)

    def _last_lines(self, container: Container) -> str:
        """Return the end of its log, as the end of a sentence."""
        secrets = secrets_of(container.labels.get(labels.DEFINITION, ""), container.environment)
        try:
            output = read_output(self.engine, container.id, secrets, LAST_BYTES)
        except EngineError as error:
            return f" (its log cannot be read: {error})"
        lines = [line for text in (output.stdout, output.stderr) for line in text.splitlines()][-LAST_LINES:]
        return "; its last lines:\n" + "\n".join(f"  | {line}" for line in lines) if lines else "; it wrote nothing"


def _main_failure(failures: Sequence[Exception]) -> Exception:
    """Return the failure to report: a change by somebody else only where nothing else went wrong."""
    others = [error for error in failures if not isinstance(error, (NameTaken, NoSuchContainer))]
    return (others or list(failures))[0]

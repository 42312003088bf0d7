# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that brings a host's replicas to the wanted state: observe, plan, execute, look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .._definition.refusal import Refusal
from .._engine.interface import Clock, Container, Engine, EngineError, NameTaken, NoSuchContainer
from .._preflight.ports import require_ports
from .._preflight.resources import NOTHING
from .executor import Executor
from .model import ROLLBACK, Replicas
from .observed_state import ObservedState, observe
from .operations import removal_operations, with_cause
from .plan import Plan, Track
from .planner import plan
from .result import Result, diff_of, list_of_replicas
from .rollback import plan_rollback
from .slots import NEW

#: Times that somebody else may change the same containers before there must be another reason.
MOST_ROUNDS = 10


def reconcile(engine: Engine, clock: Clock, replicas: Replicas, dry_run: bool = False) -> Result:
    """
    Bring the replicas to the wanted state, or return what that would change (``dry_run``).

    Raises ValueError where the options cannot be fulfilled, and EngineError where the engine
    does not answer before anything was changed.
    """
    return Reconciler(engine, clock, replicas, dry_run).run()


class Reconciler:
    """One execution: what does not change between its rounds, and what it has done so far."""

    def __init__(self, engine: Engine, clock: Clock, replicas: Replicas, dry_run: bool) -> None:
        self.engine = engine
        self.clock = clock
        self.replicas = replicas
        self.dry_run = dry_run
        self.executor = Executor(engine, clock, replicas.update)
        self.result = Result()

    def run(self) -> Result:
        """Return the result, after as many rounds as it takes."""
        reason = ""
        for number in range(MOST_ROUNDS):
            try:
                result = self.step(first=number == 0)
            except (NameTaken, NoSuchContainer) as race:
                # Somebody else works on the same replicas: look again, plan again.
                reason = str(race)
                continue
            if result:
                return result
            reason = "an interrupted update could not be brought to an end"
        raise EngineError(f"the replicas of {self.replicas.name} have changed {MOST_ROUNDS} times in a row: {reason}")

    def step(self, first: bool) -> Result | None:
        """Observe, plan and execute once; return None where the loop has to look again."""
        found = self.find()
        try:
            state = self.observe(found)
            self.result = replace(self.result, missing=state.missing.names())
            next_plan = plan(state.slots, state.now, self.replicas.update)
            self.require_resources(state)
        except Refusal as refusal:
            self.clean_up(found)
            return self.end(f"{self.replicas.name} was not changed: {refusal}.", found)
        if first:
            self.describe(state, next_plan)
        if self.dry_run:
            return replace(self.end("", found), changed=next_plan.changes)
        return self.execute(next_plan)

    def find(self) -> Sequence[Container]:
        """Return the containers that may be replicas, by their names."""
        return self.engine.named(f"{self.replicas.name}-")

    def observe(self, found: Sequence[Container]) -> ObservedState:
        """Look at all that the replicas need beside these containers."""
        return observe(self.engine, self.replicas, found, self.executor.now, self.dry_run)

    def require_resources(self, state: ObservedState) -> None:
        """Raise Refusal where a network, a volume or a port is not there for the replicas."""
        if state.wanted:
            if state.replicas.require_resources or not self.dry_run:
                state.missing.refuse()
            asked = {port: replica.name for replica in state.wanted for port in replica.host_ports}
            own = [container for slot in state.slots for container in slot.containers]
            require_ports(self.engine, self.clock, asked, own)

    def describe(self, state: ObservedState, first_plan: Plan) -> None:
        """Note in the result what was found at the beginning."""
        image = state.image
        self.result = replace(
            self.result,
            fence=state.replicas.fence,
            diff=diff_of(state.slots, first_plan),
            image_names=(image.id, *image.digests) if image else (),
            up_to_date=first_plan.idle and state.missing == NOTHING,
        )

    def execute(self, next_plan: Plan) -> Result | None:
        """Execute a plan; return None where the loop has to look again."""
        if next_plan.replan:
            self.executor.execute_all(next_plan.stages)
            return None
        try:
            cancel_waits = self.replicas.update.failure_action == ROLLBACK
            self.executor.execute(next_plan.stages, cancel_waits)
        except (NameTaken, NoSuchContainer):
            raise
        except EngineError as error:
            return self.fail(error)
        failures = self.executor.execute_all((next_plan.cleanup,) if next_plan.cleanup else ())
        return self.end(
            f"{self.replicas.name} is as wanted, but not all old containers could be removed: {failures[0]}."
            if failures
            else ""
        )

    def clean_up(self, found: Sequence[Container]) -> None:
        """Remove what this execution has begun, where somebody else was faster with something else."""
        begun = [it for it in found if it.id in self.executor.progress.touched and it.name.endswith(NEW)]
        if begun:
            stage = tuple(Track(it.name, "", with_cause("refused", removal_operations(it))) for it in begun)
            self.executor.execute_all((stage,))

    def fail(self, error: EngineError) -> Result:
        """Roll the update back, unless it is to be left as it stands, and return what has failed."""
        name = self.replicas.name
        if self.replicas.update.failure_action != ROLLBACK:
            return self.end(
                f"{error}\nThe update of {name} stays as it is on this host (failure_action is pause): look at it "
                "(docker ps), then run the release again to go on, or another release to replace it."
            )
        try:
            failures = self.roll_back()
        except EngineError as obstacle:
            failures = [obstacle]
        if failures is None:
            return self.end(f"{error}\nNothing of {name} was changed on this host.")
        if failures:
            return self.end(
                f"{error}\n{name} could not be rolled back to what ran on this host before: {failures[0]}\n"
                "What was stopped is still there (docker ps --all); the next run of a release goes on from here."
            )
        image = self.replicas.definition.image
        rolled_back = self.end(
            f"{error}\n{name} was rolled back: what ran on this host before runs again, and nothing of the attempt "
            f"({image}) is left."
        )
        return replace(rolled_back, rolled_back=True)

    def roll_back(self) -> list[EngineError] | None:
        """Restore what ran before, and return what could not be restored; None where nothing had been changed."""
        last: EngineError | None = None
        for _round in range(MOST_ROUNDS):
            try:
                return self.try_to_roll_back()
            except (NameTaken, NoSuchContainer) as race:
                last = race
            except Refusal as refusal:
                # By now it belongs to somebody else.
                return [EngineError(str(refusal))]
        return [last] if last else []

    def try_to_roll_back(self) -> list[EngineError] | None:
        """Observe, plan and execute the rollback once."""
        state, progress = self.observe(self.find()), self.executor.progress
        rollback = plan_rollback(state.slots, state.now, self.replicas.update, progress.touched)
        return self.executor.execute_all(rollback.stages) if rollback.stages or progress.changed else None

    def end(self, failure: str, found: Sequence[Container] | None = None) -> Result:
        """Return the result, with the replicas that are there now."""
        progress = self.executor.progress
        there = self.find_if_possible() if found is None else found
        return replace(
            self.result,
            replicas=list_of_replicas(self.replicas, there, progress.actions),
            changed=progress.changed,
            failure=failure,
        )

    def find_if_possible(self) -> Sequence[Container]:
        """Return what is there; after a failure the engine may be away, and the failure is what counts then."""
        try:
            return self.find()
        except EngineError:
            return ()

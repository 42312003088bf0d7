# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's replicas from look to report: the image, the plan, the loop, what there is then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .._engine.interface import Clock, Container, Engine, EngineError, Image, NameTaken, NoSuchContainer
from .._preflight.image import ImageUnavailable
from .._preflight.resources import NOTHING, Missing, ResourceMissing, missing
from .converge import Convergence, Progress
from .model import Replica, Replicas, Superseded
from .operations import Track, discarded
from .plan import plan
from .policy import ROLLBACK
from .report import before_and_after, listed
from .requirements import PortTaken, image_of, require_ports
from .rollback import way_back
from .schedule import Impossible
from .slots import NEW, ForeignContainer, Slot, slots

#: What is found before anything is touched.
REFUSALS = (ImageUnavailable, ForeignContainer, ResourceMissing, PortTaken, Superseded, Impossible)

#: Times that somebody else may have moved what was planned with, before something else must be wrong.
ROUNDS = 10


@dataclass(frozen=True)
class Update:
    """
    What became of the replicas; ``failure`` is a sentence where they are not as wanted.

    ``image_names`` are the ID and the repository digests of the image that the host has, ``missing``
    the networks and volumes that it has not. ``rolled_back`` says that the update failed, and what ran before it
    runs again. ``up_to_date`` says that there was nothing to do, and nothing to wait for.
    """

    replicas: Sequence[Mapping[str, Any]] = ()
    fence: int | None = None
    changed: bool = False
    rolled_back: bool = False
    up_to_date: bool = False
    diff: Mapping[str, str] = field(default_factory=lambda: {"before": "", "after": ""})
    image_names: Sequence[str] = ()
    missing: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"networks": [], "volumes": []})
    failure: str = ""

    def returned(self) -> dict[str, Any]:
        """Return what the module returns."""
        return {key: value for key, value in asdict(self).items() if key != "failure"}


def update(engine: Engine, clock: Clock, replicas: Replicas, predict: bool = False) -> Update:
    """
    Bring the replicas to the wanted state, or tell what that would change (``predict``).

    Raises ValueError where the options cannot be fulfilled, and EngineError where the engine
    does not answer before anything was changed.
    """
    return _Updating(engine, clock, replicas, predict).to_its_end()


@dataclass(frozen=True)
class _Sight:
    """What is wanted and what is there, at one moment."""

    replicas: Replicas
    image: Image | None
    wanted: Sequence[Replica]
    places: Sequence[Slot]


class _Updating:
    """One execution: what does not change between its rounds, and what it has done by now."""

    def __init__(self, engine: Engine, clock: Clock, replicas: Replicas, predict: bool) -> None:
        self.engine = engine
        self.clock = clock
        self.replicas = replicas
        self.predict = predict
        self.progress = Progress()
        self.told = Update()

    def to_its_end(self) -> Update:
        for number in range(ROUNDS):
            try:
                told = self.round(first=number == 0)
            except (NameTaken, NoSuchContainer) as moved:
                # Somebody else is at the same replicas: look again, plan again.
                last = str(moved)
                continue
            if told:
                return told
            last = "what was left half-way could not be brought to an end"
        raise EngineError(f"the replicas of {self.replicas.name} moved {ROUNDS} times in a row: {last}")

    def round(self, first: bool) -> Update | None:
        """Look, plan, carry out; None where all is to be looked at again."""
        found = self.engine.named(f"{self.replicas.name}-")
        try:
            sight = self.sight(found)
            lacking = self.lacking(sight)
            loop = Convergence(self.engine, self.clock, self.replicas.update, self.progress)
            way = plan(sight.places, loop.now, self.replicas.update)
            self.require(sight, lacking)
        except REFUSALS as refusal:
            self.withdraw(found)
            return self.ended(f"{self.replicas.name} was not changed: {refusal}.", found)
        if first:
            image, diff = sight.image, before_and_after(sight.places)
            names = (image.id, *image.digests) if image else ()
            self.told = replace(
                self.told,
                fence=sight.replicas.fence,
                diff=diff,
                image_names=names,
                up_to_date=way.idle and lacking == NOTHING,
            )
        if self.predict:
            return replace(self.ended("", found), changed=way.changes)
        if way.again:
            loop.as_far_as_possible(way.stages)
            return None
        try:
            loop.carry_out(way.stages, call_off=self.replicas.update.failure_action == ROLLBACK)
        except (NameTaken, NoSuchContainer):
            raise
        except EngineError as error:
            return self.failed(error)
        left = loop.as_far_as_possible((way.clearing,) if way.clearing else ())
        return self.ended(
            f"{self.replicas.name} is as wanted, but not all of the old is gone: {left[0]}." if left else ""
        )

    def sight(self, found: Sequence[Container]) -> _Sight:
        replicas = self.replicas.fenced(found)
        image = image_of(self.engine, replicas, self.predict)
        wanted = replicas.wanted(image or Image(next(iter(replicas.expected), replicas.definition.image)))
        return _Sight(replicas, image, wanted, slots(replicas, wanted, found))

    def lacking(self, sight: _Sight) -> Missing:
        """Look what the replicas name that is not there, and tell it whatever comes of them."""
        needed = bool(sight.wanted) or self.predict
        lacking = missing(self.engine, sight.replicas.definition) if needed else NOTHING
        told = {"networks": [*lacking.networks], "volumes": [*lacking.volumes]}
        self.told = replace(self.told, missing=told)
        return lacking

    def require(self, sight: _Sight, lacking: Missing) -> None:
        if sight.wanted:
            if sight.replicas.require_resources or not self.predict:
                lacking.refuse()
            own = [container for slot in sight.places for container in slot.containers]
            require_ports(self.engine, self.clock, sight.wanted, own)

    def withdraw(self, found: Sequence[Container]) -> None:
        """Where others were faster with something else, take away what this execution has begun."""
        begun = [it for it in found if it.id in self.progress.touched and it.name.endswith(NEW)]
        if begun:
            stage = tuple(Track(it.name, "", discarded(it)) for it in begun)
            Convergence(self.engine, self.clock, self.replicas.update, self.progress).as_far_as_possible((stage,))

    def failed(self, error: EngineError) -> Update:
        """Undo the update, unless it is to be left as it stands."""
        name = self.replicas.name
        if self.replicas.update.failure_action != ROLLBACK:
            return self.ended(
                f"{error}\nThe update of {name} stays as it is on this host (failure_action is pause): look at it "
                "(docker ps), then run the release again to go on, or another one to leave it."
            )
        try:
            failures = self.rolled_back()
        except EngineError as obstacle:
            failures = [obstacle]
        if failures is None:
            return self.ended(f"{error}\nNothing of {name} was changed on this host.")
        if failures:
            return self.ended(
                f"{error}\n{name} could not be rolled back to what ran on this host before: {failures[0]}\n"
                "What was stopped is still there (docker ps --all); the next run of a release goes on from here."
            )
        what = f"what ran on this host before runs again, and nothing of the attempt ({self.replicas.definition.image}) is left"
        return replace(self.ended(f"{error}\n{name} was rolled back: {what}."), rolled_back=True)

    def rolled_back(self) -> list[EngineError] | None:
        """Go back, and return what could not be done; None where nothing had been done."""
        last: EngineError | None = None
        for _round in range(ROUNDS):
            try:
                return self.way_back()
            except (NameTaken, NoSuchContainer) as moved:
                last = moved
            except REFUSALS as refusal:
                # By now it is somebody else's.
                return [EngineError(str(refusal))]
        return [last] if last else []

    def way_back(self) -> list[EngineError] | None:
        loop = Convergence(self.engine, self.clock, self.replicas.update, self.progress)
        sight = self.sight(self.engine.named(f"{self.replicas.name}-"))
        stages = way_back(sight.places, loop.now, self.replicas.update, self.progress.touched)
        return loop.as_far_as_possible(stages) if stages or self.progress.changed else None

    def ended(self, failure: str, found: Sequence[Container] | None = None) -> Update:
        there = self.present() if found is None else found
        return replace(
            self.told,
            replicas=listed(self.replicas, there, self.progress.actions),
            changed=self.progress.changed,
            failure=failure,
        )

    def present(self) -> Sequence[Container]:
        """After a failure the engine may be away; the failure is what has to be told then."""
        try:
            return self.engine.named(f"{self.replicas.name}-")
        except EngineError:
            return ()

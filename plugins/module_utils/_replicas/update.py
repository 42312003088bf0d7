# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's replicas from look to report: the image, the plan, the loop, what there is then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .._container.image import Image, ImageUnavailable, resolve, same
from .._container.resources import ResourceMissing, require
from .._engine.interface import Clock, Container, Engine, EngineError
from .converge import converge
from .model import Replica, Replicas
from .plan import ForeignContainer, Keep, plan
from .report import before_and_after, listed


@dataclass(frozen=True)
class Update:
    """What became of the replicas; ``failure`` is a sentence where they are not as wanted."""

    replicas: Sequence[Mapping[str, Any]] = ()
    changed: bool = False
    diff: Mapping[str, str] = field(default_factory=lambda: {"before": "", "after": ""})
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
    found = engine.named(f"{replicas.name}-")
    try:
        operations = plan(replicas, _wanted(engine, replicas, predict), found)
    except (ImageUnavailable, ForeignContainer) as refusal:
        return Update(listed(replicas, found, {}), failure=str(refusal))
    except ResourceMissing as missing:
        return Update(listed(replicas, found, {}), failure=f"{replicas.name} was not changed: {missing}.")
    diff = before_and_after(replicas, found, operations)
    if predict:
        changed = any(not isinstance(step, Keep) for step in operations)
        return Update(listed(replicas, found, {}), changed, diff)
    actions: dict[str, str] = {}
    failure = ""
    try:
        converge(engine, clock, operations, actions)
    except EngineError as error:
        failure = f"{error}; what had not been reached yet was left as it was."
    changed = any(action != "kept" for action in actions.values())
    return Update(listed(replicas, _present(engine, replicas), actions), changed, diff, failure)


def _wanted(engine: Engine, replicas: Replicas, predict: bool) -> tuple[Replica, ...]:
    if not replicas.count:
        return ()
    reference = replicas.definition.image
    try:
        image = resolve(engine, replicas.definition, "never" if predict else replicas.pull)
    except ImageUnavailable as error:
        if predict and replicas.pull != "never":
            return replicas.wanted(Image(replicas.expected[0] if replicas.expected else reference))
        raise ImageUnavailable(
            f"{replicas.name} was not changed: this host has no image {reference}: {error}; "
            "pull or load it here, and run the release again."
        ) from None
    if replicas.expected and not same(image, replicas.expected):
        raise ImageUnavailable(
            f"{replicas.name} was not changed: {reference} is here {', '.join((image.id, *image.digests))}, "
            f"and the migration ran {' / '.join(replicas.expected)}; name the image by its digest, "
            "or pull it again on all hosts."
        )
    require(engine, replicas.definition)
    return replicas.wanted(image)


def _present(engine: Engine, replicas: Replicas) -> Sequence[Container]:
    """After a failure the engine may be away; the failure is what has to be told then."""
    try:
        return engine.named(f"{replicas.name}-")
    except EngineError:
        return ()

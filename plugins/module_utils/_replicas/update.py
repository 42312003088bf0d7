# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's replicas from look to report: the image, the plan, the loop, what there is then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .._container.image import Image, ImageUnavailable, resolve, same
from .._container.resources import Missing, ResourceMissing, missing
from .._engine.interface import Clock, Container, Engine, EngineError, NameTaken, NoSuchContainer
from .converge import converge
from .model import Replica, Replicas, Superseded
from .plan import ForeignContainer, Keep, plan
from .ports import host_ports
from .report import before_and_after, listed


@dataclass(frozen=True)
class Update:
    """
    What became of the replicas; ``failure`` is a sentence where they are not as wanted.

    ``image_names`` are the ID and the repository digests of the image that the host has, ``missing``
    the networks and volumes that it has not.
    """

    replicas: Sequence[Mapping[str, Any]] = ()
    fence: int | None = None
    changed: bool = False
    diff: Mapping[str, str] = field(default_factory=lambda: {"before": "", "after": ""})
    image_names: Sequence[str] = ()
    missing: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"networks": [], "volumes": []})
    failure: str = ""

    def returned(self) -> dict[str, Any]:
        """Return what the module returns."""
        return {key: value for key, value in asdict(self).items() if key != "failure"}


class PortTaken(Exception):
    """A port of the host that a replica needs is somebody else's; the message says whose."""


#: Times that somebody else may have moved what was planned with, before something else must be wrong.
ROUNDS = 10


def update(engine: Engine, clock: Clock, replicas: Replicas, predict: bool = False) -> Update:
    """
    Bring the replicas to the wanted state, or tell what that would change (``predict``).

    Raises ValueError where the options cannot be fulfilled, and EngineError where the engine
    does not answer before anything was changed.
    """
    actions: dict[str, str] = {}
    for _round in range(ROUNDS):
        try:
            return _update(engine, clock, replicas, predict, actions)
        except (NameTaken, NoSuchContainer) as moved:
            # Somebody else is at the same replicas: look again, plan again.
            last = moved
    raise EngineError(f"others changed the replicas of {replicas.name} {ROUNDS} times in a row: {last}")


def _update(engine: Engine, clock: Clock, replicas: Replicas, predict: bool, actions: dict[str, str]) -> Update:
    found = engine.named(f"{replicas.name}-")
    there = Update(listed(replicas, found, actions), replicas.fence)
    try:
        replicas = replicas.fenced(found)
        image = _image(engine, replicas, predict)
        wanted = replicas.wanted(image or Image(_promised(replicas)))
        operations = plan(replicas, wanted, found)
        lacking = missing(engine, replicas.definition) if wanted or predict else Missing({}, {})
        there = replace(there, missing={"networks": [*lacking.networks], "volumes": [*lacking.volumes]})
        if wanted:
            if replicas.require_resources or not predict:
                lacking.refuse()
            _require_ports(engine, wanted, own=[it.name for it in found if replicas.owns(it)])
    except (ImageUnavailable, ForeignContainer, ResourceMissing, PortTaken, Superseded) as refusal:
        return replace(there, failure=f"{replicas.name} was not changed: {refusal}.")
    diff = before_and_after(replicas, found, operations)
    there = replace(there, fence=replicas.fence, diff=diff, image_names=(image.id, *image.digests) if image else ())
    if predict:
        return replace(there, changed=any(not isinstance(step, Keep) for step in operations))
    failure = ""
    try:
        converge(engine, clock, operations, actions)
    except (NameTaken, NoSuchContainer):
        raise
    except EngineError as error:
        failure = f"{error}; what had not been reached yet was left as it was."
    changed = any(action != "kept" for action in actions.values())
    return replace(
        there, replicas=listed(replicas, _present(engine, replicas), actions), changed=changed, failure=failure
    )


def _image(engine: Engine, replicas: Replicas, predict: bool) -> Image | None:
    """Return the host's image; None where it is not there, and is not needed or yet to be pulled."""
    reference = replicas.definition.image
    if not replicas.count:
        return engine.image(reference)
    try:
        image = resolve(engine, replicas.definition, "never" if predict else replicas.pull)
    except ImageUnavailable as error:
        if predict and replicas.pull != "never":
            return None
        raise ImageUnavailable(
            f"this host has no image {reference}: {error}; pull or load it here, and run the release again"
        ) from None
    if replicas.expected and not same(image, replicas.expected):
        raise ImageUnavailable(
            f"{reference} is here {', '.join((image.id, *image.digests))}, and the migration ran "
            f"{' / '.join(replicas.expected)}; name the image by its digest, or pull it again on all hosts"
        )
    return image


def _promised(replicas: Replicas) -> str:
    return next(iter(replicas.expected), replicas.definition.image)


def _require_ports(engine: Engine, wanted: Sequence[Replica], own: Sequence[str]) -> None:
    """Raise PortTaken, naming whose it is, where a replica could not have one of its ports."""
    asked = {
        port: replica.name
        for replica in wanted
        for port in host_ports(replica.definition.options.get("published_ports", ()))
    }
    for port, holder in engine.holders(asked) if asked else ():
        if holder not in own:
            who = f"the container {holder}" if holder else "another program"
            look = f"docker stop {holder}" if holder else f"ss --listening --processes | grep :{port.number}"
            raise PortTaken(
                f"container.published_ports gives {asked[port]} the port {port}, which {who} has on this host: "
                f"choose another port, or free this one ({look})"
            )


def _present(engine: Engine, replicas: Replicas) -> Sequence[Container]:
    """After a failure the engine may be away; the failure is what has to be told then."""
    try:
        return engine.named(f"{replicas.name}-")
    except EngineError:
        return ()

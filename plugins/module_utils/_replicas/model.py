# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The replicas that are wanted, and how one that is found compares with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .._definition import labels
from .._definition.definition import Definition
from .._engine.interface import Container, HostPort, Image, RestartPolicy
from .policy import UpdatePolicy
from .ports import assign, host_ports

_RESTARTING = ("restart_policy", "restart_retries")


class Superseded(Exception):
    """A newer release has been here; the message names it."""


@dataclass(frozen=True)
class Replica:
    """One replica as it is wanted: its own name, and its own share of the host ports."""

    name: str
    definition: Definition
    image: Image
    labels: Mapping[str, str]

    def fits(self, container: Container) -> bool:
        """Return whether a container is what is wanted, whichever release it was made for."""
        carried = container.labels.get(labels.DEFINITION, "")
        return container.image_id == self.image.id and not self.definition.differences(carried, container.environment)

    @property
    def on_trial(self) -> Definition:
        """
        Return the definition to create it with.

        Without its restart policy, which it gets when it serves: a crash then is an end that can be
        seen, and what is put aside half-way does not come back with the engine.
        """
        options = {key: value for key, value in self.definition.options.items() if key not in _RESTARTING}
        return replace(self.definition, options=options)

    @property
    def restart_policy(self) -> RestartPolicy:
        """Return the restart policy that it gets when it serves."""
        return RestartPolicy.read(self.labels[labels.RESTART])

    @property
    def host_ports(self) -> tuple[HostPort, ...]:
        """Return the ports of the host that it needs."""
        return tuple(host_ports(self.definition.options.get("published_ports", ())))


@dataclass(frozen=True)
class Replicas:
    """
    The replicas ``NAME-1`` to ``NAME-COUNT`` of one host.

    ``definition`` is that of all; ``count`` 0 stands for none (``state: absent``). ``expected``
    are the names, ID or digest, of the image that the migration ran; none means any image.
    ``fence`` is that of the release, None to carry the highest one on that is there. With
    ``adopt``, containers that others have made under these names are replaced.
    ``require_resources`` is whether a prediction fails without their networks and volumes.
    """

    name: str
    definition: Definition
    count: int
    release: str = ""
    fence: int | None = None
    ignore_fence: bool = False
    adopt: bool = False
    pull: str = "missing"
    require_resources: bool = True
    expected: tuple[str, ...] = ()
    update: UpdatePolicy = field(default_factory=UpdatePolicy)

    def wanted(self, image: Image) -> tuple[Replica, ...]:
        """Return each replica; raise ValueError where the host ports do not suffice."""
        return tuple(self._replica(index, image) for index in range(1, self.count + 1))

    def check(self) -> None:
        """Raise ValueError where not every replica could be given what the definition asks for."""
        self.wanted(Image(""))

    def fenced(self, found: Iterable[Container]) -> Replicas:
        """
        Return them with the fence that new ones get.

        Raises Superseded where one that is there is of a newer release, unless that is to be ignored.
        """
        highest = max(filter(self.owns, found), key=_fence, default=None)
        there = _fence(highest) if highest else 0
        if highest and self.fence is not None and there > self.fence and not self.ignore_fence:
            newer = highest.labels.get(labels.RELEASE, "")
            raise Superseded(
                f"{highest.name} is of the newer release {newer}; roll out {newer}, or go back on purpose with "
                "ignore_fence (the role's rollout_ignore_fence)"
            )
        return replace(self, fence=there if self.fence is None else self.fence)

    def owns(self, container: Container) -> bool:
        """Return whether the container is one of these replicas, made by this collection."""
        return container.labels.get(labels.KIND) == labels.REPLICA and container.labels.get(labels.NAME) == self.name

    def _replica(self, index: int, image: Image) -> Replica:
        options = dict(self.definition.options)
        if "published_ports" in options:
            options["published_ports"] = assign(options["published_ports"], index, self.count)
        definition = replace(self.definition, options=options)
        policy = RestartPolicy(options.get("restart_policy", "no"), options.get("restart_retries", 0))
        return Replica(
            name=f"{self.name}-{index}",
            definition=definition,
            image=image,
            labels={
                labels.KIND: labels.REPLICA,
                labels.NAME: self.name,
                labels.RELEASE: self.release,
                labels.FENCE: str(self.fence or 0),
                labels.DEFINITION: definition.label(),
                labels.RESTART: str(policy),
            },
        )


def _fence(container: Container) -> int:
    return int(container.labels.get(labels.FENCE) or 0)

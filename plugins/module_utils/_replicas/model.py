# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The replicas that are wanted, and how one that is found compares with them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .._definition import labels
from .._definition.definition import Definition
from .._definition.refusal import Refusal
from .._engine.interface import Container, HostPort, Image, RestartPolicy
from .._preflight.port_ranges import assign, host_ports

START_FIRST, STOP_FIRST = "start_first", "stop_first"
ROLLBACK, PAUSE = "rollback", "pause"

_RESTART_OPTIONS = ("restart_policy", "restart_retries")


class Superseded(Refusal):
    """A newer release has been here; the message names it."""


@dataclass(frozen=True)
class UpdatePolicy:
    """
    How replicas are to be replaced, in the words of Compose and Swarm.

    ``order`` None stands for start_first where that is possible; times are in seconds, None for
    what follows from the healthcheck, and for ``drain`` from the networks.
    """

    order: str | None = None
    parallelism: int = 1
    healthy_timeout: float | None = None
    monitor: float | None = None
    drain: float | None = None
    failure_action: str = ROLLBACK


@dataclass(frozen=True)
class Replica:
    """One replica as it is wanted: its own name, and its own share of the host ports."""

    name: str
    definition: Definition
    image: Image
    labels: Mapping[str, str]

    def differences(self, container: Container) -> tuple[str, ...]:
        """Return the names of the keys in which a container differs, whichever release it was made for."""
        image = () if container.image_id == self.image.id else ("image",)
        label = container.labels.get(labels.DEFINITION, "")
        return (*image, *self.definition.differences(label, container.environment))

    @property
    def without_restart_policy(self) -> Definition:
        """
        Return the definition to create it with.

        It gets its restart policy when it serves: until then a crash is an end that can be
        seen, and what is left by an interrupted update does not come back with the engine.
        """
        options = {key: value for key, value in self.definition.options.items() if key not in _RESTART_OPTIONS}
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
    ``fence`` is that of the release; with None, new replicas get the highest one that is there. With
    ``adopt``, containers that others have made under these names are replaced.
    ``require_resources`` is whether a dry run fails without their networks and volumes.
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

    def with_fence(self, found: Iterable[Container]) -> Replicas:
        """
        Return them with the fence that new ones get.

        Raises Superseded where one that is there belongs to a newer release, unless that is to be ignored.
        """
        newest = max(filter(self.owns, found), key=_fence, default=None)
        highest = _fence(newest) if newest else 0
        if newest and self.fence is not None and highest > self.fence and not self.ignore_fence:
            release = newest.labels.get(labels.RELEASE, "")
            raise Superseded(
                f"{newest.name} is of the newer release {release}; roll out {release}, or go back on purpose with "
                "ignore_fence (the role's rollout_ignore_fence)"
            )
        return replace(self, fence=highest if self.fence is None else self.fence)

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

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan is: stages of tracks of operations; and how tracks are put into stages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Tuple

from .._definition.refusal import Refusal
from .._engine.interface import HostPort
from .._preflight.port_ranges import overlap
from .operations import CREATED, Create, Drain, Operations, Rename, WaitUntilHealthy

#: What a track does to its slot, as the module returns it.
KEPT, STARTED, MADE, REPLACED, REMOVED, RESTORED = (
    "kept", "started", "created", "replaced", "removed", "restored",
)  # fmt: skip


class Impossible(Refusal):
    """No plan leads to what is wanted and keeps the promises; the message says why."""


@dataclass(frozen=True)
class Track:
    """
    The operations on one slot, one after the other; ``action`` is what they do to it.

    ``needs`` are the ports of the host that must be free for them, ``frees`` those that they free.
    ``interrupts`` says that something that serves is away for a while, or is put at risk.
    """

    name: str
    action: str
    operations: Operations
    needs: tuple[HostPort, ...] = ()
    frees: tuple[HostPort, ...] = ()
    interrupts: bool = False

    @property
    def changes(self) -> bool:
        """Return whether something is changed, and not only waited for."""
        return any(not isinstance(operation, (WaitUntilHealthy, Drain)) for operation in self.operations)


#: Tracks that go at the same time.
Stage = Tuple[Track, ...]


@dataclass(frozen=True)
class Plan:
    """
    Stages that go one after the other; printed, it has a line for each operation.

    ``cleanup`` comes last, and removes what is not needed any more: after it there is no rollback. With ``replan``
    the stages only bring to an end what was interrupted, as far as possible, and a new look and a new plan follow.
    ``names`` are those of the containers that are there, by their IDs.
    """

    stages: tuple[Stage, ...] = ()
    cleanup: Stage = ()
    replan: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Return all tracks, those of each stage after those of the stage before it."""
        return tuple(track for stage in (*self.stages, self.cleanup) for track in stage)

    @property
    def idle(self) -> bool:
        """Return whether there is nothing to do, and nothing to wait for."""
        return not self.replan and not self.tracks

    @property
    def changes(self) -> bool:
        """Return whether something is changed, and not only waited for."""
        return self.replan or any(track.changes for track in self.tracks)

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        names = dict(self.names)
        for number, stage in enumerate(filter(None, (*self.stages, self.cleanup)), 1):
            for track in stage:
                for text in _texts(track, names):
                    yield f"stage {number}: {text}"
        if self.replan:
            yield "then: look and plan again"


def _texts(track: Track, names: dict[str, str]) -> Iterator[str]:
    """Yield a text for each operation, and note the names that containers have after it."""
    for operation in track.operations:
        container_id = CREATED if isinstance(operation, Create) else operation.container_id
        yield f"{operation.text(names.get(container_id, ''))} ({operation.cause})"
        if isinstance(operation, (Create, Rename)):
            names[container_id] = operation.name


def schedule(tracks: Iterable[Track], parallelism: int) -> tuple[Stage, ...]:
    """
    Return the tracks in stages.

    What interrupts nothing goes at once, and before all that does; of the rest, ``parallelism`` go
    at a time. A track that needs a port of the host waits for the one that frees it; raises
    Impossible where they wait for one another.
    """
    remaining = list(tracks)
    stages: list[Stage] = []
    while remaining:
        ready = [track for track in remaining if not _waits(track, remaining)]
        if not ready:
            ports = sorted({str(port) for track in remaining for port in track.needs})
            names = ", ".join(track.name for track in remaining)
            raise Impossible(
                f"{names} would have to swap their ports of the host ({', '.join(ports)}) at the same moment: choose "
                "other ports, or remove the replicas first (state: absent)"
            )
        stage = [track for track in ready if not track.interrupts] or ready[:parallelism]
        stages.append(tuple(stage))
        remaining = [track for track in remaining if track not in stage]
    return tuple(stages)


def _waits(track: Track, others: Sequence[Track]) -> bool:
    return any(overlap(track.needs, other.frees) for other in others if other is not track)

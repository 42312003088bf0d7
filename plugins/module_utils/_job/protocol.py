# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action tells the module in each call, and what the module replies beside the result. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .._logs.chunk import LogChunk, LogRequest

#: The key of a module's result that holds the reply; the action takes it out.
REPLY = "reply"


@dataclass(frozen=True)
class EarlierResult:
    """A result that this invocation has returned already, and the label of the definition that it was for."""

    result: Mapping[str, Any]
    definition: str


@dataclass(frozen=True)
class Progress:
    """
    A job that has not come to its end.

    ``watching`` is the ID of the container whose end counts. Without one, ``waiting``, somebody else holds the job, and
    the sentence says who. ``running`` are the seconds since the start, ``usual`` those that the last success took.
    """

    sentence: str
    watching: str = ""
    waiting: bool = False
    running: float = 0.0
    usual: float | None = None


@dataclass(frozen=True)
class Call:
    """
    One execution of the module, of which an invocation of ansible-playbook has several for each job.

    ``invocation`` names the invocation, ``invoked_by`` who started it (user@controller), ``creator`` this very execution.
    ``fleet_images`` maps hosts of the release to the ID and digests of the image that they hold.

    ``attempt`` counts the runs of this invocation from 1. ``patience`` are the seconds after which the execution returns
    also without an end, ``waited`` those that earlier ones have waited for somebody else. ``watching`` is the ID of the
    container that they watched, ``log`` what is wanted of the log (None: nothing), ``earlier`` what this invocation has
    returned for an earlier batch.

    With ``dry_run`` the job is waited for until a run would begin, and none is begun. With ``planning`` a plan command
    runs although it is check mode.
    """

    invocation: str = ""
    invoked_by: str = ""
    creator: str = ""
    fleet_images: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attempt: int = 1
    patience: float = math.inf
    waited: float = 0.0
    watching: str = ""
    dry_run: bool = False
    planning: bool = False
    log: LogRequest | None = None
    earlier: EarlierResult | None = None

    def arguments(self) -> dict[str, Any]:
        """Return it as the module's internal option, in types that JSON has; the creator is the execution's own."""
        values = {key: value for key, value in vars(self).items() if value not in (None, math.inf) and key != "creator"}
        if self.log:
            values["log"] = self.log.arguments()
        if self.earlier:
            values["earlier"] = asdict(self.earlier)
        return values

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any], creator: str = "") -> Call:
        """Return the call that ``arguments`` was made of."""
        values = {**arguments, "creator": creator}
        images = values.get("fleet_images") or {}
        values["fleet_images"] = {host: _names(names) for host, names in images.items()}
        if values.get("log"):
            values["log"] = LogRequest.from_arguments(values["log"])
        if values.get("earlier"):
            values["earlier"] = EarlierResult(**values["earlier"])
        return cls(**values)


@dataclass(frozen=True)
class Reply:
    """
    What the module tells the action beside the result.

    ``progress`` where the job has not come to its end. ``log`` is what was written, ``definition`` the label of what the
    task asked for, ``retry_after`` the seconds until the next attempt, None where there is none.
    """

    progress: Progress | None = None
    log: LogChunk | None = None
    definition: str = ""
    retry_after: float | None = None

    def returned(self) -> dict[str, Any]:
        """Return it as a part of the module's result, in types that JSON has."""
        values = {
            "progress": asdict(self.progress) if self.progress else None,
            "log": self.log.returned() if self.log else None,
            "definition": self.definition,
            "retry_after": self.retry_after,
        }
        return {REPLY: values}

    @classmethod
    def take_from(cls, returned: MutableMapping[str, Any]) -> Reply:
        """Take the reply out of what the module has returned; a module that could not begin has given none."""
        values = dict(returned.pop(REPLY, None) or {})
        if values.get("progress"):
            values["progress"] = Progress(**values["progress"])
        if values.get("log"):
            values["log"] = LogChunk.from_returned(values["log"])
        return cls(**values)


def _names(names: str | Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)

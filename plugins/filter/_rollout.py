# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decisions of the role rollout, and its messages. They are internal to it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

#: What a task has registered on a host, empty where it has not run there.
Registered = Mapping[str, Any]

#: The last lines of the output that a message shows.
LAST_LINES = 20

_COLUMNS = ("release", "image", "outcome", "exit code", "started (UTC)", "duration", "by")


def host_lacks(check: Registered, pull: str, create: bool) -> bool:
    """Return whether the role has something to get for a host: its image, or what it may create there."""
    missing = check.get("missing") or {}
    resources = [*missing.get("networks", ()), *missing.get("volumes", ())]
    return pull == "always" or not check.get("image_names") or bool(create and resources)


def fleet_images(checks: Mapping[str, Registered], pulls: Mapping[str, Registered]) -> dict[str, list[str]]:
    """Return the ID and the repository digests of the image that each host has: the pulled one, or the one of its check."""
    return {host: _pulled(pulls.get(host)) or list(check.get("image_names") or ()) for host, check in checks.items()}


def up_to_date(checks: Sequence[Registered], record: Registered) -> bool:
    """Return whether each host has all of the release whose migration the record describes, and it is healthy."""
    image = {record.get("image_id"), record.get("image_digest")} - {None}
    return bool(record) and all(
        check.get("up_to_date") and check["fence"] <= record["fence"] and image & {*check["image_names"]}
        for check in checks
    )


def has_succeeded(
    result: Registered, name: str, image: str, release: str | None, migrate: bool, planning: bool
) -> bool:
    """
    Return whether the result of a job lets the play go on: of this name, image and release (None: any).

    It has to be a success, or ``skipped`` where the play asks for no migration, or ``planned`` in check mode.
    """
    accepted = {"succeeded" if migrate else "skipped", *(["planned"] if planning else [])}
    same_job = (result.get("name"), result.get("image")) == (name, image)
    return result.get("outcome") in accepted and same_job and release in (None, result.get("release"))


def replica_options(result: Registered) -> dict[str, Any]:
    """Return the options of the module replicas that come from the migration's result, those that it has."""
    values = {key: result.get(key) for key in ("image_id", "image_digest", "fence", "release")}
    return {key: value for key, value in values.items() if value}


def failure_account(result: Registered, image: str) -> str:
    """Return what happened to a job, its last lines, and where its whole log is."""
    if "outcome" not in result:
        return (
            "The task that runs it was skipped for this batch, by tags or by a condition that is false on the batch's first "
            "host: let the whole role run, and give include_role a condition that is the same on all hosts."
        )
    host = result.get("host")
    lines = [
        f"Outcome: {result['outcome']}, on {host}, with {image or 'no image'}",
        str(result.get("diagnosis")),
        *(f"  | {line}" for line in [*result["stdout_lines"], *result["stderr_lines"]][-LAST_LINES:]),
    ]
    if result.get("container_name"):
        here = f", or {result['log_path']}, here" if result.get("log_path") else ""
        lines.append(f"The whole log: docker logs {result['container_name']}, on {host}{here}")
    return "\n".join(lines)


def unfit_hosts(
    checks: Mapping[str, Registered], alive: Sequence[str], batch: Sequence[str], planning: bool
) -> list[str]:
    """
    Return why a release cannot be finished, a line for each host that is not known to have it.

    ``checks`` are those of all hosts of the play, ``alive`` the hosts that have not failed, ``batch`` those of this batch.
    """
    reasons = ((host, _unfitness(host, check, alive, batch, planning)) for host, check in checks.items())
    return [f"{host}{reason}" for host, reason in reasons if reason]


def history_table(records: Sequence[Registered], name: str, runner: str) -> list[str]:
    """Return the lines that show the runs of a job, with columns as wide as their contents."""
    if not records:
        return [f"{runner} has no record of {name}: see whether it is the host that migrates."]
    rows = [_COLUMNS, *map(_row, records)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    table = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return [f"{name} on {runner}, the newest run first", *table]


def _pulled(pull: Registered | None) -> list[str]:
    image = (pull or {}).get("image") or {}
    return [image["Id"], *(image.get("RepoDigests") or ())] if image.get("Id") else []


def _unfitness(host: str, check: Registered, alive: Sequence[str], batch: Sequence[str], planning: bool) -> str:
    if host not in alive:
        return " has failed, or cannot be reached"
    if host not in batch:
        return " is not in this batch: finish in a play of its own, without serial"
    if "msg" in check:
        return f": {check['msg']}"
    if "replicas" not in check:
        return " has not been checked: finish in a play of its own, with the strategy linear"
    if planning:
        return ""
    if check.get("changed"):
        return " does not have the replicas of this release"
    return "" if check.get("up_to_date") else " has replicas that are not healthy"


def _row(record: Registered) -> tuple[str, ...]:
    started, duration, code = record["started_at"], record["duration"], record["exit_code"]
    return (
        str(record["release"]),
        str(record["image"]),
        str(record["outcome"] or ("running" if started else "created")),
        "-" if code is None else str(code),
        str(started or "-")[:19].replace("T", " "),
        "-" if duration is None else f"{duration:.1f} s",
        str(record["invoked_by"] or "-"),
    )


class FilterModule:
    """The filters by the names that the role uses."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return them."""
        functions: tuple[Callable[..., Any], ...] = (
            host_lacks,
            fleet_images,
            up_to_date,
            has_succeeded,
            replica_options,
            failure_account,
            unfit_hosts,
            history_table,
        )
        return {f"_rollout_{function.__name__}": function for function in functions}

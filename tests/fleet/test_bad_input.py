# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each mistake gives a clear sentence, changes nothing, and leaves nothing behind."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from support.fleet import Fleet
from tests.fleet import playing
from tests.fleet.bad_input import CASES, IMAGE, Case


def _given(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _variables(case: Case) -> dict[str, object]:
    usual = playing.variables(IMAGE, rollout_hosts="h1:h2")
    container = usual["rollout_container"]
    assert isinstance(container, dict)
    return _given({**usual, "rollout_container": _given({**container, **case.container}), **case.role})


def _is_prepared(hosts: list[playing.Host]) -> bool:
    """Emptying hosts takes longer than a refusal."""
    return all(not host.containers and not host.migrations and playing.VOLUME in host.resources for host in hosts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_is_refused(whole_fleet: Fleet, case: Case) -> None:
    fleet, host = whole_fleet, whole_fleet[case.host]
    if not _is_prepared(playing.look(fleet)):
        playing.prepare(fleet)
    case.prepared(host)
    before = playing.look(fleet)
    case.broken(host)
    try:
        done = playing.play(fleet, _variables(case), user=case.user)
    finally:
        case.mended(host)
    print(done.message)
    assert done.status != 0
    assert re.search(case.message, done.message), done.output
    assert "Traceback" not in done.output
    assert playing.look(fleet) == before

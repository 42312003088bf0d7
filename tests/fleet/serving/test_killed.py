# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module is killed at each of its changes in turn, and executed again: nothing is lost, and nothing left over."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from support.docker_client import client
from tests.fleet import playing
from tests.fleet.serving import module
from tests.fleet.serving.conftest import SEEN
from tests.fleet.serving.engine_proxy import AFTER, BEFORE, EngineProxy
from tests.fleet.serving.module import Container, Wanted


@dataclass(frozen=True)
class Case:
    """From one wanted state to another, which may fail; so many replicas serve whatever happens meanwhile.

    `back`: what is executed after the kill is the first state again. `stays`: so it is after a failure, which leaves all as
    it stands.
    """

    name: str
    before: Wanted
    after: Wanted
    least: int
    fails: bool = False
    back: bool = False
    stays: bool = False


AT_ONCE, PAUSE, DRAIN = {"parallelism": 2}, {"failure_action": "pause"}, {"drain": "100ms"}
PORTS, MOVED = ({"published_ports": [f"127.0.0.1:{first}-{first + 1}:80"]} for first in (18081, 18080))
NETWORK = {"networks": [{"name": module.NAME}]}


def _update(order: str, least: int) -> Case:
    return Case(f"update {order}", Wanted(order=order), Wanted("2", order=order), least)


def _failing(order: str, least: int) -> Case:
    crashing = Wanted("2", order=order, container=module.CRASHES)
    return Case(f"failing update {order}", Wanted(order=order), crashing, least, fails=True)


CASES = (
    _update("start_first", 2),
    _update("stop_first", 1),
    _failing("start_first", 2),
    _failing("stop_first", 1),
    replace(_update("start_first", 2), name="update start_first and back", back=True),
    replace(_update("stop_first", 1), name="update stop_first and back", back=True),
    Case("more", Wanted(), Wanted(count=4), 2),
    Case("fewer", Wanted(count=4), Wanted(count=1), 1),
    Case("update with more", Wanted(), Wanted("2", count=3), 2),
    Case("update with fewer", Wanted(count=3), Wanted("2", count=2), 2),
    Case("update at once", Wanted(order="stop_first"), Wanted("2", order="stop_first", update=AT_ONCE), 0),
    Case("failing update at once", Wanted(), Wanted("2", update=AT_ONCE, container=module.CRASHES), 2, fails=True),
    # The second one's port is the first one's before.
    Case(
        "ports that move",
        Wanted(order="stop_first", container=PORTS),
        Wanted("2", order="stop_first", container=MOVED),
        1,
    ),
    Case("update on a network", Wanted(container=NETWORK), Wanted("2", container=NETWORK, update=DRAIN), 2),
    replace(
        _failing("start_first", 2), name="pause", stays=True, after=Wanted("2", container=module.CRASHES, update=PAUSE)
    ),
)


@pytest.fixture(autouse=True)
def images() -> Iterator[None]:
    """Both versions are there, and a network; at the end no container is, nor the network."""
    for version in ("1", "2"):
        playing.image(version)
    network = client().networks.create(module.NAME)
    try:
        yield
    finally:
        module.clear()
        network.remove()


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_killed_at_each_change(
    case: Case, moment: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    killed = itertools.takewhile(bool, (_killed(case, number, moment, tmp_path) for number in itertools.count(1)))
    times = len(list(killed))
    assert times
    record_property(SEEN, f"killed at {times} changes, {moment} each")


def _killed(case: Case, number: int, moment: str, folder: Path) -> bool:
    """Kill the module at the change of that number, and execute it again. False: it makes no such change."""
    module.clear()
    begun = module.execute(case.before)
    assert begun, "it was killed though nobody should"
    before = module.there()
    served: list[int] = []
    with EngineProxy(folder / "first", number, moment, lambda: served.append(module.serving())) as first:
        result = module.execute(case.after, folder / "first")
    assert (result is None) == first.killed
    served.append(module.serving())
    story = list(first.calls)
    if first.killed:
        _none_is_lost(case, before)
        with EngineProxy(folder / "again", look=lambda: served.append(module.serving())) as again:
            result = module.execute(case.before if case.back else case.after, folder / "again")
        story += ["again", *again.calls]
    assert result, story
    assert bool(result.get("failed")) == case.fails, (story, result)
    if case.stays:
        result = module.execute(case.before)
        assert result and not result.get("failed"), (story, result)
    assert min(served) >= case.least, (story, served)
    wanted = case.before if case.fails or (case.back and first.killed) else case.after
    _is_as_wanted(wanted, story)
    if wanted.version == case.before.version and not case.back:
        kept = min(case.before.count, wanted.count)
        assert [it.id for it in module.there()[:kept]] == [it.id for it in before[:kept]], story
    return first.killed


def _none_is_lost(case: Case, before: Sequence[Container]) -> None:
    """An old one is removed only when a new one serves in its place, or its place is not wanted any more."""
    there = module.there()
    lost = [it for it in before[: case.after.count] if it.id not in {other.id for other in there}]
    new = [it for it in there if it.running and it.id not in {other.id for other in before}]
    assert len(lost) <= len(new), (lost, there)


def _is_as_wanted(wanted: Wanted, story: object) -> None:
    there = module.there()
    assert [it.name for it in there] == [str(number + 1) for number in range(wanted.count)], (story, there)
    assert {(it.version, it.running, it.restarts) for it in there} == {(wanted.version, True, "always")}, (story, there)
    result = module.execute(wanted)
    assert result, story
    assert not result["changed"], (story, result)
    assert module.there() == there

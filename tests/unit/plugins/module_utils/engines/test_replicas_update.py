# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas: what is missing is created, what differs is replaced, what fits is left alone."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, HostPort
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.policy import UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.requirements import STARTING
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.update import Update, update
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import foreign
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE, NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryEngine
from ansible_collections.migrate_first.docker.tests.unit.support.ports import free_ports
from ansible_collections.migrate_first.docker.tests.unit.support.programs import IGNORE_TERM, SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition, replicas


def updated(lab: Lab, wanted: Replicas) -> Update:
    """Bring the replicas to the wanted state, and forget the calls before that."""
    lab.observed.calls.clear()
    return update(lab.engine, lab.clock, wanted)


def actions(result: Update) -> list[str]:
    return [replica["action"] for replica in result.replicas]


def names(lab: Lab, containers: tuple[Container, ...]) -> list[str]:
    return [container.name[len(lab.prefix) :] for container in containers]


def ids(containers: tuple[Container, ...]) -> list[str]:
    return [container.id for container in containers]


def test_what_is_missing_is_created(lab: Lab) -> None:
    result = updated(lab, replicas(lab.name("shop"), 3))
    assert (result.failure, result.changed, actions(result)) == ("", True, ["created"] * 3)
    assert names(lab, lab.all()) == ["shop-1", "shop-2", "shop-3"]
    assert all(container.running for container in lab.all())
    assert {container.labels[labels.RELEASE] for container in lab.all()} == {"1"}


def test_the_result_tells_of_each(lab: Lab) -> None:
    result = updated(lab, replicas(lab.name("shop"), 1, fence=12))
    container = lab.all()[0]
    assert result.returned() == {
        "replicas": [
            {
                "name": lab.name("shop-1"),
                "container_id": container.id,
                "image_id": lab.image().id,
                "status": "running",
                "health": None,
                "action": "created",
                "published": {},
            }
        ],
        "changed": True,
        "rolled_back": False,
        "up_to_date": False,
        "fence": 12,
        "diff": {"before": "", "after": f"{lab.name('shop-1')} {lab.image().id}\n"},
        "image_names": (lab.image().id,),
        "missing": {"networks": [], "volumes": []},
    }


@pytest.mark.parametrize("release", ["1", "2"])
def test_what_fits_is_left_alone(lab: Lab, release: str) -> None:
    wanted = replicas(lab.name("shop"), container={"secret_env": {"TOKEN": "hidden"}, "env": {"COLOUR": "blue"}})
    updated(lab, wanted)
    before = lab.all()
    result = updated(lab, replace(wanted, release=release))
    assert (result.failure, result.changed, actions(result)) == ("", False, ["kept", "kept"])
    assert lab.all() == before
    assert not {"create", "start", "stop", "remove", "rename"} & lab.observed.calls.keys()
    assert result.diff["before"] == result.diff["after"]


@pytest.mark.parametrize(
    "differing",
    [
        pytest.param({"image": NEXT_IMAGE}, id="image"),
        pytest.param({"command": IGNORE_TERM.command}, id="command"),
        pytest.param({"hostname": "shop"}, id="another key"),
        pytest.param({"env": {"COLOUR": "red", "SIZE": "big"}}, id="a value of env"),
        pytest.param({"env": {"COLOUR": "blue", "SIZE": "big", "TASTE": "sweet"}}, id="a name more in env"),
        pytest.param({"env": {"COLOUR": "blue"}}, id="a name less in env"),
        pytest.param({"secret_env": {"TOKEN": "another"}}, id="a secret"),
    ],
)
def test_what_differs_is_replaced(lab: Lab, differing: dict[str, Any]) -> None:
    container = {"secret_env": {"TOKEN": "hidden"}, "env": {"COLOUR": "blue", "SIZE": "big"}}
    updated(lab, replicas(lab.name("shop"), container=container))
    before = lab.all()
    wanted = replicas(lab.name("shop"), container={**container, **differing}, release="2")
    result = updated(lab, wanted)
    assert (result.failure, result.changed, actions(result)) == ("", True, ["replaced", "replaced"])
    after = lab.all()
    assert names(lab, after) == ["shop-1", "shop-2"]
    assert not set(ids(after)) & set(ids(before))
    assert {container.image_id for container in after} == {lab.image(wanted.definition.image).id}
    assert all(container.running for container in after)
    assert not updated(lab, wanted).changed


@pytest.mark.parametrize(("order", "seen"), [("start_first", [3] * 6), ("stop_first", [2] * 6)])
def test_only_one_is_away_at_a_time(lab: Lab, order: str, seen: list[int]) -> None:
    updated(lab, replicas(lab.name("shop"), 3))
    serving: list[int] = []

    def look(*_arguments: object) -> None:
        serving.append(sum(container.running for container in lab.all()))

    lab.observed.before("start", look, look, look)
    lab.observed.after("stop", look, look, look)
    updated(lab, replicas(lab.name("shop"), 3, container={"image": NEXT_IMAGE}, update=UpdatePolicy(order=order)))
    assert serving == seen


def test_each_is_stopped_within_its_own_time(lab: Lab) -> None:
    updated(lab, replicas(lab.name("shop"), 1, container={"stop_timeout": 3}))
    given: list[int] = []
    lab.observed.before("stop", lambda _id, seconds: given.append(seconds))
    updated(lab, replicas(lab.name("shop"), 1, container={"stop_timeout": 1, "image": NEXT_IMAGE}))
    assert given == [3]


def test_more_are_added_before_others_are_replaced(lab: Lab) -> None:
    updated(lab, replicas(lab.name("shop"), 1))
    created: list[str] = []
    lab.observed.before("create", *[lambda name, *_: created.append(name)] * 3)
    result = updated(lab, replicas(lab.name("shop"), 3, container={"image": NEXT_IMAGE}))
    assert created == [lab.name("shop-2"), lab.name("shop-3"), lab.name("shop-1.new")]
    assert actions(result) == ["replaced", "created", "created"]


@pytest.mark.parametrize("image", [IMAGE, NEXT_IMAGE], ids=["created", "replaced"])
def test_another_execution_that_is_at_it_is_no_error(lab: Lab, image: str) -> None:
    """Both want the same: what one has made by the time that the other gets there is left alone."""
    if image != IMAGE:
        updated(lab, replicas(lab.name("shop")))
    wanted = replicas(lab.name("shop"), container={"image": image})
    lab.observed.before("create", lambda *_: update(lab.outside, lab.clock, wanted))
    result = updated(lab, wanted)
    assert result.failure == ""
    # What is missing goes all at once: one may have been begun when the other one comes.
    assert actions(result)[0] == ("kept" if image == IMAGE else "replaced")
    assert actions(result)[1] in (("kept", "created") if image == IMAGE else ("kept",))
    assert names(lab, lab.all()) == ["shop-1", "shop-2"]
    assert {container.image_id for container in lab.all()} == {lab.image(image).id}


def test_what_is_over_the_count_is_removed(lab: Lab) -> None:
    updated(lab, replicas(lab.name("shop"), 3))
    before = lab.all()
    result = updated(lab, replicas(lab.name("shop"), 1))
    assert (result.changed, actions(result)) == (True, ["kept"])
    assert lab.all() == before[:1]


def test_all_are_removed_also_where_the_image_is_gone(lab: Lab) -> None:
    updated(lab, replicas(lab.name("shop")))
    result = updated(lab, replicas(lab.name("shop"), 0, container={"image": "mf-test:nowhere"}))
    assert (result.failure, result.changed, result.replicas) == ("", True, [])
    assert lab.all() == ()
    assert not updated(lab, replicas(lab.name("shop"), 0)).changed


def test_other_replicas_are_left_alone(lab: Lab) -> None:
    updated(lab, replicas(lab.name("shop-worker")))
    foreign(lab, lab.name("shop-9"))
    before = lab.all()
    updated(lab, replicas(lab.name("shop")))
    updated(lab, replicas(lab.name("shop"), 0))
    assert lab.all() == before


@pytest.mark.parametrize("differing", [{}, {"image": NEXT_IMAGE}], ids=["fits", "differs"])
def test_one_that_was_stopped_runs_again(lab: Lab, differing: dict[str, str]) -> None:
    updated(lab, replicas(lab.name("shop")))
    before = lab.all()
    lab.outside.stop(before[1].id, 1)
    result = updated(lab, replicas(lab.name("shop"), container=differing))
    assert (result.failure, result.changed) == ("", True)
    assert actions(result) == (["replaced", "replaced"] if differing else ["kept", "started"])
    assert (ids(lab.all()) == ids(before)) == (not differing)
    assert all(container.running for container in lab.all())


def test_each_gets_its_own_host_port(lab: Lab) -> None:
    first, second, third = free_ports(3)
    wanted = replicas(lab.name("shop"), container={"published_ports": [f"127.0.0.1:{first}-{third}:8000"]})
    result = updated(lab, wanted)
    assert result.failure == ""
    assert [replica["published"] for replica in result.replicas] == [
        {"8000/tcp": [f"127.0.0.1:{port}"]} for port in (first, second)
    ]
    assert not updated(lab, wanted).changed


def test_too_few_host_ports_change_nothing(lab: Lab) -> None:
    first, _second, third = free_ports(3)
    updated(lab, replicas(lab.name("shop"), 1))
    before = lab.all()
    with pytest.raises(ValueError, match="published_ports"):
        updated(lab, replicas(lab.name("shop"), 4, container={"published_ports": [f"{first}-{third}:8000"]}))
    assert lab.all() == before


def _occupied(lab: Lab, address: str, taker: str) -> AbstractContextManager[object]:
    """Let a container have the port, or a program of the host."""
    host, _colon, port = address.rpartition(":")
    if taker == "container":
        foreign(lab, lab.name("other"), definition(SERVE, published_ports=[f"{address}:80"]))
    elif isinstance(lab.outside, MemoryEngine):
        lab.outside.listening.add(HostPort(int(port), "tcp", host))
    else:
        return socket.create_server((host, int(port)))
    return nullcontext()


@pytest.mark.parametrize("predict", [False, True], ids=["carried out", "predicted"])
@pytest.mark.parametrize(("taker", "named"), [("container", "the container"), ("program", "another program")])
def test_a_port_that_something_else_has_stops_it_before_anything_is_done(
    lab: Lab, taker: str, named: str, predict: bool
) -> None:
    first, second = free_ports(2)
    ports = {"published_ports": [f"127.0.0.1:{first}-{second}:8000"]}
    updated(lab, replicas(lab.name("shop"), 1, container=ports))
    with _occupied(lab, f"127.0.0.1:{second}", taker):
        before = lab.all()
        wanted = replicas(lab.name("shop"), 2, container={**ports, "image": NEXT_IMAGE})
        result = update(lab.engine, lab.clock, wanted, predict=predict)
        assert lab.all() == before
    assert f"gives {lab.name('shop-2')} the port 127.0.0.1:{second}/tcp, which {named}" in result.failure
    assert not result.changed


def _one_stopped(lab: Lab) -> tuple[Replicas, int]:
    (port,) = free_ports(1)
    wanted = replicas(lab.name("shop"), 1, container={"published_ports": [f"127.0.0.1:{port}:8000"]})
    updated(lab, wanted)
    lab.outside.stop(lab.all()[0].id, 1)
    return wanted, port


def test_a_replica_that_another_execution_is_starting_has_its_port_already(lab: Lab) -> None:
    """The port is in use, and no container that runs has it, until the engine says that it does."""
    wanted, port = _one_stopped(lab)
    occupied = ExitStack()
    occupied.enter_context(_occupied(lab, f"127.0.0.1:{port}", "program"))

    def started(*_arguments: object) -> None:
        occupied.close()
        if isinstance(lab.outside, MemoryEngine):
            lab.outside.listening.clear()
        lab.outside.start(lab.all()[0].id)

    lab.observed.before("holders", bool, started)
    with occupied:
        assert updated(lab, wanted).failure == ""
    assert [container.running for container in lab.all()] == [True]


def test_what_has_the_port_of_a_stopped_replica_for_long_is_another_program(lab: Lab) -> None:
    wanted, port = _one_stopped(lab)
    begun = lab.clock.monotonic()
    with _occupied(lab, f"127.0.0.1:{port}", "program"):
        failure = updated(lab, wanted).failure
    assert "which another program has on this host" in failure
    assert lab.clock.monotonic() - begun >= STARTING


def test_a_foreign_container_stops_it_before_anything_is_done(lab: Lab) -> None:
    updated(lab, replicas(lab.name("shop"), 1))
    foreign(lab, lab.name("shop-2"))
    before = lab.all()
    result = updated(lab, replicas(lab.name("shop"), 3, container={"image": NEXT_IMAGE}))
    assert lab.name("shop-2") in result.failure
    assert not result.changed
    assert lab.all() == before


def test_another_image_than_the_migration_ran_stops_it_before_anything_is_done(lab: Lab) -> None:
    updated(lab, replicas(lab.name("shop")))
    before = lab.all()
    wanted = replicas(lab.name("shop"), 3, SERVE, {"image": NEXT_IMAGE}, expected=(lab.image().id, "shop@sha256:1"))
    result = updated(lab, wanted)
    assert lab.image().id in result.failure
    assert lab.image(NEXT_IMAGE).id in result.failure
    assert not result.changed
    assert lab.all() == before
    same = replace(wanted, expected=(lab.image(NEXT_IMAGE).id, "shop@sha256:1"))
    assert updated(lab, same).failure == ""


def test_without_a_volume_that_it_names_nothing_is_done(lab: Lab) -> None:
    updated(lab, replicas(lab.name("shop")))
    before = lab.all()
    result = updated(lab, replicas(lab.name("shop"), 3, container={"volumes": ["mf-test-nowhere:/data"]}))
    assert "mf-test-nowhere" in result.failure
    assert not result.changed
    assert lab.all() == before
    assert "mf-test-nowhere" not in lab.engine.volumes()


@pytest.mark.parametrize("pull", ["never", "missing", "always"])
def test_without_the_image_nothing_is_done(lab: Lab, pull: str) -> None:
    updated(lab, replicas(lab.name("shop")))
    before = lab.all()
    wanted = replicas(lab.name("shop"), 3, SERVE, {"image": "localhost:9/mf-test:nowhere"}, pull=pull)
    result = updated(lab, wanted)
    assert "localhost:9/mf-test:nowhere" in result.failure
    assert not result.changed
    assert lab.all() == before

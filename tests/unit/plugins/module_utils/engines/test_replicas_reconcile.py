# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas that are missing are created, those that differ are replaced, and those that fit are left alone."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import Container, HostPort
from ansible_collections.migrate_first.docker.plugins.module_utils._preflight.ports import STARTING
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.model import Replicas, UpdatePolicy
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.reconcile import reconcile
from ansible_collections.migrate_first.docker.plugins.module_utils._replicas.result import Result
from ansible_collections.migrate_first.docker.tests.unit.support.jobs import foreign
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE, NEXT_IMAGE, Lab
from ansible_collections.migrate_first.docker.tests.unit.support.memory_engine import MemoryEngine
from ansible_collections.migrate_first.docker.tests.unit.support.ports import free_ports
from ansible_collections.migrate_first.docker.tests.unit.support.programs import IGNORE_TERM, SERVE
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition, replicas


def run_update(lab: Lab, wanted: Replicas) -> Result:
    """Bring the replicas to the wanted state, and count the calls from here on."""
    lab.observed.calls.clear()
    return reconcile(lab.engine, lab.clock, wanted)


def actions(result: Result) -> list[str]:
    return [replica["action"] for replica in result.replicas]


def names(lab: Lab, containers: tuple[Container, ...]) -> list[str]:
    return [container.name[len(lab.prefix) :] for container in containers]


def ids(containers: tuple[Container, ...]) -> list[str]:
    return [container.id for container in containers]


def test_missing_replicas_are_created(lab: Lab) -> None:
    result = run_update(lab, replicas(lab.name("shop"), 3))
    assert (result.failure, result.changed, actions(result)) == ("", True, ["created"] * 3)
    assert names(lab, lab.all()) == ["shop-1", "shop-2", "shop-3"]
    assert all(container.running for container in lab.all())
    assert {container.labels[labels.RELEASE] for container in lab.all()} == {"1"}


def test_the_result_lists_each_replica(lab: Lab) -> None:
    result = run_update(lab, replicas(lab.name("shop"), 1, fence=12))
    container, name = lab.all()[0], lab.name("shop-1")
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
        "diff": {
            "before": "",
            "after": f"{lab.name('shop-1')} {lab.image().id}\n",
            "prepared": f"stage 1: create {name} (missing)\nstage 1: start {name} (missing)\n"
            f"stage 1: wait until {name} is healthy (missing)\n",
        },
        "image_names": (lab.image().id,),
        "missing": {"networks": [], "volumes": []},
    }


@pytest.mark.parametrize("release", ["1", "2"])
def test_replicas_that_fit_are_left_alone(lab: Lab, release: str) -> None:
    wanted = replicas(lab.name("shop"), container={"secret_env": {"TOKEN": "hidden"}, "env": {"COLOUR": "blue"}})
    run_update(lab, wanted)
    before = lab.all()
    result = run_update(lab, replace(wanted, release=release))
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
def test_replicas_that_differ_are_replaced(lab: Lab, differing: dict[str, Any]) -> None:
    container = {"secret_env": {"TOKEN": "hidden"}, "env": {"COLOUR": "blue", "SIZE": "big"}}
    run_update(lab, replicas(lab.name("shop"), container=container))
    before = lab.all()
    wanted = replicas(lab.name("shop"), container={**container, **differing}, release="2")
    result = run_update(lab, wanted)
    assert (result.failure, result.changed, actions(result)) == ("", True, ["replaced", "replaced"])
    after = lab.all()
    assert names(lab, after) == ["shop-1", "shop-2"]
    assert not set(ids(after)) & set(ids(before))
    assert {container.image_id for container in after} == {lab.image(wanted.definition.image).id}
    assert all(container.running for container in after)
    assert not run_update(lab, wanted).changed


@pytest.mark.parametrize(("order", "seen"), [("start_first", [3] * 6), ("stop_first", [2] * 6)])
def test_one_replica_is_replaced_at_a_time(lab: Lab, order: str, seen: list[int]) -> None:
    run_update(lab, replicas(lab.name("shop"), 3))
    serving: list[int] = []

    def look(*_arguments: object) -> None:
        serving.append(sum(container.running for container in lab.all()))

    lab.observed.before("start", look, look, look)
    lab.observed.after("stop", look, look, look)
    run_update(lab, replicas(lab.name("shop"), 3, container={"image": NEXT_IMAGE}, update=UpdatePolicy(order=order)))
    assert serving == seen


def test_each_is_stopped_within_its_own_time(lab: Lab) -> None:
    run_update(lab, replicas(lab.name("shop"), 1, container={"stop_timeout": 3}))
    given: list[int] = []
    lab.observed.before("stop", lambda _id, seconds: given.append(seconds))
    run_update(lab, replicas(lab.name("shop"), 1, container={"stop_timeout": 1, "image": NEXT_IMAGE}))
    assert given == [3]


@pytest.mark.parametrize("image", [IMAGE, NEXT_IMAGE], ids=["created", "replaced"])
def test_another_execution_at_the_same_time_is_no_error(lab: Lab, image: str) -> None:
    """Both want the same: the slower one leaves alone what the faster one has made."""
    if image != IMAGE:
        run_update(lab, replicas(lab.name("shop")))
    wanted = replicas(lab.name("shop"), container={"image": image})
    lab.observed.before("create", lambda *_: reconcile(lab.outside, lab.clock, wanted))
    result = run_update(lab, wanted)
    assert result.failure == ""
    # Missing replicas are created all at once: one may have been created already.
    assert actions(result)[0] == ("kept" if image == IMAGE else "replaced")
    assert actions(result)[1] in (("kept", "created") if image == IMAGE else ("kept",))
    assert names(lab, lab.all()) == ["shop-1", "shop-2"]
    assert {container.image_id for container in lab.all()} == {lab.image(image).id}


def test_replicas_over_the_count_are_removed(lab: Lab) -> None:
    run_update(lab, replicas(lab.name("shop"), 3))
    before = lab.all()
    result = run_update(lab, replicas(lab.name("shop"), 1))
    assert (result.changed, actions(result)) == (True, ["kept"])
    assert lab.all() == before[:1]


def test_all_are_removed_even_if_the_image_is_gone(lab: Lab) -> None:
    run_update(lab, replicas(lab.name("shop")))
    result = run_update(lab, replicas(lab.name("shop"), 0, container={"image": "mf-test:nowhere"}))
    assert (result.failure, result.changed, result.replicas) == ("", True, [])
    assert lab.all() == ()
    assert not run_update(lab, replicas(lab.name("shop"), 0)).changed


def test_other_replicas_are_left_alone(lab: Lab) -> None:
    run_update(lab, replicas(lab.name("shop-worker")))
    foreign(lab, lab.name("shop-9"))
    before = lab.all()
    run_update(lab, replicas(lab.name("shop")))
    run_update(lab, replicas(lab.name("shop"), 0))
    assert lab.all() == before


@pytest.mark.parametrize("differing", [{}, {"image": NEXT_IMAGE}], ids=["fits", "differs"])
def test_a_stopped_replica_runs_again(lab: Lab, differing: dict[str, str]) -> None:
    run_update(lab, replicas(lab.name("shop")))
    before = lab.all()
    lab.outside.stop(before[1].id, 1)
    result = run_update(lab, replicas(lab.name("shop"), container=differing))
    assert (result.failure, result.changed) == ("", True)
    assert actions(result) == (["replaced", "replaced"] if differing else ["kept", "started"])
    assert (ids(lab.all()) == ids(before)) == (not differing)
    assert all(container.running for container in lab.all())


def test_each_replica_gets_its_own_host_port(lab: Lab) -> None:
    first, second, third = free_ports(3)
    wanted = replicas(lab.name("shop"), container={"published_ports": [f"127.0.0.1:{first}-{third}:8000"]})
    result = run_update(lab, wanted)
    assert result.failure == ""
    assert [replica["published"] for replica in result.replicas] == [
        {"8000/tcp": [f"127.0.0.1:{port}"]} for port in (first, second)
    ]
    assert not run_update(lab, wanted).changed


def test_too_few_host_ports_change_nothing(lab: Lab) -> None:
    first, _second, third = free_ports(3)
    run_update(lab, replicas(lab.name("shop"), 1))
    before = lab.all()
    with pytest.raises(ValueError, match="published_ports"):
        run_update(lab, replicas(lab.name("shop"), 4, container={"published_ports": [f"{first}-{third}:8000"]}))
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


@pytest.mark.parametrize("dry_run", [False, True], ids=["", "check mode"])
@pytest.mark.parametrize(("taker", "named"), [("container", "the container"), ("program", "another program")])
def test_a_taken_port_is_refused_before_anything_is_changed(lab: Lab, taker: str, named: str, dry_run: bool) -> None:
    first, second = free_ports(2)
    ports = {"published_ports": [f"127.0.0.1:{first}-{second}:8000"]}
    run_update(lab, replicas(lab.name("shop"), 1, container=ports))
    with _occupied(lab, f"127.0.0.1:{second}", taker):
        before = lab.all()
        wanted = replicas(lab.name("shop"), 2, container={**ports, "image": NEXT_IMAGE})
        result = reconcile(lab.engine, lab.clock, wanted, dry_run=dry_run)
        assert lab.all() == before
    assert f"gives {lab.name('shop-2')} the port 127.0.0.1:{second}/tcp, which {named}" in result.failure
    assert not result.changed


def _one_stopped(lab: Lab) -> tuple[Replicas, int]:
    (port,) = free_ports(1)
    wanted = replicas(lab.name("shop"), 1, container={"published_ports": [f"127.0.0.1:{port}:8000"]})
    run_update(lab, wanted)
    lab.outside.stop(lab.all()[0].id, 1)
    return wanted, port


def test_a_replica_that_another_execution_starts_may_have_its_port_already(lab: Lab) -> None:
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
        assert run_update(lab, wanted).failure == ""
    assert [container.running for container in lab.all()] == [True]


def test_a_port_of_a_stopped_replica_that_stays_taken_is_refused(lab: Lab) -> None:
    wanted, port = _one_stopped(lab)
    begun = lab.clock.monotonic()
    with _occupied(lab, f"127.0.0.1:{port}", "program"):
        failure = run_update(lab, wanted).failure
    assert "which another program has on this host" in failure
    assert lab.clock.monotonic() - begun >= STARTING


def test_a_foreign_container_is_refused_before_anything_is_changed(lab: Lab) -> None:
    run_update(lab, replicas(lab.name("shop"), 1))
    foreign(lab, lab.name("shop-2"))
    before = lab.all()
    result = run_update(lab, replicas(lab.name("shop"), 3, container={"image": NEXT_IMAGE}))
    assert lab.name("shop-2") in result.failure
    assert not result.changed
    assert lab.all() == before


def test_another_image_than_the_migration_ran_is_refused_before_anything_is_changed(lab: Lab) -> None:
    run_update(lab, replicas(lab.name("shop")))
    before = lab.all()
    wanted = replicas(lab.name("shop"), 3, SERVE, {"image": NEXT_IMAGE}, expected=(lab.image().id, "shop@sha256:1"))
    result = run_update(lab, wanted)
    assert lab.image().id in result.failure
    assert lab.image(NEXT_IMAGE).id in result.failure
    assert not result.changed
    assert lab.all() == before
    same = replace(wanted, expected=(lab.image(NEXT_IMAGE).id, "shop@sha256:1"))
    assert run_update(lab, same).failure == ""


def test_a_missing_volume_is_refused_before_anything_is_changed(lab: Lab) -> None:
    run_update(lab, replicas(lab.name("shop")))
    before = lab.all()
    result = run_update(lab, replicas(lab.name("shop"), 3, container={"volumes": ["mf-test-nowhere:/data"]}))
    assert "mf-test-nowhere" in result.failure
    assert not result.changed
    assert lab.all() == before
    assert "mf-test-nowhere" not in lab.engine.volumes()


@pytest.mark.parametrize("pull", ["never", "missing", "always"])
def test_a_missing_image_is_refused_before_anything_is_changed(lab: Lab, pull: str) -> None:
    run_update(lab, replicas(lab.name("shop")))
    before = lab.all()
    wanted = replicas(lab.name("shop"), 3, SERVE, {"image": "localhost:9/mf-test:nowhere"}, pull=pull)
    result = run_update(lab, wanted)
    assert "localhost:9/mf-test:nowhere" in result.failure
    assert not result.changed
    assert lab.all() == before

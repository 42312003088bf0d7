# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine creates, finds, renames and removes containers, and each has a name of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    Engine,
    EngineError,
    NameTaken,
    NoSuchContainer,
    PullFailed,
    RestartPolicy,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import (
    IMAGE,
    IMAGE_WITH_HEALTHCHECK,
    NEXT_IMAGE,
    Lab,
)
from ansible_collections.migrate_first.docker.tests.unit.support.programs import NO_SUCH_PROGRAM, SERVE, SUCCEED
from ansible_collections.migrate_first.docker.tests.unit.support.wanted import definition

NOBODY = "0" * 64


def create(lab: Lab, name: str = "one", **options: object) -> str:
    return lab.engine.create(lab.name(name), definition(SUCCEED, **options), lab.image().id, {})


def test_the_engine_has_one_identity(lab: Lab) -> None:
    assert lab.engine.identity()
    assert lab.engine.identity() == lab.engine.identity()


def test_the_time_of_the_engine_is_utc_and_goes_on(lab: Lab) -> None:
    first, second = lab.engine.now(), lab.engine.now()
    assert first.tzinfo is not None
    assert first.utcoffset() == second.utcoffset()
    assert str(first.tzinfo) == "UTC"
    assert first <= second


def test_an_image_is_found_by_its_name_and_by_its_id(lab: Lab) -> None:
    image = lab.image(IMAGE)
    assert image.id.startswith("sha256:")
    assert lab.engine.image(image.id) == image
    assert image != lab.image(NEXT_IMAGE)
    # It was built, and not pulled.
    assert image.digests == ()


def test_a_missing_image_is_none(lab: Lab) -> None:
    assert lab.engine.image("mf-test:nowhere") is None


def test_an_image_that_cannot_be_pulled_is_an_error(lab: Lab) -> None:
    # Port 9 of this machine is no registry.
    with pytest.raises(PullFailed):
        lab.engine.pull("localhost:9/mf-test:nowhere", None)


def test_the_networks_that_every_engine_has_are_there(lab: Lab) -> None:
    assert {"bridge", "host", "none"} <= lab.engine.networks()
    assert lab.name("no-such-network") not in lab.engine.networks()


def test_an_anonymous_volume_is_created_and_removed_with_its_container(lab: Lab) -> None:
    before = lab.engine.volumes()
    container_id = create(lab, volumes=["/anonymous"])
    # Others may make volumes meanwhile, and remove them.
    come = lab.engine.volumes() - before
    lab.engine.remove(container_id)
    assert come - lab.engine.volumes()


def test_a_created_container_is_there_and_does_not_run(lab: Lab) -> None:
    before = lab.engine.now()
    wanted = definition(SUCCEED, env={"COLOUR": "blue = red"}, labels={"owner": "shop"}, stop_timeout=7)
    container_id = lab.engine.create(lab.name("one"), wanted, lab.image().id, {"release": "1"})
    container = lab.engine.inspect(container_id)
    assert (container.id, container.name) == (container_id, lab.name("one"))
    assert (container.state, container.running, container.exit_code) == ("created", False, None)
    assert (container.started_at, container.finished_at, container.error) == (None, None, "")
    assert before <= container.created_at <= lab.engine.now()
    assert container.image_id == lab.image().id
    assert container.argv == tuple(SUCCEED.command)
    assert container.environment["COLOUR"] == "blue = red"
    assert {"owner": "shop", "release": "1"}.items() <= container.labels.items()
    assert container.stop_timeout == 7
    assert (container.health, container.healthcheck, container.published) == (None, None, {})


def test_a_second_container_of_the_name_is_refused(lab: Lab) -> None:
    create(lab)
    with pytest.raises(NameTaken):
        create(lab)
    assert len(lab.all()) == 1


@pytest.mark.parametrize(
    ("name", "image"),
    [
        pytest.param("one", "sha256:" + NOBODY, id="no such image"),
        pytest.param("white space", None, id="no such name"),
    ],
)
def test_a_container_that_cannot_be_created_is_not_there(lab: Lab, name: str, image: str | None) -> None:
    with pytest.raises(EngineError):
        lab.engine.create(lab.name(name), definition(), image or lab.image().id, {})
    assert lab.all() == ()


def test_a_container_is_not_left_where_its_second_network_refuses_it(lab: Lab) -> None:
    with pytest.raises(EngineError):
        create(lab, networks=[{"name": "bridge"}, {"name": "host"}])
    assert lab.all() == ()


def test_a_container_is_found_by_its_whole_name_alone(lab: Lab) -> None:
    container_id = create(lab, "one")
    assert lab.there(lab.name("one")).id == container_id
    assert lab.engine.find(lab.name("on")) is None
    assert lab.engine.find(lab.name("one.")) is None
    assert lab.engine.find(container_id[:12]) is None
    assert lab.engine.find(container_id) is None


def test_containers_are_listed_by_the_beginning_of_their_names(lab: Lab) -> None:
    for name in ("shop-2", "shop-1", "shop.1", "shopping", "my-shop-1"):
        create(lab, name)
    for prefix, names in {
        "shop-": ["shop-1", "shop-2"],
        "shop.": ["shop.1"],
        "shop": ["shop-1", "shop-2", "shop.1", "shopping"],
        "shop[": [],
    }.items():
        found = lab.engine.named(lab.name(prefix))
        assert [container.name for container in found] == [lab.name(name) for name in names]


def test_a_renamed_container_leaves_its_first_name_free(lab: Lab) -> None:
    container_id = create(lab, "one")
    for name in ("one", "two", "two"):
        lab.engine.rename(container_id, lab.name(name))
        assert lab.engine.inspect(container_id).name == lab.name(name)
    assert lab.engine.find(lab.name("one")) is None
    assert create(lab, "one") != container_id


def test_a_container_is_not_renamed_to_a_taken_name(lab: Lab) -> None:
    one, two = create(lab, "one"), create(lab, "two")
    with pytest.raises(NameTaken):
        lab.engine.rename(two, lab.name("one"))
    assert [lab.engine.inspect(container_id).name for container_id in (one, two)] == [lab.name("one"), lab.name("two")]


def test_a_container_can_be_removed_twice(lab: Lab) -> None:
    container_id = create(lab)
    lab.engine.remove(container_id)
    assert lab.all() == ()
    lab.engine.remove(container_id)


def test_a_running_container_is_not_removed(lab: Lab) -> None:
    container_id = lab.engine.create(lab.name("one"), definition(SERVE), lab.image().id, {})
    lab.engine.start(container_id)
    with pytest.raises(EngineError):
        lab.engine.remove(container_id)
    assert lab.engine.inspect(container_id).running


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda engine: engine.inspect(NOBODY), id="inspect"),
        pytest.param(lambda engine: engine.start(NOBODY), id="start"),
        pytest.param(lambda engine: engine.wait(NOBODY, 1.0), id="wait"),
        pytest.param(lambda engine: engine.stop(NOBODY, 1), id="stop"),
        pytest.param(lambda engine: engine.set_restart_policy(NOBODY, RestartPolicy()), id="set_restart_policy"),
        pytest.param(lambda engine: engine.rename(NOBODY, "mf-test-nobody"), id="rename"),
        pytest.param(lambda engine: list(engine.logs(NOBODY)), id="logs"),
    ],
)
def test_a_call_for_a_missing_container_is_an_error(lab: Lab, call: Callable[[Engine], object]) -> None:
    with pytest.raises(NoSuchContainer):
        call(lab.engine)


@pytest.mark.parametrize(
    ("option", "interval"),
    [
        pytest.param(None, 1.0, id="that of the image"),
        pytest.param({"test": "true", "interval": "2s", "retries": 7, "start_period": "1m"}, 2.0, id="its own"),
        pytest.param({"test_cli_compatible": True, "interval": "3s"}, 3.0, id="that of the image, in its own time"),
        pytest.param({"interval": "3s"}, None, id="none without a test"),
        pytest.param({"test": ["NONE"]}, None, id="none"),
    ],
)
def test_the_healthcheck_is_that_of_the_image_unless_another_is_given(
    lab: Lab, option: dict[str, object] | None, interval: float | None
) -> None:
    wanted = definition(SUCCEED, healthcheck=option)
    container_id = lab.engine.create(lab.name("one"), wanted, lab.image(IMAGE_WITH_HEALTHCHECK).id, {})
    check = lab.engine.inspect(container_id).healthcheck
    assert (check.interval if check else None) == interval


def test_a_healthcheck_without_times_has_the_defaults_of_the_engine(lab: Lab) -> None:
    container_id = create(lab, healthcheck={"test": ["CMD", "true"]})
    check = lab.engine.inspect(container_id).healthcheck
    assert check
    assert (check.interval, check.timeout, check.retries, check.start_period) == (30.0, 30.0, 3, 0.0)


def test_the_host_ports_of_a_container_are_known_before_it_runs(lab: Lab) -> None:
    container_id = create(lab, published_ports=["127.0.0.1:28001:80", "28002:81", "82"])
    assert {str(port) for port in lab.engine.inspect(container_id).host_ports} == {"127.0.0.1:28001/tcp", "28002/tcp"}


def test_a_restart_policy_can_be_changed(lab: Lab) -> None:
    container_id = create(lab, restart_policy="on-failure", restart_retries=3)
    assert lab.engine.inspect(container_id).restart_policy == RestartPolicy("on-failure", 3)
    for policy in (RestartPolicy(), RestartPolicy("always"), RestartPolicy("unless-stopped")):
        lab.engine.set_restart_policy(container_id, policy)
        assert lab.engine.inspect(container_id).restart_policy == policy


def test_a_program_that_is_not_in_the_image_is_no_error_at_the_creation(lab: Lab) -> None:
    container_id = lab.engine.create(lab.name("one"), definition(SUCCEED, command=NO_SUCH_PROGRAM), lab.image().id, {})
    assert lab.engine.inspect(container_id).error == ""

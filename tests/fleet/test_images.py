# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images that the hosts pull from a private registry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.fleet import Fleet, registry
from support.fleet.registry import PASSWORD, USER, Registry
from tests.fleet import playing
from tests.fleet.playing import Play, look, variables

LOGIN = Path(__file__).parent / "login.yml"
REPOSITORY = "shop/app"


@pytest.fixture(scope="module")
def private(whole_fleet: Fleet) -> Iterator[Registry]:
    """The registry; afterwards the hosts have again what they had."""
    yield registry.ensure(whole_fleet)
    for version in ("1", "2"):
        whole_fleet.load(playing.image(version))


@pytest.fixture
def bare(whole_fleet: Fleet, private: Registry) -> Fleet:
    """The fleet without any image, and nobody logged in."""
    playing.prepare(whole_fleet, images=True)
    return whole_fleet


def _play(private: Registry, image: str, login_hosts: str = "all") -> Play:
    login = {"login_registry": private.address, "login_user": USER, "login_password": PASSWORD}
    extra = {**variables(image), **login, "login_hosts": login_hosts}
    return playing.play(private.fleet, extra, playbooks=[LOGIN, playing.DEPLOY])


def _assert_nothing_ran(fleet: Fleet) -> None:
    hosts = look(fleet)
    assert [host.containers for host in hosts] == [(), (), ()]
    assert [host.migrations for host in hosts] == [(), (), ()]


@pytest.mark.parametrize("by", ["tag", "digest"])
def test_pulled_by(bare: Fleet, private: Registry, by: str) -> None:
    digest = private.push(playing.image("1"), REPOSITORY, "1")
    done = _play(private, digest if by == "digest" else f"{private.address}/{REPOSITORY}:1")
    assert done.status == 0, done.output
    hosts = look(bare)
    assert [host.migrations for host in hosts] == [("1",), (), ()]
    assert [len(host.replicas()) for host in hosts] == [2, 2, 2]
    assert len({container.image for host in hosts for container in host.containers}) == 1
    assert playing.answers(bare) == ["1"] * 6


def test_a_tag_that_moves_between_two_pulls_stops_the_release(bare: Fleet, private: Registry) -> None:
    image = f"{private.address}/{REPOSITORY}:moving"
    before = private.push(playing.image("1"), REPOSITORY, "moving")
    private.pull(bare["h1"], image)
    after = private.push(playing.image("2"), REPOSITORY, "moving")
    assert before != after
    done = _play(private, image)
    assert done.status != 0
    assert before in done.message
    assert after in done.message
    assert "name the image by its digest" in done.message
    _assert_nothing_ran(bare)


def test_a_host_that_cannot_get_the_image_stops_the_release(bare: Fleet, private: Registry) -> None:
    private.push(playing.image("1"), REPOSITORY, "1")
    image = f"{private.address}/{REPOSITORY}:1"
    done = _play(private, image, login_hosts="h1:h3")
    assert done.status != 0
    assert f"h2 could not get the image {image}, so nothing was run or started anywhere" in done.message
    _assert_nothing_ran(bare)


def test_a_registry_that_refuses_says_so(bare: Fleet, private: Registry) -> None:
    private.push(playing.image("1"), REPOSITORY, "1")
    image = f"{private.address}/{REPOSITORY}:1"
    done = playing.play(bare, variables(image))
    print(done.message)
    assert done.status != 0
    assert f"h1 could not get the image {image}" in done.message
    assert "no basic auth credentials" in done.message
    assert "Traceback" not in done.output
    _assert_nothing_ran(bare)

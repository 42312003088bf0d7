# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet itself: `make test CHECKS=fleet-itself`; it takes three minutes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from support.cache import cache
from support.docker_client import client, container, remove_container
from support.fleet import Fleet, Node, SupportError, faults, hosts, labels, run_in, tiny_image
from support.fleet.inventory import USERS
from support.fleet.status import Status, status

NAME = f"itself-{os.getpid()}"


def _connections(fleet: Fleet) -> int:
    """How many of Ansible's are kept open."""
    titles = [_title(process) for process in Path("/proc").glob("[0-9]*/cmdline")]
    return sum(title.startswith(f"ssh: {fleet.access.control_path}") for title in titles)


def _start(host: Node) -> tuple[str | None, str]:
    """Which container it is, and since when it runs."""
    found = container(host.container)
    return found.id, found.attrs["State"]["StartedAt"]


def _title(process: Path) -> str:
    with contextlib.suppress(OSError):
        return process.read_text(errors="replace")
    return ""  # It has ended meanwhile.


def setUpModule() -> None:
    """One fleet for the tests that leave it answering, and its engines empty but for the tiny image."""
    OneFleet.fleet = Fleet(NAME, count=2)
    try:
        OneFleet.image = tiny_image.ensure()
        OneFleet.fleet.up().load(OneFleet.image)
    except BaseException:
        tearDownModule()
        raise


def tearDownModule() -> None:
    OneFleet.fleet.down()


class OneFleet(unittest.TestCase):
    fleet: Fleet
    image: str

    def setUp(self) -> None:
        self.h1, self.h2 = self.fleet.hosts

    def status(self) -> Status:
        return status(self.fleet)[0]

    def assert_answering(self) -> None:
        for host in status(self.fleet):
            self.assertEqual(host.container, "running", host)
            self.assertRegex(str(host.ssh), "^SSH-2.0-", host)
            self.assertRegex(str(host.engine), "^26[.]", host)


class TestAccess(OneFleet):
    def test_each_user_logs_in(self) -> None:
        for user in USERS:
            self.assertEqual(self.fleet.ssh(self.h2, "id -un", user=user).stdout.strip(), user)

    def test_users_of_the_engine(self) -> None:
        allowed = {user: self.fleet.ssh(self.h1, "docker ps", user=user).returncode == 0 for user in USERS}
        self.assertEqual(allowed, {"root": True, "deployer": True, "admin": False, "outsider": False})

    def test_admin_becomes_root(self) -> None:
        result = self.fleet.ssh(self.h1, "sudo -n id -un", user="admin")
        self.assertEqual((result.stdout.strip(), result.stderr), ("root", ""))

    def test_ansible_reaches_every_host_as_every_user(self) -> None:
        programs = Path(sys.executable).parent
        for user, become in USERS.items():
            command: list[str | Path] = [programs / "ansible", "-i", self.fleet.inventory(user), "fleet"]
            said = subprocess.run([*command, "-a", "id -un"], capture_output=True, text=True, check=True).stdout
            self.assertEqual(said.split().count("root" if become else user), 2, said)
        self.assertEqual(_connections(self.fleet), 2 * len(USERS))
        self.fleet.heal()
        self.assertEqual(_connections(self.fleet), 0)

    def test_nothing_is_written_beside_the_cache_folder(self) -> None:
        self.assertEqual(
            {self.fleet.folder.stat().st_mode & 0o777, self.fleet.access.key.stat().st_mode & 0o177}, {0o700, 0}
        )
        self.assertTrue(self.fleet.folder.is_relative_to(cache("fleet")))


class TestHosts(OneFleet):
    def test_each_engine_runs_containers_of_its_own(self) -> None:
        ids = set()
        for host in self.fleet.hosts:
            said = run_in(host, 'docker run --rm --memory 64m "$1" echo "from $(hostname)"', self.image)
            self.assertEqual(said, f"from {host.name}")
            ids.add(run_in(host, "docker info --format '{{.ID}}'"))
        self.assertEqual(len(ids), 2)

    def test_a_published_port_answers_this_machine_and_the_other_host(self) -> None:
        serve = 'docker run --detach --publish 8000:80 "$1" sh -c "echo served >index.html; exec httpd -f -p 80"'
        run_in(self.h1, serve, self.image)
        fetch = 'until docker run --rm "$1" wget -q -O - -T 1 "http://$2:8000/"; do sleep 0.1; done'
        self.assertEqual(run_in(self.h2, fetch, self.image, self.h1.address, seconds=20), "served")

    def test_what_fits_is_left_as_it_is(self) -> None:
        before = _start(self.h1)
        self.fleet.load(self.image)
        start = time.monotonic()
        self.fleet.up()
        self.assertLess(time.monotonic() - start, 5)
        self.assertEqual(_start(self.h1), before)

    def test_two_fleets_at_once(self) -> None:
        with Fleet(f"{NAME}-b", count=1) as other:
            self.assertNotEqual(other.subnet, self.fleet.subnet)
            self.assertEqual([str(host.container) for host in status(other)], ["running"])
            self.assert_answering()
        self.assertEqual(labels.names(other.name), [])
        self.assert_answering()


class TestReset(OneFleet):
    def test_everything_is_removed_but_the_images(self) -> None:
        script = """
            docker run --detach --name running --restart always --volume data:/data "$1" sleep 1000
            docker create --name created "$1"
            docker network create other
            docker run --detach --network other "$1" sleep 1000
        """
        run_in(self.h1, script, self.image)
        self.fleet.reset()
        left = "docker ps -aq; docker volume ls -q; docker network ls -q --filter type=custom"
        self.assertEqual(run_in(self.h1, left), "")
        self.assertEqual(run_in(self.h1, "docker image ls --format '{{.Repository}}:{{.Tag}}'"), self.image)

    def test_images_are_removed_where_that_is_asked_for(self) -> None:
        self.fleet.reset(images=True)
        self.assertEqual(run_in(self.h1, "docker image ls --all --quiet"), "")
        self.fleet.load(self.image)

    def test_what_sessions_left_running_is_ended(self) -> None:
        # As the module of a controller that was killed: it would make its container after the reset.
        self.fleet.ssh(self.h1, "nohup sh -c 'sleep 1000; docker create late' >/dev/null 2>&1 </dev/null &")
        self.assertEqual(run_in(self.h1, "pgrep --count --exact sleep"), "1")
        self.fleet.reset()
        self.assertEqual(run_in(self.h1, "pgrep --count --exact sleep || true"), "0")
        self.assert_answering()


class TestFaults(OneFleet):
    def shows(self, fault: Callable[[], None], mend: Callable[[Node], None], **expected: object) -> None:
        """The fault shows as the fields that are named; what mends it does, and so does `heal`."""
        for repair in (lambda: mend(self.h1), self.fleet.heal):
            fault()
            seen = self.status()
            self.assertEqual({name: getattr(seen, name) for name in expected}, expected)
            repair()
            self.assert_answering()

    def test_engine_stopped(self) -> None:
        self.shows(lambda: faults.stop_engine(self.h1), faults.start_engine, container="running", engine=None)

    def test_engine_killed(self) -> None:
        self.shows(lambda: faults.stop_engine(self.h1, kill=True), faults.start_engine, engine=None)

    def test_engine_hanging(self) -> None:
        self.shows(lambda: faults.hang_engine(self.h1), faults.resume_engine, engine=None)

    def test_engine_restarted(self) -> None:
        for kill in (False, True):
            run_in(self.h1, 'docker run --detach --name job "$1" sh -c "trap exit TERM; sleep 1000 & wait"', self.image)
            faults.restart_engine(self.h1, kill=kill)
            self.assertEqual(run_in(self.h1, "docker inspect --format {{.State.Status}} job"), "exited")
            self.assert_answering()
            self.fleet.reset()

    def test_sshd_stopped(self) -> None:
        self.shows(lambda: faults.stop_sshd(self.h1), faults.start_sshd, ssh=None, container="running")

    def test_cut(self) -> None:
        self.shows(lambda: faults.cut(self.h1), faults.join, ssh=None, container="running")

    def test_silent(self) -> None:
        self.shows(lambda: faults.silence(self.h1), faults.unsilence, ssh=None, container="running")

    def test_paused(self) -> None:
        self.shows(lambda: faults.pause(self.h1), faults.unpause, ssh=None, container="paused")

    def test_powered_off(self) -> None:
        self.shows(lambda: faults.power_off(self.h1), faults.power_on, ssh=None, container="exited")

    def test_rebooted(self) -> None:
        run_in(self.h1, 'docker run --detach --name back --restart always "$1" sleep 1000', self.image)
        faults.reboot(self.h1)
        self.assert_answering()
        self.assertEqual(run_in(self.h1, "docker inspect --format {{.State.Status}} back"), "running")
        self.fleet.reset()

    def test_sessions_killed(self) -> None:
        command = [*self.fleet.access.command(self.h1, "deployer"), "echo ready; exec sleep 1000"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as session:
            assert session.stdout
            self.assertEqual(session.stdout.readline(), "ready\n")
            faults.kill_sessions(self.h1)
            self.assertEqual(session.wait(timeout=10), 255)
        self.assert_answering()
        self.fleet.reset()

    def test_heal_of_several_faults_at_once(self) -> None:
        faults.stop_engine(self.h1, kill=True)
        faults.stop_sshd(self.h1)
        faults.silence(self.h1)
        faults.cut(self.h1)
        faults.pause(self.h1)
        faults.lose(self.h2)
        self.fleet.heal()
        self.assert_answering()
        self.assertEqual(self.fleet.ssh(self.h2, "hostname").stdout.strip(), "h2")
        self.fleet.load(self.image)

    def test_heal_makes_anew_what_is_beyond_repair(self) -> None:
        run_in(self.h1, "rm /usr/sbin/dockerd; s6-svc -k /etc/service/dockerd")
        with mock.patch.object(hosts, "SECONDS_TO_ANSWER", 10):
            self.fleet.heal()
        self.assert_answering()
        self.fleet.load(self.image)


class TestService(OneFleet):
    def test_hosts_and_their_containers_reach_it(self) -> None:
        def serve(text: str) -> Node:
            command = ["sh", "-c", f"echo {text} >index.html; exec httpd -f -p 80"]
            return self.fleet.service(
                "web", self.image, command=command, ready=["wget", "-q", "-O", "-", "http://127.0.0.1/"]
            )

        web = serve("one")
        fetch = 'docker run --rm "$1" wget -q -O - -T 2 "http://$2/"'
        self.assertEqual(run_in(self.h1, fetch, self.image, web.address), "one")
        first = container(web.container).id
        self.assertEqual(serve("one"), web)
        self.assertEqual(container(web.container).id, first)
        self.assertEqual(serve("two"), web)
        self.assertEqual(run_in(self.h1, fetch, self.image, web.address), "two")
        faults.cut(self.fleet["web"])
        faults.power_off(self.fleet["web"])
        self.fleet.heal()
        self.assertEqual(run_in(self.h2, fetch, self.image, web.address), "two")

    def test_one_that_does_not_start_says_why(self) -> None:
        with self.assertRaisesRegex(SupportError, "broken .* does not run: exited 3.*\n?.*no such file"):
            self.fleet.service("broken", self.image, command=["sh", "-c", "echo no such file; exit 3"])
        remove_container(self.fleet["broken"].container)


class TestDown(unittest.TestCase):
    def test_nothing_is_left(self) -> None:
        with Fleet(f"{NAME}-c", count=2) as fleet:
            fleet.load(tiny_image.ensure())
            for host in fleet.hosts:
                run_in(host, 'docker run --detach "$1" sleep 1000', tiny_image.NAME)
            fleet.service("web", tiny_image.NAME, command=["sleep", "1000"])
            faults.pause(fleet["h1"])
            faults.cut(fleet["h2"])
        self.assertEqual(labels.names(fleet.name), [])
        api, named = client().api, {"name": f"mf-fleet-{fleet.name}"}
        self.assertEqual(api.containers(all=True, filters=named), [])
        self.assertEqual(api.networks(filters=named), [])
        self.assertEqual(api.volumes(filters=named)["Volumes"] or [], [])
        self.assertEqual(list(Path("/sys/fs/cgroup").glob(f"**/mf-fleet/{fleet.name}")), [])
        self.assertFalse((cache("fleet") / fleet.name).exists())
        with self.assertRaisesRegex(SupportError, "no fleet"):
            Fleet.named(fleet.name)

    def test_a_smaller_fleet_loses_its_last_hosts(self) -> None:
        with Fleet(f"{NAME}-d", count=2):
            smaller = Fleet(f"{NAME}-d", count=1).up()
            self.assertEqual([it.name for it in labels.containers(smaller.name)], [f"mf-fleet-{smaller.name}-h1"])


class TestOldEngine(unittest.TestCase):
    def test_bookworm_has_engine_20(self) -> None:
        with Fleet(f"{NAME}-e", count=1, suite="bookworm") as fleet:
            fleet.load(tiny_image.ensure())
            host = fleet["h1"]
            self.assertRegex(str(status(fleet)[0].engine), "^20[.]10[.]")
            run_in(host, 'docker run --detach --name job --volume data:/data "$1" sleep 1000', tiny_image.NAME)
            faults.restart_engine(host, kill=True)
            faults.silence(host)
            fleet.reset()
            self.assertEqual(run_in(host, "docker ps --all --quiet; docker volume ls --quiet"), "")
            session = fleet.ssh(host, "docker ps && sudo -V | head -1", user="deployer")
            self.assertEqual(session.returncode, 0, session.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)

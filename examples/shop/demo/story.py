# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the demos tell, and look at: a version rolled out, and one that is stopped at its migration."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from examples.shop.demo import images, screen
from examples.shop.demo.deployment import Deployment
from examples.shop.demo.docker_command import LABEL, Container, Docker
from support.watch import Answer, Watch, ask

NAME = "shop-demo"
MIGRATION = f"{NAME}-migration"
REPLICAS = [f"{NAME}-1", f"{NAME}-2"]


@dataclass(frozen=True)
class Host:
    """A host of the shop: its engine, and the addresses of its replicas."""

    name: str
    docker: Docker
    urls: Sequence[str]

    def replicas(self) -> list[Container]:
        """The shop's containers beside those of migrations."""
        return [container for container in self.docker.containers() if not container.name.startswith(MIGRATION)]

    def migrations(self) -> list[Container]:
        """The records of migrations."""
        return [container for container in self.docker.containers() if container.name.startswith(MIGRATION)]


@dataclass(frozen=True)
class Story:
    """The shop on its hosts, of which the first runs the migrations; `command` tells it, such as "make demo".

    While the broken version is rolled out, one replica after the other is asked at the interval, in seconds.
    What is not as it should be ends it with SystemExit.
    """

    command: str
    hosts: Sequence[Host]
    deployment: Deployment
    interval: float

    @property
    def runner(self) -> Host:
        """The host that runs the migrations."""
        return self.hosts[0]

    @property
    def urls(self) -> list[str]:
        """The addresses of all replicas."""
        return [url for host in self.hosts for url in host.urls]

    def roll_out(self, version: str) -> None:
        """Roll out a version that works."""
        start = time.monotonic()
        status = self.deployment.run(version)
        seconds = time.monotonic() - start
        if status:
            self.fail(f"Version {version} was not rolled out: ansible-playbook ended with {status}.")
        screen.good(f"Version {version} is rolled out, in {seconds:.1f} s. All {len(self.urls)} replicas answer:")
        for url in self.urls:
            self._answered(ask(f"{url}/health"), "")
            self._answered(ask(f"{url}/version"), f'"version": "{version}"')
        self._ran_the_same(version)
        self._migrated_once(version)

    def stop_broken(self, serving: str, lines: int) -> None:
        """Roll out the broken version over the one that serves. The last lines of its log say why it failed."""
        before = [host.replicas() for host in self.hosts]
        with Watch([f"{url}/" for url in self.urls], self.interval, _is_page_of(serving)) as watch:
            status = self.deployment.run("broken")
        exit_codes = [record.exit_code for record in self._migrated_once("broken")]
        if status == 0 or exit_codes != [1]:
            self.fail(f"The migration should end with 1: {exit_codes}. And ansible-playbook not with 0: {status}.")
        screen.good(f"ansible-playbook ended with {status}, as it should: the migration ended with 1.")
        if failed := watch.failed:
            self.fail(
                f"{len(failed)} of {len(watch.answers)} answers failed meanwhile. {failed[0].url}: {failed[0].text[:200]}"
            )
        screen.good(
            f"Every {self.interval * 1000:.0f} ms one of the {len(self.urls)} replicas of version {serving} was asked "
            f"meanwhile: {len(watch.answers)} answers, {len(failed)} failed, at least {watch.fewest} of each, "
            f"the slowest after {watch.slowest * 1000:.0f} ms."
        )
        if (now := [host.replicas() for host in self.hosts]) != before:
            self.fail(f"The replicas are not those from before. Before: {before}. Now: {now}.")
        screen.good(
            f"No replica was touched: the same {len(self.urls)} containers run since version {serving} was rolled out."
        )
        screen.say("\nWhy it failed:")
        self.runner.docker.show_end_of_log(MIGRATION, lines)
        screen.say("Two customers share an e-mail address but for its capital letters, and addresses are unique.")

    def look_next(self, *places: tuple[str, str]) -> None:
        """Say where to look: the places are what can be seen, and where."""
        screen.heading("Where to look next")
        listing = self._listing()
        for what, where in (
            ("The shop, in a browser", " ".join(f"{url}/" for url in self.urls)),
            ("The failed migration, from its start", self.runner.docker.shell("logs", MIGRATION)),
            ("Replicas, and every migration that ran", listing),
            *places,
            ("The next version that works", self.deployment.shell("3")),
            ("All of it again, from version 1", self.command),
            ("Remove all of it", "make demo-clean"),
        ):
            screen.say(f"{what}:\n    {where}")

    def fail(self, what: str) -> NoReturn:
        """End the story."""
        raise SystemExit(
            f"\n✗ {what}\n  All is left as it is, to be looked at:\n    {self._listing()}\n"
            f"  Repeat it with {self.command}."
        )

    def _ran_the_same(self, version: str) -> None:
        image = self.runner.docker.image_id(images.name(version))
        ran = {f"{record.name} on {self.runner.name}": record.image_id for record in self.runner.migrations()[:1]}
        names = []
        for host in self.hosts:
            replicas = host.replicas()
            names += [replica.name for replica in replicas]
            ran |= {f"{replica.name} on {host.name}": replica.image_id for replica in replicas}
        if names != REPLICAS * len(self.hosts) or set(ran.values()) != {image}:
            self.fail(
                f"The migration and all replicas should have run {images.name(version)}, {image}. They ran: {ran}."
            )
        screen.good(f"Migration and replicas ran one and the same image, {image}")

    def _migrated_once(self, version: str) -> list[Container]:
        """The records of that version's migration: one, on the runner."""
        image = self.runner.docker.image_id(images.name(version))
        every = self.runner.migrations()
        records = [record for record in every if record.image_id == image]
        elsewhere = {host.name: found for host in self.hosts[1:] if (found := host.migrations())}
        if len(records) != 1 or len({record.release for record in every}) != len(every) or elsewhere:
            self.fail(
                f"Each release should have migrated once, on {self.runner.name}: {every}. Elsewhere: {elsewhere}."
            )
        others = f", and none on {' and '.join(host.name for host in self.hosts[1:])}" if self.hosts[1:] else ""
        screen.good(f"One container has run its migration, {MIGRATION} on {self.runner.name}{others}")
        return records

    def _answered(self, answer: Answer, wanted: str) -> None:
        screen.say(f"    {answer.url}  {answer.status}  {answer.text}")
        if answer.status != 200 or wanted not in answer.text:
            self.fail(f"{answer.url} should have answered 200 {wanted}")

    def _listing(self) -> str:
        listing = ("ps", "--all", "--filter", f"label={LABEL}")
        return "\n    ".join(host.docker.shell(*listing) for host in self.hosts)


def _is_page_of(version: str) -> Callable[[Answer], bool]:
    return lambda answer: answer.status == 200 and f"<title>Shop {version}</title>" in answer.text

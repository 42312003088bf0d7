# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo-fleet`: the same on three hosts over SSH, each with its own engine, and PostgreSQL as the database."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from itertools import pairwise

from examples.shop.demo import deployment, hosts, images, screen
from examples.shop.demo.database import Database
from examples.shop.demo.docker_command import use_this_machine
from examples.shop.demo.story import Host, Story
from support.cache import CHECKOUT
from support.fleet import Fleet, SupportError

INVENTORY = "examples/shop/fleet"
USER = "deployer"  # an ordinary user in the group docker
PORTS = (8001, 8002)
INTERVAL = 0.1  # in seconds, at which one of the replicas is asked


def demo() -> None:
    """Tell the whole story. SystemExit or SupportError says what was not as it should be."""
    screen.heading("Preparing three hosts, each with its own sshd and its own Docker engine")
    use_this_machine()
    images.ensure()
    fleet = hosts.prepare()
    database = Database.start(fleet)
    story = Story("make demo-fleet", _hosts(fleet), _deployment(fleet, database), INTERVAL)

    screen.heading("Version 1 migrates an empty database once, then two replicas start on each host")
    story.roll_out("1")
    database.show_migrations("1", story)
    screen.heading("Version 2 is rolled out over it, host by host")
    story.roll_out("2")
    _one_host_at_a_time(story)
    database.show_migrations("2", story)
    screen.heading("A broken version is stopped at its migration, and version 2 goes on serving on all hosts")
    story.stop_broken(serving="2", lines=2)
    database.show_migrations("2", story)
    story.look_next(
        ("The database", database.shell),
        ("A host, over SSH", screen.shell(hosts.command("ssh", "--user", USER, fleet.hosts[0].name))),
        ("What the play was told", f"{INVENTORY}/group_vars/shop.yml {fleet.inventory(USER)}"),
    )


def _deployment(fleet: Fleet, database: Database) -> deployment.Deployment:
    options = ["-i", str(fleet.inventory(USER)), "-i", INVENTORY, "-e", f"@{database.variables}"]
    return deployment.prepare("fleet", [*options, "-e", "rollout_hosts=shop", "-e", "rollout_serial=1"])


def _hosts(fleet: Fleet) -> list[Host]:
    return [
        Host(host.name, hosts.docker(host), [f"http://{host.address}:{port}" for port in PORTS]) for host in fleet.hosts
    ]


def _one_host_at_a_time(story: Story) -> None:
    """The engines are on one machine, and so by one clock."""
    started = [[datetime.fromisoformat(replica.started_at) for replica in host.replicas()] for host in story.hosts]
    if any(max(before) > min(after) for before, after in pairwise(started)):
        story.fail(f"The hosts should have been taken one after the other. Their replicas started at: {started}.")
    screen.good(f"One host after the other: {', then '.join(host.name for host in story.hosts)}.")


if __name__ == "__main__":
    os.chdir(CHECKOUT)
    try:
        demo()
    except SupportError as error:
        sys.exit(f"\n✗ {error}\n  Repeat it with make demo-fleet, or remove all of it with make demo-clean.")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Repeat it with make demo-fleet, or remove all of it with make demo-clean.")

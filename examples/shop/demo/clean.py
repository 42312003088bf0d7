# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make demo-clean` does: undo `make demo` and `make demo-fleet`."""

from __future__ import annotations

import shutil

from examples.shop.demo import hosts, images, screen, volume
from examples.shop.demo.docker_command import HERE, use
from support import debian, engine, environments
from support.cache import cache

ENVIRONMENTS = ("demo", "demo-fleet")


def clean() -> None:
    """Remove all that the demos made on this machine, and say what is left and why."""
    screen.heading("Cleaning up after the demos")
    if found := engine.find():
        use(found.host)
        hosts.remove()
        HERE.remove_containers()
        volume.remove()
        images.remove()
    else:
        screen.say("No Docker engine answers this user: nothing was looked for there.")
    for name in ENVIRONMENTS:
        environments.remove(name)
    shutil.rmtree(cache("demo"))
    screen.good("Removed the demo's Python environment, collection and logs.")
    if packages := ", ".join(debian.installed_for(images.PURPOSE)):
        others = ", ".join(debian.uninstall(images.PURPOSE, purge=True))
        if others:
            screen.say(f"The packages {packages} were left installed, since others need them now: {others}.")
        else:
            screen.good(f"Removed the packages {packages}.")
    screen.say(engine.stop())


if __name__ == "__main__":
    clean()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The volume on this machine's engine that holds the data of the shop of `make demo`."""

from __future__ import annotations

from examples.shop.demo.docker_command import HERE, LABEL

NAME = "shop-demo-data"


def make() -> None:
    """Make the volume, empty, and show the command. SystemExit tells of one that is not the demo's."""
    if NAME in HERE.ask("volume", "ls", "--quiet").split():
        raise SystemExit(
            f"There is a volume {NAME} that the demo has not made, and will not touch. "
            f"If nothing needs it, remove it (docker volume rm {NAME}), and repeat the command."
        )
    HERE.show("volume", "create", "--label", LABEL, NAME)


def remove() -> None:
    """Remove the volume with the shop's data, if the demo has made it, and show the command."""
    if NAME in HERE.ask("volume", "ls", "--quiet", "--filter", f"label={LABEL}").split():
        HERE.show("volume", "rm", NAME)

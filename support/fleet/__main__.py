# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleets from the command line: `python3 -m support.bootstrap hosts COMMAND [--name NAME]`, from the checkout's root."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable

from support.errors import SupportError
from support.fleet.clean import clean
from support.fleet.fleet import Fleet
from support.fleet.host_image import SUITES
from support.fleet.inventory import USERS
from support.fleet.status import status


def up(options: argparse.Namespace) -> None:
    """make a fleet, or bring one to answer"""
    fleet = Fleet(options.name, options.hosts, options.suite).up()
    _print_status(fleet)
    print(f"Try: ansible -i {fleet.inventory()} fleet -m ansible.builtin.ping")


def heal(options: argparse.Namespace) -> None:
    """bring all hosts to answer again"""
    _print_status(Fleet.named(options.name).heal())


def reset(options: argparse.Namespace) -> None:
    """heal, and remove what is on the hosts' engines"""
    _print_status(Fleet.named(options.name).reset(images=options.images))


def down(options: argparse.Namespace) -> None:
    """remove a fleet"""
    Fleet(options.name).down()


def load(options: argparse.Namespace) -> None:
    """move images from this machine's engine to the hosts"""
    Fleet.named(options.name).load(*options.image)


def inventory(options: argparse.Namespace) -> None:
    """print the path of an inventory for Ansible"""
    print(Fleet.named(options.name).inventory(options.user))


def show_status(options: argparse.Namespace) -> None:
    """show how the hosts are; status 1 where one does not answer"""
    if not _print_status(Fleet.named(options.name)):
        sys.exit(1)


def ssh(options: argparse.Namespace) -> None:
    """log in, or run a command on a host"""
    fleet = Fleet.named(options.name)
    command = fleet.access.command(fleet[options.host], options.user)
    sys.exit(subprocess.run([*command, *options.command], check=False).returncode)


def clean_all(options: argparse.Namespace) -> None:
    """remove all fleets, and all that was made for them"""
    clean()


def main() -> None:
    """Do what the command line says. A fault ends with its sentence, and status 1."""
    options = _parser().parse_args()
    try:
        options.act(options)
    except SupportError as error:
        sys.exit(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m support.bootstrap hosts", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, act: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=act.__doc__, description=act.__doc__)
        added.set_defaults(act=act)
        if act is not clean_all:
            added.add_argument("--name", default="test", help="the fleet's name (default: test)")
        return added

    making = command("up", up)
    making.add_argument("--hosts", type=int, default=3, help="how many (default: 3)")
    making.add_argument(
        "--suite", choices=SUITES, default="trixie", help="of Debian: trixie has Engine 26.1, bookworm 20.10"
    )
    command("heal", heal)
    command("reset", reset).add_argument("--images", action="store_true", help="remove the images too")
    command("down", down)
    command("load", load).add_argument("image", nargs="+")
    command("status", show_status)
    command("inventory", inventory).add_argument("--user", choices=USERS, default="root")
    login = command("ssh", ssh)
    login.add_argument("--user", choices=USERS, default="root")
    login.add_argument("host")
    login.add_argument("command", nargs=argparse.REMAINDER)
    command("clean", clean_all)
    return parser


def _print_status(fleet: Fleet) -> bool:
    seen = status(fleet)
    print(*seen, sep="\n")
    return all(host.answers for host in seen)


if __name__ == "__main__":
    main()

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleets of hosts on this machine, each with its own sshd and its own Docker engine: for tests, demo and benchmarks.

    with Fleet("mine", count=2) as fleet:
        fleet.load("shop:1")
        subprocess.run(["ansible-playbook", "-i", fleet.inventory("deployer"), …])
        faults.silence(fleet["h1"])
        …
        fleet.reset()

The same as a command: `python3 -m support.bootstrap hosts --help`.
"""

from __future__ import annotations

from support.errors import SupportError
from support.fleet import faults
from support.fleet.fleet import Fleet
from support.fleet.nodes import Node, run_in

__all__ = ["Fleet", "Node", "SupportError", "faults", "run_in"]

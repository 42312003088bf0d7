# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong with hosts and networks, done to one host at a time. `Fleet.heal` undoes all of it.

Each returns when it has taken effect, or raises SupportError. `node` may be a host or a service.
"""

from __future__ import annotations

from support.docker_client import container, explained
from support.fleet import network, nodes
from support.fleet.host_image import SCAN_DIRECTORY
from support.fleet.hosts import answer, remove
from support.fleet.nodes import Node, run_in
from support.fleet.sshd import banner, is_reachable
from support.waiting import wait_until

DOCKERD, SSHD = f"{SCAN_DIRECTORY}/dockerd", f"{SCAN_DIRECTORY}/sshd"
SECONDS_TO_STOP = 60  # An engine gives each container its own time to stop.

# The interface has another name after each reconnection.
ON_THE_LINK = """
link=$(ip -o -4 address show to "$1" | while read -r _ name _; do echo "$name"; done)
test -n "$link"
iptables -t mangle "$2" PREROUTING -i "$link" -j DROP
iptables -t mangle "$2" POSTROUTING -o "$link" -j DROP
"""


def stop_engine(host: Node, *, kill: bool = False) -> None:
    """Stop dockerd, and with it its containers; with `kill`, dockerd alone dies at once. It stays down."""
    _supervise(host, DOCKERD, "-Ok" if kill else "-d", "-wD")


def start_engine(host: Node) -> None:
    """Start dockerd, and wait until it answers."""
    _supervise(host, DOCKERD, "-u", "-wu")
    run_in(host, "until docker version >/dev/null 2>&1; do sleep 0.05; done")


def restart_engine(host: Node, *, kill: bool = False) -> None:
    """Stop or kill dockerd, start it, and wait until it answers."""
    stop_engine(host, kill=kill)
    start_engine(host)


def hang_engine(host: Node) -> None:
    """Let the engine take connections, and answer none."""
    _supervise(host, DOCKERD, "-p")


def resume_engine(host: Node) -> None:
    """Let a hanging engine go on."""
    _supervise(host, DOCKERD, "-c")
    run_in(host, "until docker version >/dev/null 2>&1; do sleep 0.05; done")


def stop_sshd(host: Node, *, sessions: bool = False) -> None:
    """Stop sshd: nobody gets in. With `sessions`, those that are open end too."""
    _supervise(host, SSHD, "-d", "-wD")
    if sessions:
        kill_sessions(host)


def start_sshd(host: Node) -> None:
    """Start sshd, and wait until it answers this machine."""
    _supervise(host, SSHD, "-u", "-wu")
    wait_until(lambda: banner(host.address), f"The sshd of {host} has been started and does not answer")


def kill_sessions(host: Node) -> None:
    """Kill the open SSH sessions at once; what they run goes on without a terminal, as after a drop."""
    run_in(host, "while pkill -KILL -f '^sshd(-session|-auth)?: [^/]'; do sleep 0.01; done")


def cut(node: Node) -> None:
    """Pull the cable: new connections fail after some seconds for want of a route, and open ones hang."""
    network.detach(node.fleet, node.container)


def join(node: Node) -> None:
    """Plug the cable in again, under the same address."""
    network.attach(node.fleet, node.container, node.address, node.name)
    wait_until(lambda: is_reachable(node.address), f"{node} has been connected and cannot be reached")


def silence(host: Node) -> None:
    """Drop every packet from and to the host, without a word: connections hang, and none is closed."""
    run_in(host, "set -e\n" + ON_THE_LINK, host.address, "-A")


def unsilence(host: Node) -> None:
    """Let the packets through again."""
    run_in(host, "set -e\n" + ON_THE_LINK, host.address, "-D")
    wait_until(lambda: is_reachable(host.address), f"{host} is no longer silenced and cannot be reached")


def pause(node: Node) -> None:
    """Freeze all its processes: connections are taken, since the kernel does that, and nothing answers."""
    with explained(f"pausing {node}"):
        container(node.container).pause()


def unpause(node: Node) -> None:
    """Let its processes go on."""
    with explained(f"unpausing {node}"):
        container(node.container).unpause()


def power_off(node: Node) -> None:
    """Let the whole machine die at once."""
    with explained(f"killing {node}"):
        container(node.container).kill()


def power_on(host: Node) -> None:
    """Boot the host, and wait until its engine and its sshd answer."""
    with explained(f"starting {host}"):
        container(host.container).start()
    answer(host)


def reboot(host: Node) -> None:
    """Let the whole machine die at once, and boot it."""
    nodes.restart(host)
    answer(host)


def lose(node: Node) -> None:
    """Remove the machine, with all that is on it."""
    remove(node)


def _supervise(host: Node, service: str, *options: str) -> None:
    wait = ["-T", str(SECONDS_TO_STOP * 1000)]
    run_in(host, 's6-svc "$@"', *wait, *options, service, seconds=SECONDS_TO_STOP + 5)

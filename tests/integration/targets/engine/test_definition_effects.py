# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a definition says is what its process finds."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import from_options
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import STDOUT
from ansible_collections.migrate_first.docker.tests.unit.support.lab import IMAGE, Lab

#: Options, a question to the shell in the container, the answer.
TABLE: list[tuple[dict[str, Any], str | None, str]] = [
    ({"user": "1000:1001"}, "id -u; id -g", "1000\n1001"),
    ({"user": "1000", "groups": ["20", "44"]}, "id -G", "0 20 44"),
    ({"working_dir": "/tmp"}, "pwd", "/tmp"),
    ({"hostname": "shop"}, "hostname", "shop"),
    ({"env": {"COLOUR": "b = r"}, "secret_env": {"TOKEN": "hid'den"}}, "echo $COLOUR $TOKEN", "b = r hid'den"),
    ({"entrypoint": ["env", "COLOUR=blue", "sh"], "command": ["-c", "echo $COLOUR"]}, None, "blue"),
    ({"etc_hosts": {"db": "192.0.2.7"}}, "grep 192.0.2.7 /etc/hosts", "192.0.2.7\tdb"),
    ({"dns_servers": ["192.0.2.1"], "dns_opts": ["ndots:2"]}, "grep -c -e 192.0.2.1 -e ndots:2 /etc/resolv.conf", "2"),
    ({"network_mode": "none"}, "ls /sys/class/net", "lo"),
    ({"ulimits": ["nofile:100:200"]}, "ulimit -n; ulimit -H -n", "100\n200"),
    ({"read_only": True, "tmpfs": ["/run:size=64k"]}, "touch /x 2> /dev/null || touch /run/x && ls /run", "x"),
    ({"volumes": ["/anonymous"]}, "touch /anonymous/x && ls /anonymous", "x"),
    ({"mounts": [{"target": "/m", "type": "tmpfs", "tmpfs_mode": "0711"}]}, "stat -c %a /m", "711"),
    ({"shm_size": "1M"}, "df -k /dev/shm | tail -n 1 | awk '{print $2}'", "1024"),
    ({"sysctls": {"net.core.somaxconn": 99}}, "cat /proc/sys/net/core/somaxconn", "99"),
    ({"init": True}, "cat /proc/1/comm", "docker-init"),
    ({"cap_drop": ["ALL"]}, "grep CapBnd /proc/self/status", "CapBnd:\t0000000000000000"),
    ({"cap_drop": ["ALL"], "capabilities": ["KILL"]}, "grep CapBnd /proc/self/status", "CapBnd:\t0000000000000020"),
    ({"security_opts": ["no-new-privileges"]}, "grep NoNewPrivs /proc/self/status", "NoNewPrivs:\t1"),
]


@pytest.mark.parametrize(("options", "question", "answer"), TABLE, ids=[" ".join(row[0]) for row in TABLE])
def test_the_process_finds_it(lab: Lab, options: dict[str, Any], question: str | None, answer: str) -> None:
    asking = {"command": ["sh", "-c", question]} if question else {}
    wanted = from_options({"image": IMAGE, **options, **asking})
    container_id = lab.engine.create(lab.name("asked"), wanted, lab.image().id, {})
    lab.engine.start(container_id)
    lab.engine.wait(container_id, 30)
    said = b"".join(data for stream, data in lab.engine.logs(container_id) if stream == STDOUT)
    assert said.decode().strip() == answer

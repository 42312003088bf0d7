# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The container dictionary as an argument spec, in community.docker's words."""

from __future__ import annotations

from typing import Any

_STRINGS: dict[str, Any] = {"type": "list", "elements": "str"}

_MOUNT: dict[str, Any] = {
    "target": {"type": "str", "required": True},
    "source": {"type": "str"},
    "type": {
        "type": "str",
        "choices": ["bind", "npipe", "tmpfs", "volume", "cluster", "image"],
        "default": "volume",
    },
    "read_only": {"type": "bool"},
    "consistency": {"type": "str", "choices": ["cached", "consistent", "default", "delegated"]},
    "create_mountpoint": {"type": "bool"},
    "propagation": {
        "type": "str",
        "choices": ["private", "rprivate", "shared", "rshared", "slave", "rslave"],
    },
    "no_copy": {"type": "bool"},
    "non_recursive": {"type": "bool"},
    "read_only_non_recursive": {"type": "bool"},
    "read_only_force_recursive": {"type": "bool"},
    "labels": {"type": "dict"},
    "volume_driver": {"type": "str"},
    "volume_options": {"type": "dict"},
    "subpath": {"type": "str"},
    "tmpfs_size": {"type": "str"},
    "tmpfs_mode": {"type": "str"},
}

_NETWORK: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "ipv4_address": {"type": "str"},
    "ipv6_address": {"type": "str"},
    "links": _STRINGS,
    "aliases": _STRINGS,
    "mac_address": {"type": "str"},
}

_HEALTHCHECK: dict[str, Any] = {
    "test": {"type": "raw"},
    "test_cli_compatible": {"type": "bool", "default": False},
    "interval": {"type": "str"},
    "timeout": {"type": "str"},
    "retries": {"type": "int"},
    "start_period": {"type": "str"},
    "start_interval": {"type": "str"},
}

_DEVICE_REQUEST: dict[str, Any] = {
    "capabilities": {"type": "list", "elements": "list"},
    "count": {"type": "int"},
    "device_ids": _STRINGS,
    "driver": {"type": "str"},
    "options": {"type": "dict"},
}

CONTAINER: dict[str, Any] = {
    "image": {"type": "str", "required": True},
    "command": {"type": "raw"},
    "entrypoint": _STRINGS,
    "env": {"type": "dict"},
    "env_file": {"type": "path"},
    # Core's censoring would destroy results ("0" is a secret somewhere); see _logs.redact.
    "secret_env": {"type": "dict", "no_log": False},
    "user": {"type": "str"},
    "groups": _STRINGS,
    "working_dir": {"type": "str"},
    "volumes": _STRINGS,
    "mounts": {"type": "list", "elements": "dict", "options": _MOUNT},
    "tmpfs": _STRINGS,
    "networks": {"type": "list", "elements": "dict", "options": _NETWORK},
    "network_mode": {"type": "str"},
    "dns_servers": _STRINGS,
    "dns_search_domains": _STRINGS,
    "dns_opts": _STRINGS,
    "etc_hosts": {"type": "dict"},
    "labels": {"type": "dict"},
    "memory": {"type": "str"},
    "memory_swap": {"type": "str"},
    "memory_reservation": {"type": "str"},
    "cpus": {"type": "float"},
    "cpuset_cpus": {"type": "str"},
    "pids_limit": {"type": "int"},
    "shm_size": {"type": "str"},
    "ulimits": _STRINGS,
    "sysctls": {"type": "dict"},
    "capabilities": _STRINGS,
    "cap_drop": _STRINGS,
    "security_opts": _STRINGS,
    "privileged": {"type": "bool"},
    "read_only": {"type": "bool"},
    "init": {"type": "bool"},
    "devices": _STRINGS,
    "device_requests": {"type": "list", "elements": "dict", "options": _DEVICE_REQUEST},
    "ipc_mode": {"type": "str"},
    "pid_mode": {"type": "str"},
    "userns_mode": {"type": "str"},
    "runtime": {"type": "str"},
    "platform": {"type": "str"},
    "log_driver": {"type": "str"},
    "log_options": {"type": "dict"},
    "hostname": {"type": "str"},
    "stop_signal": {"type": "str"},
    "stop_timeout": {"type": "int"},
    "published_ports": _STRINGS,
    "healthcheck": {"type": "dict", "options": _HEALTHCHECK},
    "restart_policy": {"type": "str", "choices": ["no", "on-failure", "always", "unless-stopped"]},
    "restart_retries": {"type": "int"},
}

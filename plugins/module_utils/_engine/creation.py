# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition in the SDK's words: what is handed to it to create a container."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._container.definition import Definition
from .._container.duration import seconds

try:
    from docker.types import Ulimit
    from docker.utils import parse_bytes
    from docker.utils.ports import build_port_bindings
except ImportError:
    pass

# Keys whose values the SDK takes as they are.
_CONFIG = {
    "command": "command",
    "entrypoint": "entrypoint",
    "user": "user",
    "working_dir": "working_dir",
    "hostname": "hostname",
    "stop_signal": "stop_signal",
    "stop_timeout": "stop_timeout",
    "platform": "platform",
}
_HOST_CONFIG = {
    "groups": "group_add",
    "network_mode": "network_mode",
    "dns_servers": "dns",
    "dns_search_domains": "dns_search",
    "dns_opts": "dns_opt",
    "etc_hosts": "extra_hosts",
    "memory": "mem_limit",
    "memory_swap": "memswap_limit",
    "memory_reservation": "mem_reservation",
    "cpuset_cpus": "cpuset_cpus",
    "pids_limit": "pids_limit",
    "shm_size": "shm_size",
    "sysctls": "sysctls",
    "capabilities": "cap_add",
    "cap_drop": "cap_drop",
    "security_opts": "security_opt",
    "privileged": "privileged",
    "read_only": "read_only",
    "init": "init",
    "devices": "devices",
    "device_requests": "device_requests",
    "ipc_mode": "ipc_mode",
    "pid_mode": "pid_mode",
    "userns_mode": "userns_mode",
    "runtime": "runtime",
}


def container_arguments(definition: Definition) -> dict[str, Any]:
    """Return the keyword arguments of ``APIClient.create_container`` beside host and networking."""
    options = definition.options
    arguments = {word: options[key] for key, word in _CONFIG.items() if key in options}
    arguments["environment"] = dict(definition.environment)
    arguments["ports"] = [
        tuple(port.split("/")) if "/" in port else port
        for port in build_port_bindings(options.get("published_ports", []))
    ]
    # A path alone is an anonymous volume, and no bind.
    arguments["volumes"] = [volume for volume in options.get("volumes", []) if ":" not in volume]
    if "healthcheck" in options:
        arguments["healthcheck"] = _healthcheck(options["healthcheck"])
    return arguments


def host_arguments(definition: Definition) -> dict[str, Any]:
    """
    Return the keyword arguments of ``APIClient.create_host_config``.

    Raises ValueError, in the SDK's words, for values that it cannot read.
    """
    options = definition.options
    arguments = {word: options[key] for key, word in _HOST_CONFIG.items() if key in options}
    if "networks" in options and "network_mode" not in options:
        arguments["network_mode"] = options["networks"][0]["name"]
    if "cpus" in options:
        arguments["nano_cpus"] = round(options["cpus"] * 1_000_000_000)
    if "tmpfs" in options:
        arguments["tmpfs"] = dict(_path_and_options(entry) for entry in options["tmpfs"])
    if "ulimits" in options:
        arguments["ulimits"] = [_ulimit(entry) for entry in options["ulimits"]]
    if "mounts" in options:
        arguments["mounts"] = [_mount(mount) for mount in options["mounts"]]
    if "log_driver" in options:
        config = {key: str(value) for key, value in options.get("log_options", {}).items()}
        arguments["log_config"] = {"type": options["log_driver"], "config": config}
    if "restart_policy" in options:
        arguments["restart_policy"] = {
            "Name": options["restart_policy"],
            "MaximumRetryCount": options.get("restart_retries", 0),
        }
    arguments["binds"] = [volume for volume in options.get("volumes", []) if ":" in volume]
    arguments["port_bindings"] = build_port_bindings(options.get("published_ports", []))
    return arguments


def endpoint_arguments(network: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments with which the SDK attaches a container to a network."""
    words = ("aliases", "links", "ipv4_address", "ipv6_address", "mac_address")
    given = {word: network[word] for word in words if network.get(word)}
    if "links" in given:
        given["links"] = {target: alias for target, alias in map(_link, given["links"])}
    return given


def _link(entry: str) -> tuple[str, str]:
    target, _, alias = entry.partition(":")
    return target, alias or target


def _path_and_options(entry: str) -> tuple[str, str]:
    path, _, options = entry.partition(":")
    return path, options


def _ulimit(entry: str) -> Ulimit:
    name, soft, *hard = entry.split(":")
    return Ulimit(name=name, soft=int(soft), hard=int(hard[0] if hard else soft))


def _healthcheck(check: Mapping[str, Any]) -> dict[str, Any]:
    """In community.docker's words a healthcheck without a test turns the image's off."""
    answer: dict[str, Any] = {}
    test = check.get("test")
    if test is not None:
        answer["Test"] = ["CMD-SHELL", test] if isinstance(test, str) else list(test)
    elif not check.get("test_cli_compatible"):
        answer["Test"] = ["NONE"]
    durations = {
        "interval": "Interval",
        "timeout": "Timeout",
        "start_period": "StartPeriod",
        "start_interval": "StartInterval",
    }
    for key, word in durations.items():
        if check.get(key) is not None:
            answer[word] = round(seconds(check[key]) * 1_000_000_000)
    if check.get("retries") is not None:
        answer["Retries"] = check["retries"]
    return answer


def _mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    """Spell the engine's ``Mount``, since the SDK's own type lacks its newer fields."""
    size, mode = mount.get("tmpfs_size"), mount.get("tmpfs_mode")
    driver = {"Name": mount.get("volume_driver"), "Options": mount.get("volume_options")}
    return _given(
        {
            "Type": mount["type"],
            "Target": mount["target"],
            "Source": mount.get("source"),
            "ReadOnly": mount.get("read_only"),
            "Consistency": mount.get("consistency"),
            "BindOptions": _given(
                {
                    "Propagation": mount.get("propagation"),
                    "CreateMountpoint": mount.get("create_mountpoint"),
                    "NonRecursive": mount.get("non_recursive"),
                    "ReadOnlyNonRecursive": mount.get("read_only_non_recursive"),
                    "ReadOnlyForceRecursive": mount.get("read_only_force_recursive"),
                }
            ),
            f"{'Image' if mount['type'] == 'image' else 'Volume'}Options": _given(
                {
                    "NoCopy": mount.get("no_copy"),
                    "Labels": mount.get("labels"),
                    "DriverConfig": _given(driver) if mount.get("volume_driver") else None,
                    "Subpath": mount.get("subpath"),
                }
            ),
            "TmpfsOptions": _given(
                {
                    "SizeBytes": parse_bytes(size) if size else None,
                    "Mode": int(mode, 8) if mode else None,
                }
            ),
        }
    )


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, {})}

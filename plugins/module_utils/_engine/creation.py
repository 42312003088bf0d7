# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition as the arguments with which the SDK creates a container."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._definition.definition import Definition
from .._definition.duration import seconds

try:
    from docker.types import Ulimit
    from docker.utils import parse_bytes
    from docker.utils.ports import build_port_bindings
except ImportError:
    pass

# Keys whose values the SDK takes as they are.
_CONFIG = {
    "entrypoint": "entrypoint",
    "user": "user",
    "working_dir": "working_dir",
    "hostname": "hostname",
    "stop_signal": "stop_signal",
    "stop_timeout": "stop_timeout",
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
    "ipc_mode": "ipc_mode",
    "pid_mode": "pid_mode",
    "userns_mode": "userns_mode",
    "runtime": "runtime",
}


def container_arguments(definition: Definition) -> dict[str, Any]:
    """Return the keyword arguments of ``APIClient.create_container_config`` beside host and networking."""
    options = definition.options
    arguments = {word: options[key] for key, word in _CONFIG.items() if key in options}
    arguments["command"] = options.get("command")
    arguments["environment"] = dict(definition.environment)
    arguments["ports"] = [
        tuple(port.split("/")) if "/" in port else port
        for port in build_port_bindings(options.get("published_ports", []))
    ]
    # A path alone is an anonymous volume, and no bind.
    arguments["volumes"] = [volume for volume in options.get("volumes", []) if ":" not in volume]
    return arguments


def host_arguments(definition: Definition) -> dict[str, Any]:
    """
    Return the keyword arguments of ``APIClient.create_host_config``.

    Raises ValueError, in the SDK's words, for values that it cannot read.
    """
    options = definition.options
    arguments = {word: options[key] for key, word in _HOST_CONFIG.items() if key in options}
    if options.get("networks") and "network_mode" not in options:
        arguments["network_mode"] = options["networks"][0]["name"]
    if "cpus" in options:
        arguments["nano_cpus"] = round(options["cpus"] * 1_000_000_000)
    if "tmpfs" in options:
        arguments["tmpfs"] = dict(_path_and_options(entry) for entry in options["tmpfs"])
    if "ulimits" in options:
        arguments["ulimits"] = [_ulimit(entry) for entry in options["ulimits"]]
    if "device_requests" in options:
        arguments["device_requests"] = [
            {**request, "options": texts(request.get("options"))} for request in options["device_requests"]
        ]
    if "mounts" in options:
        arguments["mounts"] = [_mount(mount) for mount in options["mounts"]]
    if "log_driver" in options:
        arguments["log_config"] = {"type": options["log_driver"], "config": texts(options.get("log_options"))}
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
        given["links"] = dict(map(_link, given["links"]))
    return given


def texts(values: Mapping[str, Any] | None) -> dict[str, str]:
    """Return a mapping as the engine takes it for labels and drivers: all values are strings."""
    return {name: str(value) for name, value in (values or {}).items()}


def _link(entry: str) -> tuple[str, str]:
    target, alias = entry.partition(":")[::2]
    return target, alias or target


def _path_and_options(entry: str) -> tuple[str, str]:
    path, options = entry.partition(":")[::2]
    return path, options


def _ulimit(entry: str) -> Ulimit:
    name, values = entry.partition(":")[::2]
    soft, hard = values.partition(":")[::2]
    try:
        return Ulimit(name=name, soft=int(soft), hard=int(hard or soft))
    except ValueError:
        raise ValueError(f"ulimits: {entry!r} is not like nofile:1024 or nofile:1024:2048") from None


def healthcheck(check: Mapping[str, Any]) -> dict[str, Any]:
    """Return the engine's ``HealthConfig``, since the SDK's own type lacks its newer fields.

    In community.docker's words a healthcheck without a test turns the image's off.
    """
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
    driver = {"Name": mount.get("volume_driver"), "Options": texts(mount.get("volume_options"))}
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
                    "Labels": texts(mount.get("labels")),
                    "DriverConfig": _given(driver) if mount.get("volume_driver") else None,
                    "Subpath": mount.get("subpath"),
                }
            ),
            "TmpfsOptions": _given(
                {
                    "SizeBytes": parse_bytes(size) if size else None,
                    "Mode": _octal(mode) if mode else None,
                }
            ),
        }
    )


def _octal(mode: str) -> int:
    try:
        return int(mode, 8)
    except ValueError:
        raise ValueError(f"mounts: the tmpfs_mode {mode!r} is no octal number such as 1777") from None


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, {})}

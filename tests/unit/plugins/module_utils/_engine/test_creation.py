# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every key of the container dictionary reaches the engine, in its field of the request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.argument_spec import CONTAINER
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import from_options
from ansible_collections.migrate_first.docker.tests.unit.support.transport import docker_engine

SECOND = 1_000_000_000

#: The options that a key needs beside it.
BESIDE: dict[str, dict[str, Any]] = {
    "mounts": {"target": "/data", "type": "volume"},
    "networks": {"name": "net"},
    "healthcheck": {"test": ["CMD", "true"]},
    "device_requests": {"driver": "nvidia"},
}
NEEDED: dict[str, dict[str, Any]] = {
    "log_options": {"log_driver": "json-file"},
    "restart_retries": {"restart_policy": "on-failure"},
    "mounts.source": {"type": "bind"},
    "mounts.propagation": {"type": "bind"},
    "mounts.create_mountpoint": {"type": "bind"},
    "mounts.non_recursive": {"type": "bind"},
    "mounts.read_only_non_recursive": {"type": "bind"},
    "mounts.read_only_force_recursive": {"type": "bind"},
    "mounts.volume_options": {"volume_driver": "nfs"},
    "mounts.tmpfs_size": {"type": "tmpfs"},
    "mounts.tmpfs_mode": {"type": "tmpfs"},
    "healthcheck.test_cli_compatible": {"test": None},
}

#: Key, value, field of the request, value of the field.
FIELDS: list[tuple[str, Any, str, Any]] = [
    ("command", ["serve", "--fast"], "Cmd", ["serve", "--fast"]),
    ("command", "serve 'my shop'", "Cmd", ["serve", "my shop"]),
    ("entrypoint", ["tool"], "Entrypoint", ["tool"]),
    ("env", {"COLOUR": "blue = red"}, "Env", ["COLOUR=blue = red"]),
    ("secret_env", {"TOKEN": "hidden"}, "Env", ["TOKEN=hidden"]),
    ("user", "shop:shop", "User", "shop:shop"),
    ("groups", ["video", "20"], "HostConfig.GroupAdd", ["video", "20"]),
    ("working_dir", "/srv", "WorkingDir", "/srv"),
    ("volumes", ["data:/data", "/srv:/srv:ro"], "HostConfig.Binds", ["data:/data", "/srv:/srv:ro"]),
    ("volumes", ["/anonymous"], "Volumes", {"/anonymous": {}}),
    ("tmpfs", ["/run", "/tmp:size=64m,mode=0755"], "HostConfig.Tmpfs", {"/run": "", "/tmp": "size=64m,mode=0755"}),
    ("network_mode", "host", "HostConfig.NetworkMode", "host"),
    ("dns_servers", ["192.0.2.1"], "HostConfig.Dns", ["192.0.2.1"]),
    ("dns_search_domains", ["example.com"], "HostConfig.DnsSearch", ["example.com"]),
    ("dns_opts", ["ndots:2"], "HostConfig.DnsOptions", ["ndots:2"]),
    ("etc_hosts", {"db": "192.0.2.7"}, "HostConfig.ExtraHosts", ["db:192.0.2.7"]),
    ("labels", {"owner": "shop", "number": 7}, "Labels", {"owner": "shop", "number": "7", "own": "label"}),
    ("memory", "64M", "HostConfig.Memory", 64 * 1024**2),
    ("memory", "67108864", "HostConfig.Memory", 64 * 1024**2),
    ("memory_swap", "1G", "HostConfig.MemorySwap", 1024**3),
    ("memory_swap", "-1", "HostConfig.MemorySwap", -1),
    ("memory_reservation", "32M", "HostConfig.MemoryReservation", 32 * 1024**2),
    ("cpus", 1.5, "HostConfig.NanoCpus", 1_500_000_000),
    ("cpuset_cpus", "0-2", "HostConfig.CpusetCpus", "0-2"),
    ("pids_limit", 100, "HostConfig.PidsLimit", 100),
    ("shm_size", "64M", "HostConfig.ShmSize", 64 * 1024**2),
    ("ulimits", ["nofile:1024:2048"], "HostConfig.Ulimits", [{"Name": "nofile", "Soft": 1024, "Hard": 2048}]),
    ("ulimits", ["nproc:-1"], "HostConfig.Ulimits", [{"Name": "nproc", "Soft": -1, "Hard": -1}]),
    ("sysctls", {"net.core.somaxconn": 1024}, "HostConfig.Sysctls", {"net.core.somaxconn": "1024"}),
    ("capabilities", ["NET_ADMIN"], "HostConfig.CapAdd", ["NET_ADMIN"]),
    ("cap_drop", ["ALL"], "HostConfig.CapDrop", ["ALL"]),
    ("security_opts", ["no-new-privileges"], "HostConfig.SecurityOpt", ["no-new-privileges"]),
    ("privileged", True, "HostConfig.Privileged", True),
    ("read_only", True, "HostConfig.ReadonlyRootfs", True),
    ("init", True, "HostConfig.Init", True),
    ("init", False, "HostConfig.Init", False),
    ("devices", ["/dev/a:/dev/b:r"], "HostConfig.Devices.0.PathOnHost", "/dev/a"),
    ("devices", ["/dev/a:/dev/b:r"], "HostConfig.Devices.0.PathInContainer", "/dev/b"),
    ("devices", ["/dev/a:/dev/b:r"], "HostConfig.Devices.0.CgroupPermissions", "r"),
    ("ipc_mode", "host", "HostConfig.IpcMode", "host"),
    ("pid_mode", "host", "HostConfig.PidMode", "host"),
    ("userns_mode", "host", "HostConfig.UsernsMode", "host"),
    ("runtime", "runc", "HostConfig.Runtime", "runc"),
    ("log_driver", "journald", "HostConfig.LogConfig.Type", "journald"),
    ("log_options", {"max-file": 3}, "HostConfig.LogConfig.Config", {"max-file": "3"}),
    ("hostname", "shop", "Hostname", "shop"),
    ("stop_signal", "SIGINT", "StopSignal", "SIGINT"),
    ("stop_timeout", 7, "StopTimeout", 7),
    ("published_ports", ["8000"], "HostConfig.PortBindings", {"8000/tcp": [{"HostIp": "", "HostPort": ""}]}),
    ("published_ports", ["8001:8000"], "HostConfig.PortBindings.8000/tcp.0.HostPort", "8001"),
    ("published_ports", ["127.0.0.1:53:53/udp"], "HostConfig.PortBindings.53/udp.0.HostIp", "127.0.0.1"),
    ("published_ports", ["[::1]:8001:8000"], "HostConfig.PortBindings.8000/tcp.0.HostIp", "::1"),
    ("published_ports", ["8001:8000", "53:53/udp"], "ExposedPorts", {"8000/tcp": {}, "53/udp": {}}),
    ("restart_policy", "always", "HostConfig.RestartPolicy", {"Name": "always", "MaximumRetryCount": 0}),
    ("restart_retries", 3, "HostConfig.RestartPolicy", {"Name": "on-failure", "MaximumRetryCount": 3}),
    ("mounts.target", "/srv", "HostConfig.Mounts.0.Target", "/srv"),
    ("mounts.source", "/srv", "HostConfig.Mounts.0.Source", "/srv"),
    ("mounts.type", "tmpfs", "HostConfig.Mounts.0.Type", "tmpfs"),
    ("mounts.read_only", True, "HostConfig.Mounts.0.ReadOnly", True),
    ("mounts.consistency", "cached", "HostConfig.Mounts.0.Consistency", "cached"),
    ("mounts.create_mountpoint", True, "HostConfig.Mounts.0.BindOptions", {"CreateMountpoint": True}),
    ("mounts.propagation", "rslave", "HostConfig.Mounts.0.BindOptions", {"Propagation": "rslave"}),
    ("mounts.non_recursive", True, "HostConfig.Mounts.0.BindOptions", {"NonRecursive": True}),
    ("mounts.read_only_non_recursive", True, "HostConfig.Mounts.0.BindOptions", {"ReadOnlyNonRecursive": True}),
    ("mounts.read_only_force_recursive", True, "HostConfig.Mounts.0.BindOptions", {"ReadOnlyForceRecursive": True}),
    ("mounts.no_copy", True, "HostConfig.Mounts.0.VolumeOptions", {"NoCopy": True}),
    ("mounts.labels", {"number": 7}, "HostConfig.Mounts.0.VolumeOptions", {"Labels": {"number": "7"}}),
    ("mounts.volume_driver", "nfs", "HostConfig.Mounts.0.VolumeOptions", {"DriverConfig": {"Name": "nfs"}}),
    ("mounts.volume_options", {"o": 1}, "HostConfig.Mounts.0.VolumeOptions.DriverConfig.Options", {"o": "1"}),
    ("mounts.subpath", "a/b", "HostConfig.Mounts.0.VolumeOptions", {"Subpath": "a/b"}),
    ("mounts.tmpfs_size", "64M", "HostConfig.Mounts.0.TmpfsOptions", {"SizeBytes": 64 * 1024**2}),
    ("mounts.tmpfs_mode", "0750", "HostConfig.Mounts.0.TmpfsOptions", {"Mode": 0o750}),
    ("networks.name", "net", "NetworkingConfig.EndpointsConfig", {"net": {}}),
    ("networks.name", "net", "HostConfig.NetworkMode", "net"),
    ("networks.aliases", ["shop"], "NetworkingConfig.EndpointsConfig.net.Aliases", ["shop"]),
    ("networks.links", ["a:b", "c"], "NetworkingConfig.EndpointsConfig.net.Links", ["a:b", "c:c"]),
    ("networks.ipv4_address", "192.0.2.9", "NetworkingConfig.EndpointsConfig.net.IPAMConfig.IPv4Address", "192.0.2.9"),
    ("networks.ipv6_address", "fd00::9", "NetworkingConfig.EndpointsConfig.net.IPAMConfig.IPv6Address", "fd00::9"),
    ("networks.mac_address", "92:d0:c6::1", "NetworkingConfig.EndpointsConfig.net.MacAddress", "92:d0:c6::1"),
    ("healthcheck.test", "curl -f /", "Healthcheck.Test", ["CMD-SHELL", "curl -f /"]),
    ("healthcheck.test", ["CMD", "true"], "Healthcheck.Test", ["CMD", "true"]),
    ("healthcheck.test", None, "Healthcheck", {"Test": ["NONE"]}),
    ("healthcheck.test_cli_compatible", True, "Healthcheck", {}),
    ("healthcheck.interval", "1m30s", "Healthcheck.Interval", 90 * SECOND),
    ("healthcheck.timeout", "500ms", "Healthcheck.Timeout", SECOND // 2),
    ("healthcheck.retries", 5, "Healthcheck.Retries", 5),
    ("healthcheck.start_period", "30", "Healthcheck.StartPeriod", 30 * SECOND),
    ("healthcheck.start_interval", "1s", "Healthcheck.StartInterval", SECOND),
    ("device_requests.capabilities", [["gpu"]], "HostConfig.DeviceRequests.0.Capabilities", [["gpu"]]),
    ("device_requests.count", -1, "HostConfig.DeviceRequests.0.Count", -1),
    ("device_requests.device_ids", ["0"], "HostConfig.DeviceRequests.0.DeviceIDs", ["0"]),
    ("device_requests.driver", "nvidia", "HostConfig.DeviceRequests.0.Driver", "nvidia"),
    ("device_requests.options", {"a": 1}, "HostConfig.DeviceRequests.0.Options", {"a": "1"}),
]

#: Keys that have no field of their own: see the tests below.
ELSEWHERE = {"image", "env_file", "platform"}


def request(options: Mapping[str, Any], env_file: Mapping[str, str] | None = None) -> tuple[dict[str, str], Any]:
    """Create a container, and return query and body of the request."""
    engine, transport = docker_engine({"POST /containers/create": {"Id": "1"}})
    definition = from_options({"image": "shop:2.0", "command": ["serve"], **options}, env_file)
    engine.create("shop", definition, "sha256:2", {"own": "label"})
    return transport.requests[0][1:]


def field(body: Any, path: str) -> Any:
    for word in path.split("."):
        body = body[int(word)] if isinstance(body, list) else body[word]
    return body


def options_for(key: str, value: Any) -> dict[str, Any]:
    parent, child = key.partition(".")[::2]
    if not child:
        return {**NEEDED.get(key, {}), key: value}
    inner = {**BESIDE[parent], **NEEDED.get(key, {}), child: value}
    return {parent: [inner] if CONTAINER[parent]["type"] == "list" else inner}


def keys(spec: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for key, option in spec.items():
        if "options" in option:
            yield from keys(option["options"], f"{path}{key}.")
        else:
            yield path + key


def test_every_key_has_a_row() -> None:
    assert set(keys(CONTAINER)) == {key for key, *_row in FIELDS} | ELSEWHERE


def test_every_key_reaches_its_field() -> None:
    for key, value, path, expected in FIELDS:
        assert field(request(options_for(key, value))[1], path) == expected, key


def test_the_container_is_created_by_the_id_of_the_image() -> None:
    query, body = request({})
    assert (query, body["Image"]) == ({"name": "shop"}, "sha256:2")


def test_the_variables_of_the_file_reach_the_request() -> None:
    assert request({}, {"COLOUR": "blue"})[1]["Env"] == ["COLOUR=blue"]


def test_the_platform_is_in_the_query() -> None:
    assert request({"platform": "linux/arm64"})[0]["platform"] == "linux/arm64"


def test_an_option_that_is_not_given_is_left_to_image_and_engine() -> None:
    _query, body = request({"command": None})
    given = {key: value for key, value in body.items() if value not in (None, [], {}, False, "")}
    assert given.keys() <= {"Image", "Labels", "HostConfig", "NetworkingConfig", "AttachStdout", "AttachStderr"}
    assert {key: value for key, value in body["HostConfig"].items() if value} == {"NetworkMode": "default"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"memory": "lots"}, "lots"),
        ({"ulimits": ["nofile"]}, "nofile"),
        ({"ulimits": ["nofile:many"]}, "nofile:many"),
        ({"devices": ["/dev/a"], "mounts": [{"target": "/t", "type": "tmpfs", "tmpfs_mode": "rwx"}]}, "rwx"),
        ({"mounts": [{"target": "/t", "type": "tmpfs", "tmpfs_size": "lots"}]}, "lots"),
        ({"published_ports": ["eighty:80:80:80"]}, "eighty"),
        ({"device_requests": [{"count": 1, "device_ids": ["0"], "capabilities": "gpu"}]}, "capabilities"),
    ],
)
def test_a_value_that_the_sdk_cannot_read_is_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=r"^container: ") as refusal:
        request(options)
    assert words.lower() in str(refusal.value).lower()

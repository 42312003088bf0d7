# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Docker engine for this machine: the one that answers, or one that is installed and started, and can be undone."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import daemon, debian, docker_client, state
from support.cache import cache, locked
from support.docker_client import DEFAULT_HOST
from support.errors import SupportError
from support.process import end_of
from support.waiting import wait_until

PROGRAMS = {"dockerd": "docker.io", "docker": "docker-cli", "iptables": "iptables"}
PID_FILES = {"/var/run/docker.pid": "dockerd", "/run/docker/containerd/containerd.pid": "containerd"}
DATA = Path("/var/lib/docker")
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30


@dataclass(frozen=True)
class Engine:
    """An engine that answers. `started_by_us`: `stop` may stop it."""

    host: str
    version: str
    started_by_us: bool


def ensure() -> Engine:
    """The engine at $DOCKER_HOST or the default socket, installed and started where there is none.

    SystemExit says in one sentence what is in the way, and what to do.
    """
    with locked(cache("engine")):
        return _ensure()


def find() -> Engine | None:
    """The engine that answers, or the one that `ensure` once installed here, started again; else nothing."""
    with locked(cache("engine")):
        return _find()


def stop() -> str:
    """Undo what `ensure` did, unless something is on the engine. Returns what was done or left, and why."""
    with locked(cache("engine")):
        if not _memory():
            return "The Docker engine was not started by these commands: left as it is."
        engine = _find()
        left = docker_client.contents() if engine else None
        if left:
            return f"The Docker engine was left as it is, running and installed, since others use it: {left}."
        return f"{_stop()} {_uninstall()}"


def _find() -> Engine | None:
    if not _answers() and not debian.installed_for("engine"):
        return None
    return _ensure()


def _ensure() -> Engine:
    if _refuses_us():
        raise SystemExit(
            f"The Docker engine at {docker_client.host()} does not let this user in. Add the user to the group "
            "docker (sudo usermod -aG docker $USER, then log in again), and repeat the command."
        )
    try:
        return _engine()
    except SupportError as error:
        if docker_client.host() != DEFAULT_HOST:
            raise SystemExit(
                f"No Docker engine answers at DOCKER_HOST, {docker_client.host()}: {error}. "
                "Start it, or unset DOCKER_HOST to use this machine's own, and repeat the command."
            ) from None
    _install()
    _start()
    return _engine()


def _engine() -> Engine:
    version = docker_client.version()
    return Engine(docker_client.host(), version, started_by_us=_ours() is not None or "service" in _memory())


def _refuses_us() -> bool:
    socket = Path(docker_client.host().removeprefix("unix://"))
    return socket.is_socket() and not os.access(socket, os.R_OK | os.W_OK)


def _answers() -> bool:
    try:
        docker_client.version()
    except SupportError:
        return False
    return True


def _install() -> None:
    if shutil.which("dockerd", path=_path()):
        if os.geteuid() != 0:
            raise SystemExit(
                "The Docker engine of this machine is not running, and only root can start it. "
                "Start it (sudo systemctl start docker), and repeat the command."
            )
        return
    if not debian.is_root():
        raise SystemExit(
            "No Docker engine answers here, and only root on Debian or Ubuntu gets one installed by this command. "
            "Install Docker (https://docs.docker.com/engine/install/), start it, and repeat the command."
        )
    _remember(data_was_there=DATA.exists() and any(DATA.iterdir()))
    debian.update()
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program, path=_path())]
    if not debian.exists("docker-cli"):
        missing = [package for package in missing if package != "docker-cli"]  # Then docker.io holds the client too.
    debian.install("engine", missing)


def _start() -> None:
    log = cache("engine") / "dockerd.log"
    print("Starting the Docker engine …", file=sys.stderr, flush=True)
    if Path("/run/systemd/system").exists():
        _remember(service="docker")
        subprocess.run(["systemctl", "start", "docker"], capture_output=True, check=False)
        try:
            wait_until(_answers, "The Docker engine does not start", SECONDS_TO_START)
        except SupportError as error:
            raise SystemExit(f"{error} Its log: journalctl --unit docker --lines 50") from None
        return
    for file, program in PID_FILES.items():
        daemon.discard_stale_pid_file(Path(file), program)
    log.unlink(missing_ok=True)
    dockerd = shutil.which("dockerd", path=_path())
    process = daemon.start([str(dockerd)], log, {**os.environ, "PATH": _path()})
    if process:
        _remember(process=dataclasses.asdict(process))
        with contextlib.suppress(SupportError):
            wait_until(lambda: _answers() or not process.runs("dockerd"), "no answer", SECONDS_TO_START)
    if not _answers():
        raise SystemExit(f"The Docker engine does not start. {end_of(log)}")


def _stop() -> str:
    if service := _memory().get("service"):
        subprocess.run(["systemctl", "stop", f"{service}.socket", service], capture_output=True, check=False)
    process = _ours()
    if process:
        try:
            process.stop("dockerd", SECONDS_TO_STOP)
        except SupportError as error:
            raise SystemExit(str(error)) from None
    was_new = not _memory().get("data_was_there", True)
    state.write(_file(), {"data_was_there": not was_new} if debian.installed_for("engine") else {})
    return "Stopped the Docker engine." if process or service else "The Docker engine was not running."


def _uninstall() -> str:
    packages = debian.installed_for("engine")
    if not packages:
        return "It had been installed before: left installed."
    # Purging takes the engine's data with it.
    others = debian.uninstall("engine", purge=not _memory().get("data_was_there", True))
    if others:
        return f"Its packages were left installed, since others now need them: {', '.join(others)}."
    state.write(_file(), {})
    return f"Removed the packages {', '.join(packages)}."


def _ours() -> daemon.Process | None:
    remembered = _memory().get("process")
    process = daemon.Process(**remembered) if remembered else None
    return process if process and process.runs("dockerd") else None


def _path() -> str:
    return f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"


def _memory() -> dict[str, Any]:
    return state.read(_file())


def _remember(**facts: Any) -> None:
    state.write(_file(), {**_memory(), **facts})


def _file() -> Path:
    return cache("engine") / "engine.json"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ensure"]:
            print(ensure())
        case ["stop"]:
            print(stop())
        case _:
            raise SystemExit("usage: python3 -m support.engine {ensure,stop}")

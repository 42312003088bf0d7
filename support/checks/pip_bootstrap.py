# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-test needs to make virtual environments with nothing but a package index at hand."""

from __future__ import annotations

import ast
import configparser
import os
import subprocess
import sys

from support.cache import cache
from support.checks.workspace import Workspace
from support.process import Command, run_logged

VERSION = (
    "from types import SimpleNamespace; from ansible_test._internal.python_requirements import get_venv_packages; "
    "print(get_venv_packages(SimpleNamespace(version='3.11'))['pip'])"
)

# ansible-test fetches a script of this name from a server of its own, unless it is there already.
GET_PIP = """\
import runpy
import sys

sys.path.insert(0, {wheel!r})
sys.argv[1:] = ["install", "--quiet", "--no-index", "--disable-pip-version-check", {wheel!r}]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def provide(workspace: Workspace) -> None:
    """Put the pip that ansible-test wants, and this user's settings of pip, into the workspace's home."""
    _write_settings(workspace)
    folder = workspace.home / ".ansible" / "test" / "cache"
    python = workspace.programs / "python"
    version = subprocess.run([python, "-c", VERSION], capture_output=True, text=True, check=True).stdout.strip()
    script = folder / f"get_pip_{version.replace('.', '_')}.py"
    wheel = folder / f"pip-{version}-py3-none-any.whl"
    if not wheel.exists():
        download: Command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            folder,
            f"pip=={version}",
        ]
        folder.mkdir(parents=True, exist_ok=True)
        run_logged("Downloading pip from the package index", download, workspace.root / "pip.log")
    script.write_text(GET_PIP.format(wheel=str(wheel)), encoding="utf-8")


def _write_settings(workspace: Workspace) -> None:
    """ansible-test hands no variables on to pip, and checks have a home of their own: hence a file."""
    command: Command = [sys.executable, "-m", "pip", "config", "list"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    settings = {"cert": os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE") or ""}
    for line in lines:
        name, value = line.split("=", maxsplit=1)
        settings[name.split(".")[-1]] = ast.literal_eval(value)
    settings["cache-dir"] = str(cache("test/pip"))
    config = configparser.RawConfigParser()
    config["global"] = {name: value for name, value in settings.items() if value}
    file = workspace.home / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True, exist_ok=True)
    # An index's address may hold a password.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as output:
        config.write(output)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules, executed as Ansible does, on an engine in memory."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any, Callable, cast

import pytest
from ansible.module_utils import basic
from ansible_collections.migrate_first.docker.tests.unit.support.lab import Lab


class Modules:
    """Executes modules on a lab, instead of the engine that they would connect to."""

    def __init__(self, lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.lab = lab
        #: Connects to the engine that the options name.
        self.connect: Callable[..., object] = lambda _params: lab.engine
        self.warnings: list[str] = []
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, module: ModuleType, check: bool = False, **options: Any) -> dict[str, Any]:
        """Return the result of a module with these options."""
        arguments = {"ANSIBLE_MODULE_ARGS": {"_ansible_check_mode": check, **options}}
        with self._monkeypatch.context() as patch:
            patch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(arguments).encode())
            # From ansible-core 2.19 on.
            patch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
            # Core hands warnings to the terminal where code of the controller was imported beside it.
            patch.setattr(basic.AnsibleModule, "warn", lambda _self, warning: self.warnings.append(warning))
            patch.setattr(module, "DockerEngine", self.connect)
            # A module that waits for nothing has none.
            patch.setattr(module, "SystemClock", lambda: self.lab.clock, raising=False)
            with pytest.raises(SystemExit) as end:
                module.main()
        result = cast("dict[str, Any]", json.loads(self._capsys.readouterr().out))
        assert bool(end.value.code) == bool(result.get("failed"))
        return result

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user and the controller that an invocation is recorded with."""

from __future__ import annotations

import getpass
import os
import socket

import pytest
from ansible_collections.migrate_first.docker.plugins.plugin_utils._invocation import invoked_by
from ansible_collections.migrate_first.docker.tests.unit.support.actions import SUCCESS, Action


def test_the_user_and_the_controller_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "deploy")
    monkeypatch.setattr(socket, "gethostname", lambda: "ci-runner-3")
    assert invoked_by() == "deploy@ci-runner-3"
    action = Action(SUCCESS)
    action.run_task()
    assert action.calls[0].invoked_by == "deploy@ci-runner-3"


@pytest.mark.parametrize("error", [KeyError("uid not found"), OSError("no username set")])
def test_a_user_without_a_name_is_recorded_by_number(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def nobody() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert invoked_by() == f"{os.getuid()}@{socket.gethostname()}"

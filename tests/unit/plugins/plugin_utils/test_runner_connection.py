# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSH gets the options that notice a silent connection, unless the user has set them."""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest
from ansible_collections.migrate_first.docker.plugins.plugin_utils._runner_connection import RunnerConnection


def connection(transport: str = "ssh", **options: str) -> MagicMock:
    """Return a connection with these options, which can be set."""
    known: dict[str, str | None] = {"ssh_args": "-C", "ssh_common_args": None, "ssh_extra_args": None, **options}
    fake = MagicMock(transport=transport, known=known)
    fake.get_option.side_effect = known.get
    fake.set_option.side_effect = known.__setitem__
    return fake


def ssh_arguments(connection: MagicMock) -> str:
    """Return all arguments that SSH gets when the connection is kept alive."""
    RunnerConnection(connection, 300, lambda _sentence: None).keep_alive()
    return " ".join(filter(None, connection.known.values()))


@pytest.mark.parametrize("common", ["", "-o ProxyJump=bastion"])
def test_ssh_gets_the_keep_alive_option(common: str) -> None:
    fake = connection(ssh_common_args=common)
    arguments = ssh_arguments(fake)
    assert "ServerAliveInterval=5" in arguments
    assert common in arguments
    # A connection that is open already would go on without it.
    fake.reset.assert_called_once_with()


@pytest.mark.parametrize("option", ["ssh_args", "ssh_common_args", "ssh_extra_args"])
def test_a_keep_alive_option_of_the_user_is_kept(option: str) -> None:
    fake = connection(**{option: "-o ServerAliveInterval=30"})
    assert ssh_arguments(fake).count("ServerAliveInterval") == 1
    fake.reset.assert_not_called()


@pytest.mark.parametrize("transport", ["local", "paramiko", "docker"])
def test_another_kind_of_connection_is_not_changed(transport: str) -> None:
    fake = connection(transport)
    assert "ServerAliveInterval" not in ssh_arguments(fake)
    fake.reset.assert_not_called()

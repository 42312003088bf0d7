# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to the engine, by the options and by the variables of Docker's own clients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine import connection as module
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.connection import (
    DEFAULT_HOST,
    REQUEST_TIMEOUT,
    connect,
)
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.interface import (
    EngineError,
    EngineUnreachable,
)
from ansible_collections.migrate_first.docker.tests.unit.support.lab import connection

TCP = {"docker_host": "tcp://engine.example.com:2376", "api_version": "1.41"}


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "TLS", "TLS_VERIFY", "TLS_HOSTNAME", "CERT_PATH", "API_VERSION"):
        monkeypatch.delenv(f"DOCKER_{name}", raising=False)


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    return tmp_path


def test_without_options_the_engine_is_that_of_the_machine() -> None:
    client = connect(connection(api_version="1.41"))
    assert client.base_url.startswith("http+docker://")
    assert connection()["docker_host"] == DEFAULT_HOST
    assert client.timeout == REQUEST_TIMEOUT


def test_variables_replace_options_that_are_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://engine.example.com:2375")
    monkeypatch.setenv("DOCKER_API_VERSION", "1.40")
    client = connect(connection())
    assert (client.base_url, client.api_version) == ("http://engine.example.com:2375", "1.40")


@pytest.mark.parametrize(
    ("options", "scheme", "verify"),
    [
        pytest.param({}, "http", True, id="plain"),
        pytest.param({"tls": True}, "https", True, id="tls"),
        pytest.param({"tls": True, "validate_certs": False}, "https", False, id="unverified"),
    ],
)
def test_tls_is_verified_unless_the_task_turns_that_off(options: dict[str, Any], scheme: str, verify: bool) -> None:
    client = connect(connection(**TCP, **options))
    assert (client.base_url, client.verify) == (f"{scheme}://engine.example.com:2376", verify)


def test_the_certificates_of_the_task_are_used(certificates: Path) -> None:
    ca, cert, key = (str(certificates / name) for name in ("ca.pem", "cert.pem", "key.pem"))
    client = connect(connection(**TCP, ca_path=ca, client_cert=cert, client_key=key))
    assert (client.verify, client.cert) == (ca, (cert, key))


def test_the_certificates_of_the_folder_are_used(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CERT_PATH", str(certificates))
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    client = connect(connection(**TCP))
    assert client.verify == str(certificates / "ca.pem")
    assert client.cert == (str(certificates / "cert.pem"), str(certificates / "key.pem"))


def test_a_folder_alone_does_not_turn_tls_on(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CERT_PATH", str(certificates))
    assert connect(connection(**TCP)).base_url.startswith("http://")


def test_the_certificate_may_be_for_another_name() -> None:
    client = connect(connection(**TCP, tls=True, tls_hostname="docker"))
    pool = client.get_adapter("https://engine.example.com").poolmanager  # type: ignore[attr-defined]
    assert pool.connection_pool_kw["assert_hostname"] == "docker"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param({"docker_host": "unix:///no/such.sock"}, "docker info", id="no engine"),
        pytest.param({"docker_host": "gopher://engine", "api_version": "1.41"}, "gopher", id="an unknown kind"),
        pytest.param({**TCP, "api_version": "1.10"}, "connection options", id="an API that is too old"),
        pytest.param({**TCP, "client_cert": __file__}, "connection options", id="a certificate without its key"),
    ],
)
def test_an_engine_that_cannot_be_reached_is_an_error_with_a_hint(options: dict[str, Any], words: str) -> None:
    with pytest.raises(EngineUnreachable, match=words):
        connect(connection(**options))


def test_a_missing_sdk_is_an_error_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SDK_MISSING", "install docker")
    with pytest.raises(EngineError, match="install docker"):
        connect(connection())

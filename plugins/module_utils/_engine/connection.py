# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to the engine: its options as community.docker has them, and a client of the SDK."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.common.parameters import env_fallback

from .errors import SDK_MISSING, translate_errors
from .interface import EngineError

try:
    from docker import APIClient
    from docker.tls import TLSConfig
    from requests.adapters import HTTPAdapter
except ImportError:
    # _NamedHost below needs a base to be defined; connect() says what is missing.
    HTTPAdapter = object  # type: ignore[assignment,misc]

DEFAULT_HOST = "unix:///var/run/docker.sock"

#: Seconds without an answer after which a call to the engine is given up.
REQUEST_TIMEOUT = 60

CONNECTION: dict[str, Any] = {
    "docker_host": {
        "type": "str",
        "default": DEFAULT_HOST,
        "fallback": (env_fallback, ["DOCKER_HOST"]),
        "aliases": ["docker_url"],
    },
    "tls": {"type": "bool", "default": False, "fallback": (env_fallback, ["DOCKER_TLS"])},
    "validate_certs": {
        "type": "bool",
        "default": True,
        "fallback": (env_fallback, ["DOCKER_TLS_VERIFY"]),
        "aliases": ["tls_verify"],
    },
    "ca_path": {"type": "path", "aliases": ["ca_cert", "tls_ca_cert", "cacert_path"]},
    "client_cert": {"type": "path", "aliases": ["tls_client_cert", "cert_path"]},
    "client_key": {"type": "path", "aliases": ["tls_client_key", "key_path"]},
    "tls_hostname": {"type": "str", "fallback": (env_fallback, ["DOCKER_TLS_HOSTNAME"])},
    "api_version": {
        "type": "str",
        "default": "auto",
        "fallback": (env_fallback, ["DOCKER_API_VERSION"]),
        "aliases": ["docker_api_version"],
    },
}


class _NamedHost(HTTPAdapter):
    """Verify the certificate for the name given, where it is not the one in the address."""

    def __init__(self, hostname: str) -> None:
        self._hostname = hostname
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, assert_hostname=self._hostname, **kwargs)


def connect(params: Mapping[str, Any]) -> APIClient:
    """
    Return a client for the engine that the options name, its API version agreed on.

    Raises EngineError where the SDK is missing, EngineUnreachable where the engine does not answer.
    """
    if SDK_MISSING:
        raise EngineError(SDK_MISSING)
    address = params["docker_host"]
    with translate_errors(address):
        client = APIClient(
            base_url=address,
            version=params["api_version"],
            timeout=REQUEST_TIMEOUT,
            tls=_tls(params),
            use_ssh_client=address.startswith("ssh://"),
        )
        if params["tls_hostname"]:
            client.mount("https://", _NamedHost(params["tls_hostname"]))
        return client


def _tls(params: Mapping[str, Any]) -> Any:
    """Verified unless the task says otherwise, which is stricter than the SDK's own default."""
    given = {option: params[option] for option in ("ca_path", "client_cert", "client_key") if params[option]}
    if not (params["tls"] or given or os.environ.get("DOCKER_TLS_VERIFY")):
        return False
    files = {**_certificates(os.environ.get("DOCKER_CERT_PATH")), **given}
    pair = (files.get("client_cert", ""), files.get("client_key", ""))
    # The SDK refuses one without the other.
    return TLSConfig(
        client_cert=pair if any(pair) else None, ca_cert=files.get("ca_path"), verify=params["validate_certs"]
    )


def _certificates(folder: str | None) -> dict[str, str]:
    """Return the files that Docker's own clients look for in the folder of DOCKER_CERT_PATH."""
    names = {"ca_path": "ca.pem", "client_cert": "cert.pem", "client_key": "key.pem"}
    return {option: str(Path(folder, name)) for option, name in names.items()} if folder else {}

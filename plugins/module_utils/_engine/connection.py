# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the engine: options in community.docker's words, a connected SDK client."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.parameters import env_fallback

from .errors import SDK_MISSING, translated
from .interface import EngineUnreachable

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

    Raises EngineUnreachable where the SDK is missing, or the engine does not answer.
    """
    if SDK_MISSING:
        raise EngineUnreachable(SDK_MISSING)
    address = params["docker_host"]
    with translated(address):
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
    files = _certificates(params)
    if not (params["tls"] or any(files.values()) or os.environ.get("DOCKER_TLS_VERIFY")):
        return False
    certificate = (files["cert"], files["key"]) if files["cert"] and files["key"] else None
    return TLSConfig(client_cert=certificate, ca_cert=files["ca"], verify=params["validate_certs"])


def _certificates(params: Mapping[str, Any]) -> dict[str, str | None]:
    """Take each file from its option, else from the folder that DOCKER_CERT_PATH names."""
    folder = os.environ.get("DOCKER_CERT_PATH")
    options = {"ca": "ca_path", "cert": "client_cert", "key": "client_key"}
    return {
        kind: params[option] or (os.path.join(folder, f"{kind}.pem") if folder else None)
        for kind, option in options.items()
    }

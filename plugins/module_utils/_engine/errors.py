# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDK's errors, turned into ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .interface import EngineError, EngineUnreachable, NameTaken, NoSuchContainer

try:
    from docker.errors import APIError, DockerException, InvalidVersion, TLSParameterError
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    SDK_MISSING: str | None = None
except ImportError:
    SDK_MISSING = (
        f"the Docker SDK for Python is missing on this host for {sys.executable}: install it there "
        "(the package python3-docker of Debian, or docker of PyPI), or let ansible_python_interpreter name a Python "
        "that has it"
    )


@contextmanager
def translated(address: str) -> Iterator[None]:
    """Raise EngineError and its subclasses instead of what the SDK and its HTTP client raise."""
    try:
        yield
    except APIError as error:
        raise refusal(error.status_code, str(error.explanation or error)) from error
    except (InvalidVersion, TLSParameterError) as error:
        raise EngineUnreachable(f"the connection options do not suit the engine at {address}: {error}") from error
    except (DockerException, RequestException, HTTPError, OSError) as error:
        raise EngineUnreachable(_unreachable(address, error)) from error


@contextmanager
def understood() -> Iterator[None]:
    """Raise ValueError, with a sentence for a person, where the SDK cannot read a definition."""
    try:
        yield
    except (DockerException, ValueError) as error:
        raise ValueError(f"container: {error}") from error


def refusal(status: int | None, message: str) -> EngineError:
    """Return the error that an answer of the engine with this HTTP status and message is."""
    if status == 404 and "container" in message.lower():
        return NoSuchContainer(message)
    if status == 409 and "already in use" in message:
        return NameTaken(message)
    return EngineError(message)


def _unreachable(address: str, error: Exception) -> str:
    cause = str(error)
    if "Permission denied" in cause:
        return (
            f"the engine at {address} refuses this user: let the task become root, "
            "or put the user into the docker group of the host"
        )
    return f"the engine at {address} does not answer ({cause}): see whether it runs there (docker info)"

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the SDK's errors into ours: by status and type, never by their words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Mapping, Type

from .interface import EngineError, EngineUnreachable

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


#: By the status of an answer, what kind of error it is; any other is a plain EngineError.
Kinds = Mapping[int, Type[EngineError]]


@contextmanager
def translate_errors(address: str, kinds: Kinds | None = None) -> Iterator[None]:
    """Raise EngineError and its subclasses instead of what the SDK and its HTTP client raise."""
    try:
        yield
    except APIError as error:
        raise engine_error(error.status_code, str(error.explanation or error), kinds) from error
    except (InvalidVersion, TLSParameterError) as error:
        raise EngineUnreachable(f"the connection options do not suit the engine at {address}: {error}") from error
    except (DockerException, RequestException, HTTPError, OSError) as error:
        raise EngineUnreachable(_unreachable(address, error)) from error


@contextmanager
def raise_value_errors() -> Iterator[None]:
    """Raise ValueError, with a sentence for a person, where the SDK cannot read a definition."""
    try:
        yield
    except (DockerException, ValueError) as error:
        raise ValueError(f"container: {error}") from error


def engine_error(status: int | None, message: str, kinds: Kinds | None = None) -> EngineError:
    """Return the error that an answer of the engine with this HTTP status is; its words may be others tomorrow."""
    kind = (kinds or {}).get(status or 0, EngineError)
    return kind(message)


def _unreachable(address: str, error: BaseException) -> str:
    if any(isinstance(cause, PermissionError) for cause in causes(error)):
        return (
            f"the engine at {address} refuses this user: let the task become root, "
            "or put the user into the docker group of the host"
        )
    return f"the engine at {address} does not answer ({error}): see whether it runs there (docker info)"


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it was raised for: the HTTP clients hand it on as an argument, or as the context."""
    waiting, known = [error], set()
    while waiting:
        current = waiting.pop()
        if id(current) in known:
            continue
        known.add(id(current))
        yield current
        inner = (*current.args, current.__cause__, current.__context__, getattr(current, "reason", None))
        waiting += [it for it in inner if isinstance(it, BaseException)]

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition of a container as it was asked for, the same for migration and replicas. Pure."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .duration import seconds
from .labels import PREFIX

#: Keys of the container dictionary that a job leaves out, as ``docker compose run`` does.
REPLICA_ONLY = ("published_ports", "healthcheck", "restart_policy", "restart_retries")

#: The keys that, with the image, are the work of a run.
WORK = ("image", "entrypoint", "command")

_ENVIRONMENT = ("env", "env_file", "secret_env")
_DURATIONS = ("interval", "timeout", "start_period", "start_interval")


@dataclass(frozen=True)
class Definition:
    """
    A container's definition.

    ``options`` holds the keys of the container dictionary that were given, without the image
    and the environment; ``command`` and ``entrypoint`` in it are lists. ``environment`` is what
    the process gets beside the image's own; ``secrets`` are the values that must not be shown, and
    ``secret_names`` the variables that hold them.
    """

    image: str
    options: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    secret_names: frozenset[str] = frozenset()

    def label(self) -> str:
        """
        Return the label that a container carries, to compare it with later definitions.

        A digest for each option, and of the environment the names alone: its values are read
        from the container itself, so that no digest of a secret is ever written down.
        """
        return json.dumps(
            {
                "options": {key: _digest(value) for key, value in sorted(self.options.items())},
                "environment": sorted(self.environment),
                "secrets": sorted(self.secret_names),
            },
            separators=(",", ":"),
        )

    def differences(self, label: str, environment: Mapping[str, str]) -> tuple[str, ...]:
        """
        Return the names of the keys in which this definition differs from that of a container.

        ``label`` and ``environment`` are what the container carries. A label that cannot be read
        differs in everything: the answer is then ``("definition",)``.
        """
        try:
            carried = json.loads(label)
            options, names = dict(carried["options"]), set(carried["environment"])
        except (ValueError, KeyError, TypeError):
            return ("definition",)
        wanted = {key: _digest(value) for key, value in self.options.items()}
        differing = {key for key in wanted.keys() | options.keys() if wanted.get(key) != options.get(key)}
        differing |= {
            f"env.{name}"
            for name in self.environment.keys() | names
            if name not in names or self.environment.get(name) != environment.get(name)
        }
        return tuple(sorted(differing))


def secrets_of(label: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the secret values of a container, which may differ from those of the present task."""
    try:
        names = tuple(json.loads(label)["secrets"])
    except (ValueError, KeyError, TypeError):
        return ()
    return tuple(environment[name] for name in names if name in environment)


def from_options(container: Mapping[str, Any], env_file: Mapping[str, str] | None = None) -> Definition:
    """
    Build the definition from the container dictionary of a task.

    ``env_file`` is the content of the file that the key of that name points to. Keys whose value
    is None were not given. Raises ValueError, naming the key, for values that cannot be taken.
    """
    given = _given(container)
    if not str(given.get("image", "")).strip():
        raise ValueError("container.image is empty: name the image that the release consists of")
    reserved = [label for label in given.get("labels", {}) if label.startswith(PREFIX)]
    if reserved:
        raise ValueError(f"container.labels.{reserved[0]} is a label of this collection's own: name it otherwise")
    for key in _DURATIONS:
        if key in given.get("healthcheck", {}):
            seconds(given["healthcheck"][key], f"container.healthcheck.{key}")
    environment = dict(env_file or {})
    for key in ("env", "secret_env"):
        environment.update(_strings(f"container.{key}", container.get(key) or {}))
    return Definition(
        image=given["image"],
        options={
            key: _as_list(f"container.{key}", value) if key in ("command", "entrypoint") else value
            for key, value in given.items()
            if key != "image" and key not in _ENVIRONMENT
        },
        environment=environment,
        secrets=tuple(given.get("secret_env", {}).values()),
        secret_names=frozenset(given.get("secret_env", {})),
    )


def for_job(definition: Definition, overrides: Mapping[str, Any]) -> Definition:
    """
    Return the definition of a job that runs in the application's container.

    ``overrides`` may hold ``command`` and ``entrypoint``, which replace the container's, ``env``
    and ``secret_env``, which are added to them, and ``stop_timeout`` in seconds.
    """
    options = {key: value for key, value in definition.options.items() if key not in REPLICA_ONLY}
    for key in ("command", "entrypoint"):
        if overrides.get(key) is not None:
            options[key] = _as_list(key, overrides[key])
    if overrides.get("stop_timeout") is not None:
        options["stop_timeout"] = overrides["stop_timeout"]
    secret = _strings("secret_env", overrides.get("secret_env") or {})
    return Definition(
        image=definition.image,
        options=options,
        environment={**definition.environment, **_strings("env", overrides.get("env") or {}), **secret},
        secrets=(*definition.secrets, *secret.values()),
        secret_names=definition.secret_names | frozenset(secret),
    )


def _given(value: Any) -> Any:
    """Leave out what was not asked for, at every depth, so that a new option changes no digest."""
    if isinstance(value, Mapping):
        return {key: _given(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [_given(inner) for inner in value]
    return value


def _strings(option: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Refuse what YAML has read as another type: it is not what the person wrote any more."""
    for name, value in values.items():
        if not isinstance(value, str):
            raise ValueError(f"{option}.{name} is not a string: quote it, or use the string filter in a template")
    return {str(name): str(value) for name, value in values.items()}


def _as_list(option: str, value: Any) -> list[str]:
    if isinstance(value, str):
        try:
            return shlex.split(value)
        except ValueError as error:
            raise ValueError(f"{option} cannot be split into words: {error}") from None
    if isinstance(value, Iterable):
        return [str(word) for word in value]
    raise ValueError(f"{option} is neither a string nor a list of strings")


def _digest(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that modules share, and what is said of unknown and missing ones: the option, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Tuple

from ansible.module_utils.common.arg_spec import ValidationResult
from ansible.module_utils.errors import RequiredError, UnsupportedError

from ._definition.argument_spec import CONTAINER
from ._engine.connection import CONNECTION

Path = Tuple[str, ...]


def engine_spec(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the spec of a module with these options and the engine connection."""
    return {**options, **CONNECTION}


def container_spec(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the spec of a module with these options, the option ``container`` and the engine connection."""
    return engine_spec({"container": {"type": "dict", "required": True, "options": CONTAINER}, **options})


def argument_error(result: ValidationResult, spec: Mapping[str, Any]) -> str:
    """Return what is wrong with the arguments that were validated by the spec, empty where nothing is."""
    error = next(iter(result.errors), None)
    if isinstance(error, UnsupportedError):
        return _unknown_option(min(map(_path, result.unsupported_parameters)), spec)
    missing = _missing_option(result.validated_parameters, spec) if isinstance(error, RequiredError) else ()
    if missing:
        return f"{'.'.join(missing)} is not given, and is required: nothing was changed; add it"
    return str(error.msg) if error else ""


def _path(name: str | Sequence[str]) -> Path:
    """Core gives an option at the top as a text, and one further inside as the names that lead to it."""
    return (name,) if isinstance(name, str) else tuple(name)


def _unknown_option(path: Path, spec: Mapping[str, Any]) -> str:
    supported = _names(_inside(path[:-1], spec))
    near = get_close_matches(path[-1], supported)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(supported)}"
    return f"{'.'.join(path)} is not an option: nothing was changed; correct or remove it ({hint})"


def _inside(path: Path, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in path:
        spec = spec[name]["options"]
    return spec


def _names(spec: Mapping[str, Any]) -> list[str]:
    return sorted({name for key, option in spec.items() for name in (key, *option.get("aliases", ()))})


def _missing_option(values: Mapping[str, Any], spec: Mapping[str, Any], path: Path = ()) -> Path:
    """Return the names that lead to the first required option without a value, none where there is no such option."""
    for name, option in spec.items():
        value = values.get(name)
        if option.get("required") and value is None:
            return (*path, name)
        for inner in value if isinstance(value, list) else [value]:
            if "options" in option and isinstance(inner, Mapping):
                missing = _missing_option(inner, option["options"], (*path, name))
                if missing:
                    return missing
    return ()

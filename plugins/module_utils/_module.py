# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules share: their options, and results without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ._arguments import argument_error, container_spec
from ._definition.definition import Definition, from_options
from ._engine import env_file
from ._logs.redact import redact, secrets_in

_HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


class EngineModule(AnsibleModule):
    """An AnsibleModule that talks to an engine; see engine_spec."""

    def __init__(self, argument_spec: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(argument_spec=dict(argument_spec), supports_check_mode=True, **kwargs)

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        # Core fails with this result while the module is made; later there is no error in it.
        result = getattr(self, "validation_result", None)
        super().fail_json((result and argument_error(result, self.argument_spec)) or msg, **kwargs)


class ContainerModule(EngineModule):
    """
    A module with the option ``container`` too.

    It logs no invocation on the host, and returns one without the values of ``secret_env``.
    """

    def __init__(self, options: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(container_spec(options), no_log=True, **kwargs)

    def definition(self, params: Mapping[str, Any] | None = None) -> Definition:
        """Return the definition that the task, or other options, give; raise ValueError, naming what is wrong."""
        container = (params or self.params)["container"]
        return from_options(container, env_file.read(container["env_file"]))

    @staticmethod
    def validate(params: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of another such module as core would give them to it; raise ValueError."""
        spec = container_spec(options)
        result = ArgumentSpecValidator(spec).validate(params)
        if result.error_messages:
            raise ValueError(argument_error(result, spec))
        validated: dict[str, Any] = result.validated_parameters
        return validated

    def fail(self, msg: str, **result: Any) -> NoReturn:
        """Fail with a message that may quote an engine, and so the task's own values."""
        self.fail_json(redact(msg, secrets_in(self.params)), **result)

    def exit_json(self, **kwargs: Any) -> NoReturn:
        super().exit_json(**{"invocation": _shown(self.params), **kwargs})

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        super().fail_json(msg, **{"invocation": _shown(self.params), **kwargs})


def _shown(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"module_args": {name: _masked(name, value) for name, value in params.items()}}


def _masked(name: str, value: Any) -> Any:
    """Return an option without secrets, at any depth; a container that is no dictionary is not shown at all."""
    if value is None:
        return None
    if name == "secret_env":
        return dict.fromkeys(value, _HIDDEN) if isinstance(value, Mapping) else _HIDDEN
    if isinstance(value, Mapping):
        return {key: _masked(key, inner) for key, inner in value.items()}
    return _HIDDEN if name == "container" else value

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module whose task describes a container: its options, and nothing secret in what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from ._container.argument_spec import CONTAINER
from ._container.definition import Definition, from_options
from ._container.redact import redacted
from ._container.unknown import clear
from ._engine import env_file
from ._engine.connection import CONNECTION

_HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


class ContainerModule(AnsibleModule):
    """
    An AnsibleModule with the options ``container`` and those of the engine connection.

    It logs no invocation on the host, and returns one without the values of ``secret_env``.
    """

    def __init__(self, argument_spec: Mapping[str, Any], **kwargs: Any) -> None:
        container = {"type": "dict", "required": True, "options": CONTAINER}
        super().__init__(
            argument_spec={"container": container, **argument_spec, **CONNECTION},
            supports_check_mode=True,
            no_log=True,
            **kwargs,
        )

    def definition(self) -> Definition:
        """Return the definition that the task gives; raise ValueError, naming what is wrong."""
        container = self.params["container"]
        return from_options(container, env_file.read(container["env_file"]))

    def fail(self, msg: str, **result: Any) -> NoReturn:
        """Fail with a message that may quote an engine, and so the task's own values."""
        secrets = _secrets(self.params) | _secrets(self.params["container"])
        self.fail_json(redacted(msg, secrets), **result)

    def exit_json(self, **kwargs: Any) -> NoReturn:
        super().exit_json(**{"invocation": _shown(self.params), **kwargs})

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
        super().fail_json(clear(msg), **{"invocation": _shown(self.params), **kwargs})


def _shown(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options without secrets; a container that is no dictionary is not shown at all."""
    args = _without_secrets(params)
    if not isinstance(args.get("container"), Mapping):
        return {"module_args": {**args, "container": _HIDDEN}}
    return {"module_args": {**args, "container": _without_secrets(args["container"])}}


def _secrets(options: Mapping[str, Any]) -> set[str]:
    return {str(value) for value in (options.get("secret_env") or {}).values()}


def _without_secrets(options: Mapping[str, Any]) -> dict[str, Any]:
    secret = options.get("secret_env")
    if secret is None:
        return dict(options)
    names = dict.fromkeys(secret, _HIDDEN) if isinstance(secret, Mapping) else _HIDDEN
    return {**options, "secret_env": names}

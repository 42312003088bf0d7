# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message about an unknown or a missing option names it, and says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.migrate_first.docker.plugins.module_utils._arguments import argument_error

MOUNT = {"target": {"type": "str", "required": True}}
CONTAINER = {
    "image": {"type": "str", "required": True},
    "env": {"type": "dict"},
    "env_file": {"type": "str", "aliases": ["environment_file"]},
    "mounts": {"type": "list", "elements": "dict", "options": MOUNT},
}
SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "count": {"type": "int"},
    "container": {"type": "dict", "options": CONTAINER},
}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            {"name": "shop", "container": {"image": "shop:2", "evn": {}}},
            "container.evn is not an option: nothing was changed; correct or remove it (did you mean env?)",
            id="near",
        ),
        pytest.param(
            {"name": "shop", "container": {"image": "shop:2", "environment_fil": ""}},
            "container.environment_fil is not an option: nothing was changed; correct or remove it "
            "(did you mean environment_file or env_file?)",
            id="near an alias",
        ),
        pytest.param(
            {"name": "shop", "zzz": 1},
            "zzz is not an option: nothing was changed; correct or remove it (there are container, count, name)",
            id="far",
        ),
        pytest.param({}, "name is not given, and is required: nothing was changed; add it", id="missing"),
        pytest.param(
            {"name": "shop", "container": {}},
            "container.image is not given, and is required: nothing was changed; add it",
            id="missing inside",
        ),
        pytest.param(
            {"name": "shop", "container": {"image": "shop:2", "mounts": [{"target": "/data"}, {}]}},
            "container.mounts.target is not given, and is required: nothing was changed; add it",
            id="missing further inside",
        ),
        pytest.param({"name": "shop"}, "", id="nothing wrong"),
    ],
)
def test_the_message_names_the_option_and_what_to_do(arguments: dict[str, Any], sentence: str) -> None:
    assert argument_error(ArgumentSpecValidator(SPEC).validate(arguments), SPEC) == sentence


def test_another_error_keeps_the_words_of_core() -> None:
    result = ArgumentSpecValidator(SPEC).validate({"name": "shop", "count": "many"})
    assert "count" in argument_error(result, SPEC)
    assert "int" in argument_error(result, SPEC)

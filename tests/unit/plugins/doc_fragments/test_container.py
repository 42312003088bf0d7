# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the options agrees with the argument spec, at every depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from ansible_collections.migrate_first.docker.plugins.doc_fragments import container, engine
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.argument_spec import CONTAINER
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.connection import CONNECTION

SPEC = {"container": {"type": "dict", "required": True, "options": CONTAINER}, **CONNECTION}

DOCUMENTED = {
    name: option
    for fragment in (container, engine)
    for name, option in yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"].items()
}


def flat(options: Mapping[str, Any], nested: str, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each option by its dotted path, with the fields that fragment and argument spec have in common."""
    for name, option in options.items():
        yield (
            path + name,
            {
                "type": option["type"],
                "elements": option.get("elements"),
                "choices": option.get("choices"),
                "default": option.get("default"),
                "required": option.get("required", False),
                "aliases": option.get("aliases", []),
                "nested": nested in option,
            },
        )
        yield from flat(option.get(nested, {}), nested, f"{path}{name}.")


IN_SPEC = dict(flat(SPEC, "options"))
IN_FRAGMENTS = dict(flat(DOCUMENTED, "suboptions"))


def test_every_option_is_documented_as_it_is() -> None:
    assert IN_FRAGMENTS == IN_SPEC


@pytest.mark.parametrize(
    ("path", "variables"),
    [(name, option["fallback"][1]) for name, option in CONNECTION.items() if "fallback" in option],
)
def test_the_environment_variables_of_an_option_are_documented(path: str, variables: list[str]) -> None:
    text = " ".join(DOCUMENTED[path]["description"])
    assert all(f"E({variable})" in text for variable in variables)

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition of a container: its parts, how it is compared, and the secrets that it hides."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition import labels
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.argument_spec import CONTAINER
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.definition import (
    REPLICA_ONLY,
    Definition,
    for_job,
    from_options,
    secrets_of,
)
from hypothesis import given
from hypothesis import strategies as st

SECRET = "s3cret-password"

OPTIONS: dict[str, Any] = {
    "image": "shop:2.0",
    "command": ["serve"],
    "env": {"COLOUR": "blue"},
    "secret_env": {"TOKEN": SECRET},
    "user": "shop",
    "mounts": [{"target": "/data", "type": "volume", "read_only": False}],
    "published_ports": ["8000"],
    "healthcheck": {"test": "true", "retries": 3},
}


def compared(container: dict[str, Any], carried: dict[str, Any]) -> tuple[str, ...]:
    """Compare a definition with a container that was made for another one."""
    other = from_options(carried)
    return from_options(container).differences(other.label(), other.environment)


def reordered(value: Any) -> Any:
    """Return the same value with the keys of its dictionaries in another order."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(list(value))}
    return [reordered(inner) for inner in value] if isinstance(value, list) else value


def test_a_definition_holds_the_options_that_were_given() -> None:
    definition = from_options({**OPTIONS, "command": "serve --name 'my shop'"}, {"SIZE": "big"})
    assert definition.image == "shop:2.0"
    assert definition.options == {
        "command": ["serve", "--name", "my shop"],
        "user": "shop",
        "mounts": [{"target": "/data", "type": "volume", "read_only": False}],
        "published_ports": ["8000"],
        "healthcheck": {"test": "true", "retries": 3},
    }
    assert definition.environment == {"COLOUR": "blue", "TOKEN": SECRET, "SIZE": "big"}
    assert definition.secrets == (SECRET,)


def test_secret_env_overrides_env_and_env_overrides_the_file() -> None:
    names = from_options(
        {"image": "shop", "env": {"B": "env", "C": "env"}, "secret_env": {"C": "secret"}},
        {"A": "file", "B": "file", "C": "file"},
    )
    assert names.environment == {"A": "file", "B": "env", "C": "secret"}


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(reordered(OPTIONS), id="in another order"),
        pytest.param({**dict.fromkeys(CONTAINER), **OPTIONS}, id="with all that was not given as None"),
        pytest.param({**OPTIONS, "mounts": [{**OPTIONS["mounts"][0], "source": None}]}, id="with a None inside"),
        pytest.param({**OPTIONS, "command": "serve"}, id="with the command as a string"),
    ],
)
def test_another_form_of_the_same_options_is_the_same_definition(same: dict[str, Any]) -> None:
    assert from_options(same).label() == from_options(OPTIONS).label()
    assert compared(same, OPTIONS) == ()


@pytest.mark.parametrize(
    ("differing", "keys"),
    [
        ({"command": ["serve", "--fast"]}, ("command",)),
        ({"command": None}, ("command",)),
        ({"entrypoint": ["tool"]}, ("entrypoint",)),
        ({"user": "root"}, ("user",)),
        ({"user": None, "hostname": "shop"}, ("hostname", "user")),
        ({"mounts": [{"target": "/data", "type": "volume", "read_only": True}]}, ("mounts",)),
        ({"env": {"COLOUR": "red"}}, ("env.COLOUR",)),
        ({"env": {"COLOUR": "blue", "SIZE": "big"}}, ("env.SIZE",)),
        ({"env": None}, ("env.COLOUR",)),
        ({"secret_env": {"TOKEN": "another"}}, ("env.TOKEN",)),
        ({"secret_env": None, "env": {"COLOUR": "blue", "TOKEN": SECRET}}, ()),
        ({"image": "shop:3.0"}, ()),
    ],
)
def test_a_difference_is_named_by_its_key(differing: dict[str, Any], keys: tuple[str, ...]) -> None:
    changed = {**OPTIONS, **differing}
    assert compared(changed, OPTIONS) == keys
    assert compared(OPTIONS, changed) == keys


def test_every_key_is_compared() -> None:
    values = {"str": "1", "list": ["1"], "dict": {"a": "1"}, "int": 1, "float": 1.0, "bool": True, "raw": ["1"]}
    for key in CONTAINER.keys() - {"image", "env", "env_file", "secret_env"}:
        value = values[CONTAINER[key]["type"]]
        assert compared({"image": "shop", key: value}, {"image": "shop"}) == (key,)


def test_variables_of_the_image_are_no_difference() -> None:
    definition = from_options(OPTIONS)
    assert definition.differences(definition.label(), {"PATH": "/bin", **definition.environment}) == ()


def test_a_variable_that_the_container_lacks_is_a_difference() -> None:
    definition = from_options(OPTIONS)
    assert definition.differences(definition.label(), {}) == ("env.COLOUR", "env.TOKEN")


@pytest.mark.parametrize(
    "label",
    ["", "{", "{}", "[]", '"text"', '{"options": {}}', '{"environment": []}', '{"options": 1, "environment": 1}'],
)
def test_a_label_that_cannot_be_read_is_a_difference(label: str) -> None:
    assert from_options(OPTIONS).differences(label, {}) == ("definition",)


@pytest.mark.parametrize("definition", [from_options(OPTIONS), for_job(from_options(OPTIONS), OPTIONS)])
def test_a_secret_is_neither_in_the_label_nor_in_a_message(definition: Definition) -> None:
    assert SECRET not in definition.label()
    assert SECRET not in repr(definition)
    assert SECRET not in str(definition.differences("", {}))
    other = replace(definition, environment={**definition.environment, "TOKEN": "another-secret"})
    assert other.label() == definition.label()


def test_the_secrets_of_a_container_are_found_by_its_label() -> None:
    label = for_job(from_options(OPTIONS), {"secret_env": {"ADMIN": "hidden"}}).label()
    carried = {"TOKEN": "of another day", "COLOUR": "blue", "PATH": "/bin"}
    assert secrets_of(label, carried) == ("of another day",)


@pytest.mark.parametrize("label", ["", "{", "{}", "[]", '{"secrets": 1}'])
def test_a_label_that_cannot_be_read_names_no_secrets(label: str) -> None:
    assert secrets_of(label, {"TOKEN": "hidden"}) == ()


def test_the_label_has_the_names_of_the_variables_and_no_digest_of_their_values() -> None:
    assert json.loads(from_options(OPTIONS).label())["environment"] == ["COLOUR", "TOKEN"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"image": ""}, "container.image"),
        ({"image": "  "}, "container.image"),
        ({"image": None}, "container.image"),
        ({"env": {"DEBUG": True}}, "container.env.DEBUG"),
        ({"env": {"PORT": 8000}}, "container.env.PORT"),
        ({"env": {"EMPTY": None}}, "container.env.EMPTY"),
        ({"secret_env": {"PIN": 1234}}, "container.secret_env.PIN"),
        ({"command": 'echo "'}, "container.command"),
        ({"command": 7}, "container.command"),
        ({"labels": {labels.NAME: "other"}}, f"container.labels.{labels.NAME}"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as refusal:
        from_options({**OPTIONS, **wrong})
    assert "1234" not in str(refusal.value)


def test_a_job_leaves_out_the_options_for_replicas_alone() -> None:
    given = dict.fromkeys(REPLICA_ONLY, "given")
    definition = for_job(Definition("shop", {**given, "user": "shop"}), {})
    assert definition.options == {"user": "shop"}


def test_a_job_has_the_options_of_the_application_unless_it_sets_its_own() -> None:
    application = from_options(OPTIONS)
    kept = {"command": ["serve"], "user": "shop", "mounts": OPTIONS["mounts"]}
    assert for_job(application, dict.fromkeys(("command", "entrypoint", "env", "secret_env"))).options == kept
    own: dict[str, Any] = {"entrypoint": ["tool"], "stop_timeout": 5}
    env = {"env": {"COLOUR": "red", "LOCK": "1"}, "secret_env": {"ADMIN": "hidden"}}
    job = for_job(application, {**own, **env, "command": "migrate 'all of it'"})
    assert (job.image, job.options) == (application.image, {**kept, **own, "command": ["migrate", "all of it"]})
    assert job.environment == {"COLOUR": "red", "LOCK": "1", "TOKEN": SECRET, "ADMIN": "hidden"}
    assert job.secrets == (SECRET, "hidden")


@given(st.dictionaries(st.sampled_from(sorted(CONTAINER)[:20]), st.text()), st.dictionaries(st.text(), st.text()))
def test_a_definition_does_not_differ_from_itself(options: dict[str, str], environment: dict[str, str]) -> None:
    definition = Definition("shop", options, environment)
    assert definition.differences(definition.label(), environment) == ()


@pytest.mark.parametrize("key", ["interval", "timeout", "start_period", "start_interval"])
def test_a_wrong_duration_is_refused_with_its_key(key: str) -> None:
    with pytest.raises(ValueError, match=f"^container.healthcheck.{key}: 'soon' is not a duration"):
        from_options({"image": "shop:2.0", "healthcheck": {key: "soon"}})

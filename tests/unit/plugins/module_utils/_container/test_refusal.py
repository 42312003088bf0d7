# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What core says of options, made a sentence."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._container.refusal import clear

LIST = "Supported parameters include: env, env_file, image"


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        pytest.param(
            f"Unsupported parameters for (replicas) module: container.evn. {LIST}.",
            "container.evn is not an option: nothing was changed; correct or remove it (did you mean env?)",
            id="near",
        ),
        pytest.param(
            f"container.zzz. {LIST}.",
            "container.zzz is not an option: nothing was changed; correct or remove it (there are env, env_file, image)",
            id="far",
        ),
        pytest.param(
            "missing required arguments: name",
            "name is not given, and is required: nothing was changed; add it",
            id="missing",
        ),
        pytest.param(
            "missing required arguments: image found in container",
            "container.image is not given, and is required: nothing was changed; add it",
            id="missing inside",
        ),
        pytest.param(
            "missing required arguments: target found in container -> mounts",
            "container.mounts.target is not given, and is required: nothing was changed; add it",
            id="missing further inside",
        ),
        pytest.param("something else", "something else", id="another message"),
    ],
)
def test_the_option_is_named_with_what_to_do(message: str, sentence: str) -> None:
    assert clear(message) == sentence

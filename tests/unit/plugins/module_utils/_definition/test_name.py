# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that an engine accepts, and names that it would refuse."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.name import checked


@pytest.mark.parametrize(
    ("name", "number", "whole"),
    [("shop", None, "shop"), ("a.b_c-1", None, "a.b_c-1"), ("shop", 12, "shop-12"), ("a" * 63, None, "a" * 63)],
)
def test_a_name_that_an_engine_accepts(name: str, number: int | None, whole: str) -> None:
    assert checked(name, number) == whole


@pytest.mark.parametrize("name", ["", "a", "-shop", ".shop", "shop/web", "shop web", "sh\u00f6p", "shop\n"])
def test_a_name_that_an_engine_would_refuse_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a container"):
        checked(name)


@pytest.mark.parametrize(("name", "number"), [("a" * 64, None), ("a" * 62, 1)])
def test_a_name_that_is_too_long_for_dns_is_refused(name: str, number: int | None) -> None:
    with pytest.raises(ValueError, match="has 64 characters, and 63 is the most"):
        checked(name, number)

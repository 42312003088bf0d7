# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations as people write them."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._definition.duration import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("900", 900.0),
        ("0", 0.0),
        ("1.5", 1.5),
        (" 30 ", 30.0),
        ("15m", 900.0),
        ("1h", 3600.0),
        ("1h30m", 5400.0),
        ("1h30m10s", 5410.0),
        ("1.5h", 5400.0),
        ("500ms", 0.5),
        ("1m500ms", 60.5),
        ("250us", 0.00025),
    ],
)
def test_a_duration_in_seconds(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", " ", "soon", "-1", "1d", "h", "1h30", "30 s", "1h 30m", "1,5h", "15M", "1e3"])
def test_a_text_that_is_no_duration_is_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration") as refusal:
        seconds(text)
    assert repr(text) in str(refusal.value)

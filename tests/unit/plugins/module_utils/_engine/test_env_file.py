# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of environment variables that a definition may name."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.env_file import read


def test_without_a_path_there_are_no_variables() -> None:
    assert read(None) == {}


def test_each_line_is_a_variable(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text("# for the shop\nCOLOUR=blue = red\n\nEMPTY=\n")
    assert read(str(path)) == {"COLOUR": "blue = red", "EMPTY": ""}


def test_a_line_that_is_no_variable_is_an_error_that_does_not_quote_it(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text("s3cret-password\n")
    with pytest.raises(ValueError, match=r"container.env_file .*env.*NAME=value") as refusal:
        read(str(path))
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "words"), [("missing", "missing.* cannot be read"), (".", "cannot be read"), ("binary", "")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe=\x00")
    with pytest.raises(ValueError, match=f"container.env_file.*{words}"):
        read(str(tmp_path / name))

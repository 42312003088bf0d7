# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of environment variables that a definition may name."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._engine.env_file import read


def test_no_path_is_no_variables() -> None:
    assert read(None) == {}


def test_each_line_is_a_variable(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text("# for the shop\nCOLOUR=blue = red\n\nEMPTY=\n")
    assert read(str(path)) == {"COLOUR": "blue = red", "EMPTY": ""}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"container.env_file .*missing.* cannot be read"):
        read(str(tmp_path / "missing"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"container.env_file .* cannot be read"):
        read(str(tmp_path))


def test_a_line_that_is_no_variable_is_an_error_without_its_text(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text("s3cret-password\n")
    with pytest.raises(ValueError, match=r"container.env_file .*env.*NAME=value") as refusal:
        read(str(path))
    assert "s3cret" not in str(refusal.value)


def test_what_is_no_text_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_bytes(b"\xff\xfe=\x00")
    with pytest.raises(ValueError, match=r"container.env_file"):
        read(str(path))

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result cache of an invocation: readable for its owner alone, locked by one fork at a time, one for each key."""

from __future__ import annotations

import fcntl
import stat
from pathlib import Path

import pytest
from ansible import constants
from ansible_collections.migrate_first.docker.plugins.plugin_utils._result_cache import ResultCache


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    return tmp_path


def file_in(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def is_locked(file: Path) -> bool:
    with file.open() as other:
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_a_stored_result_is_loaded_later() -> None:
    with ResultCache("invocation", "job", "1") as cache:
        assert cache.load() is None
        cache.store({"outcome": "succeeded", "longer": "than the next"})
    with ResultCache("invocation", "job", "1") as cache:
        assert cache.load() == {"outcome": "succeeded", "longer": "than the next"}
        cache.store({"outcome": "lost"})
    with ResultCache("invocation", "job", "1") as cache:
        assert cache.load() == {"outcome": "lost"}


@pytest.mark.parametrize("key", [("other", "job", "1"), ("invocation", "other", "1"), ("invocation", "job", "2")])
def test_another_key_is_another_cache(key: tuple[str, ...]) -> None:
    with ResultCache("invocation", "job", "1") as cache:
        cache.store({"outcome": "succeeded"})
        # Held at the same time: it is another file.
        with ResultCache(*key) as other:
            assert other.load() is None


def test_the_cache_is_readable_for_its_owner_alone(folder: Path) -> None:
    with ResultCache("invocation", "job", "1"):
        assert stat.S_IMODE(file_in(folder).stat().st_mode) == 0o600


def test_the_cache_is_locked_while_it_is_used(folder: Path) -> None:
    with ResultCache("invocation", "job", "1"):
        assert is_locked(file_in(folder))
    assert not is_locked(file_in(folder))


def test_the_lock_is_released_after_an_error(folder: Path) -> None:
    with pytest.raises(ValueError, match="it broke"), ResultCache("invocation", "job", "1"):
        raise ValueError("it broke")
    assert not is_locked(file_in(folder))


def test_no_name_can_lead_out_of_the_folder(folder: Path) -> None:
    with ResultCache("../../invocation", "/etc/job", "1"):
        assert file_in(folder).parent == folder

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result cache of an invocation: for its owner alone, for one fork at a time, one for each key."""

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


def taken(file: Path) -> bool:
    with file.open() as other:
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_nothing_is_known_at_first() -> None:
    with ResultCache("invocation", "job", "1") as cache:
        assert cache.load() is None


def test_what_was_stored_is_known_later() -> None:
    with ResultCache("invocation", "job", "1") as cache:
        cache.load()
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


def test_nobody_else_can_read_it(folder: Path) -> None:
    with ResultCache("invocation", "job", "1"):
        assert stat.S_IMODE(file_in(folder).stat().st_mode) == 0o600


def test_it_is_held_by_one_at_a_time(folder: Path) -> None:
    with ResultCache("invocation", "job", "1"):
        assert taken(file_in(folder))
    assert not taken(file_in(folder))


def test_who_fails_lets_it_go(folder: Path) -> None:
    with pytest.raises(ValueError, match="it broke"), ResultCache("invocation", "job", "1"):
        raise ValueError("it broke")
    assert not taken(file_in(folder))


def test_no_name_can_lead_out_of_the_folder(folder: Path) -> None:
    with ResultCache("../../invocation", "/etc/job", "1"):
        assert file_in(folder).parent == folder

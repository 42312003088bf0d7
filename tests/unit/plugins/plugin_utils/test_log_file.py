# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log in a file: readable for its owner alone, whole, written at once, between a header and a footer."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.migrate_first.docker.plugins.plugin_utils._log_file import LogFile, LogFileError

PASSWORD = "s3cret-password"

ARGUMENTS: dict[str, Any] = {
    "release": "4711",
    "container": {"image": "shop:2.0", "command": "serve", "secret_env": {"PGPASSWORD": PASSWORD}},
    "command": ["migrate", "--url", f"postgres://shop:{PASSWORD}@db/shop"],
}

ENDED = {
    "outcome": "failed",
    "exit_code": 3,
    "started_at": "2026-11-23T02:00:01+00:00",
    "finished_at": "2026-11-23T02:00:03+00:00",
    "duration": 2.0,
    "image_id": "sha256:1",
    "container_id": "4712",
    "stdout": "all of it",
}


def open_log(path: Path, arguments: dict[str, Any] | None = None) -> LogFile:
    log = LogFile(str(path), "h1 job", arguments or ARGUMENTS)
    log.open()
    return log


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_header_names_job_image_and_command(tmp_path: Path) -> None:
    open_log(tmp_path / "log").close()
    assert (tmp_path / "log").read_text().splitlines() == [
        "# begin",
        "#   job: h1 job",
        "#   release: 4711",
        "#   image: shop:2.0",
        "#   command: ['migrate', '--url', 'postgres://shop:********@db/shop']",
    ]


@pytest.mark.parametrize(
    ("container", "line"),
    [
        pytest.param(ARGUMENTS["container"], "#   command: serve\n", id="the command is that of the container"),
        pytest.param("shop:2.0", "#   image: None\n", id="a container that the module will refuse"),
    ],
)
def test_the_header_without_a_command(tmp_path: Path, container: Any, line: str) -> None:
    open_log(tmp_path / "log", {"container": container}).close()
    assert line in (tmp_path / "log").read_text()


def test_output_is_written_at_once_and_unchanged(tmp_path: Path) -> None:
    log = open_log(tmp_path / "log")
    log.add(b"\xff\0\x1b[1m\rone")
    assert (tmp_path / "log").read_bytes().endswith(b"\n\xff\0\x1b[1m\rone")
    log.add(b"two\n")
    assert (tmp_path / "log").read_bytes().endswith(b"onetwo\n")


@pytest.mark.parametrize("written", [b"no end", b"an end\n"])
def test_the_footer_has_the_result(tmp_path: Path, written: bytes) -> None:
    log = open_log(tmp_path / "log")
    log.add(written)
    log.end(ENDED)
    log.close()
    lines = (tmp_path / "log").read_text().splitlines()
    assert lines[5:] == [
        written.decode().strip(),
        "# end",
        "#   outcome: failed",
        "#   exit_code: 3",
        "#   started_at: 2026-11-23T02:00:01+00:00",
        "#   finished_at: 2026-11-23T02:00:03+00:00",
        "#   duration: 2.0",
        "#   image_id: sha256:1",
        "#   container_id: 4712",
    ]


@pytest.mark.parametrize("before", [None, 0o644, 0o600], ids=["new", "readable for all", "ours"])
def test_the_file_is_readable_for_its_owner_alone(tmp_path: Path, before: int | None) -> None:
    path = tmp_path / "log"
    if before is not None:
        path.write_text("earlier\n")
        path.chmod(before)
    log = open_log(path)
    assert mode(path) == 0o600
    log.close()
    assert path.read_text().startswith("# begin" if before is None else "earlier\n# begin")


def test_the_mode_of_a_device_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def change_mode(*_arguments: object) -> None:
        raise AssertionError("its mode must not be changed")

    monkeypatch.setattr("os.fchmod", change_mode)
    log = open_log(Path("/dev/null"))
    log.add(b"nothing\n")
    log.close()


@pytest.mark.parametrize("path", ["{folder}", "{folder}/no/such/log", "~no-such-user-mf/log", "/dev/full"])
def test_a_file_that_cannot_be_written_is_an_error_at_once(tmp_path: Path, path: str) -> None:
    with pytest.raises(LogFileError):
        open_log(Path(path.format(folder=tmp_path)))


def test_a_disk_that_is_full_later_is_no_error(tmp_path: Path) -> None:
    log = open_log(tmp_path / "log")
    assert log._file
    log._file.close()
    log._file = Path("/dev/full").open("ab")  # noqa: SIM115 - it is closed below
    log.add(b"x" * 100_000)
    log.end(ENDED)
    log.close()
    assert "No space left" in log.trouble


@pytest.mark.parametrize("path", ["log", "~/log"])
def test_the_path_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert LogFile(path, "h1 job", {}).path == tmp_path / "log"

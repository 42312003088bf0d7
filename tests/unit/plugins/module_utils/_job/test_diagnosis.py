# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person is told of a run that has ended."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.diagnosis import diagnosis_of
from ansible_collections.migrate_first.docker.plugins.module_utils._job.model import Run
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.output import Output
from ansible_collections.migrate_first.docker.tests.unit.support.found import BEGAN, container, run

LIMIT = {"memory_limit": 16 * 2**20}
KILLED_INSIDE = {"oom_killed": True}

#: The run, what must be said, what must not.
TABLE = [
    pytest.param(run(0, 2.04), ["job succeeded after 2.0 s."], ["memory"], id="succeeded"),
    pytest.param(
        run(0, 2, **KILLED_INSIDE),
        ["succeeded after 2.0 s, and the kernel killed a process in it", "give it more memory"],
        [],
        id="0, OOM",
    ),
    pytest.param(run(3, 2), ["status 3", "after 2.0 s", "docker logs job"], ["memory"], id="3"),
    pytest.param(
        run(1, **KILLED_INSIDE, **LIMIT),
        ["status 1", "a process in it because memory ran out (it may have 16 MiB)", "more memory"],
        [],
        id="1, OOM at a limit",
    ),
    pytest.param(run(1, **KILLED_INSIDE), ["because memory ran out:"], ["MiB"], id="1, OOM without a limit"),
    pytest.param(run(125), ["status 125", "docker run", "docker logs job"], [], id="125"),
    pytest.param(run(126), ["status 126", "could not be executed"], [], id="126"),
    pytest.param(run(127), ["status 127", "not found, perhaps only after half of the work"], [], id="127"),
    pytest.param(run(128), ["status 128"], ["SIG"], id="128"),
    pytest.param(run(255), ["status 255", "gone down"], [], id="255"),
    pytest.param(run(0, 61, 60), ["deadline of 60 s", "docker logs job"], [], id="timed_out"),
    pytest.param(
        run(137, **KILLED_INSIDE, **LIMIT),
        ["out of memory at its limit of 16 MiB", "give it more"],
        [],
        id="137, OOM, limit",
    ),
    pytest.param(
        run(137, **KILLED_INSIDE), ["out of memory", "make room on the host"], ["MiB"], id="137, OOM, no limit"
    ),
    pytest.param(run(137, **LIMIT), ["SIGKILL", "docker kill", "limit of 16 MiB", "find out who"], [], id="137, limit"),
    pytest.param(run(137), ["SIGKILL", "docker kill", "dmesg", "find out who"], ["MiB"], id="137"),
    pytest.param(run(143), ["SIGTERM", "status 143", "docker stop", "find out who"], [], id="143"),
    pytest.param(run(130), ["SIGINT", "status 130", "terminal"], [], id="130"),
    pytest.param(run(129), ["SIGHUP", "find out who did, and how far"], ["()"], id="129"),
    pytest.param(run(139), ["crashed with SIGSEGV (status 139)", "docker logs job"], ["find out who"], id="139"),
    pytest.param(run(134), ["crashed with SIGABRT"], [], id="134"),
    pytest.param(Run(container(error="no such program")), ["did nothing: no such program"], [], id="not started"),
    pytest.param(Run(container(state="exited", exit_code=127)), ["did nothing: no process"], [], id="never started"),
]

#: What an engine has said, and what is told of it.
STARTS = [
    pytest.param(
        'exec: "/no/such": stat /no/such: no such file or directory: unknown',
        "the image has no program /no/such",
        id="a path that is not there",
    ),
    pytest.param(
        'exec: "nosuch": executable file not found in $PATH: unknown', "the image has no program nosuch", id="a word"
    ),
    pytest.param('exec: "/etc/passwd": permission denied: unknown', "/etc/passwd may not be executed", id="no program"),
    pytest.param("unable to find user nosuch: no matching entries in passwd file", "knows no nosuch", id="user"),
    pytest.param(
        'error mounting "/srv/x" to rootfs at "/etc/passwd": mount /srv/x:/etc/passwd (via /proc/self/fd/6), flags: '
        "0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?",
        "what is mounted does not fit the place",
        id="mount",
    ),
]

RUNC = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "

REFUSED = Output(stderr='psycopg2.OperationalError: connection to server at "db", port 5432 failed: Connection refused')


@pytest.mark.parametrize(("ended", "words", "others"), TABLE)
def test_a_person_is_told_what_happened_and_what_to_do(ended: Run, words: list[str], others: list[str]) -> None:
    diagnosis = diagnosis_of(ended)
    assert diagnosis.endswith(".")
    assert [word for word in words if word not in diagnosis] == [], diagnosis
    assert [word for word in others if word in diagnosis] == [], diagnosis


def test_a_known_failure_is_told_with_its_remedy() -> None:
    assert diagnosis_of(run(1), REFUSED) == (
        "job exited with status 1 after 2.0 s: the database, or another service that it needs, does not answer; see that "
        "it runs, and that the runner reaches its address and port, and run the release again."
    )


@pytest.mark.parametrize(("error", "what"), STARTS)
def test_what_the_engine_says_is_told_in_plain_words_too(error: str, what: str) -> None:
    diagnosis = diagnosis_of(Run(container(error=RUNC + error)))
    assert diagnosis.startswith("job could not be started, and did nothing: ")
    assert what in diagnosis
    assert f"({RUNC}{error}); " in diagnosis


def test_a_known_failure_says_more_than_a_code_or_the_flag() -> None:
    diagnosis = diagnosis_of(run(127, **KILLED_INSIDE), REFUSED)
    assert "status 127" in diagnosis
    assert "because memory ran out" in diagnosis
    assert "does not answer; see that it runs" in diagnosis


@pytest.mark.parametrize(
    "ended",
    [
        pytest.param(run(0), id="succeeded"),
        pytest.param(run(0, 61, 60), id="timed out"),
        pytest.param(run(137), id="killed"),
        pytest.param(run(137, oom_killed=True), id="out of memory"),
        pytest.param(Run(container(error="no such program", started_at=BEGAN)), id="not started"),
    ],
)
def test_the_output_is_asked_only_where_it_failed(ended: Run) -> None:
    assert diagnosis_of(ended, REFUSED) == diagnosis_of(ended)


def test_an_output_that_says_nothing_known_changes_nothing() -> None:
    assert diagnosis_of(run(127), Output("half", "of it")) == diagnosis_of(run(127))

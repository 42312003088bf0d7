# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of known failures: each row knows what tools have really written, and no other row takes it for its own."""

from __future__ import annotations

import re

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._job.diagnosis import TAIL, known_failure
from ansible_collections.migrate_first.docker.plugins.module_utils._job.known_failures import KNOWN_FAILURES
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.output import Output
from ansible_collections.migrate_first.docker.tests.unit.support.failing_outputs import FAILING_OUTPUTS


def found(output: Output) -> str:
    known = known_failure(output)
    return known[0].name if known else "none"


def test_what_a_tool_has_written_is_known_by_its_row() -> None:
    for output in FAILING_OUTPUTS:
        assert found(Output(stderr=output.text)) == output.row, output
        assert found(Output(stdout=output.text)) == output.row, output


def test_each_row_has_an_example() -> None:
    assert {row.name for row in KNOWN_FAILURES} <= {output.row for output in FAILING_OUTPUTS}


def test_what_has_happened_can_be_told() -> None:
    for output in FAILING_OUTPUTS:
        known = known_failure(Output(stderr=output.text))
        assert not known or not re.search("{|None", known[1]), output
    for row in KNOWN_FAILURES:
        assert [row.what, row.remedy] == [half.strip(" .;") for half in (row.what, row.remedy)], row


def test_names_are_unique() -> None:
    names = [row.name for row in KNOWN_FAILURES]
    assert len(names) == len(set(names))


def test_what_a_row_takes_out_of_the_output_it_tells() -> None:
    for row in KNOWN_FAILURES:
        assert ("{0}" in row.what) == (re.compile(row.pattern).groups > 0), row


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "File \"<frozen os>\", line 685, in __getitem__\nKeyError: 'SECRET_KEY'",
            "the environment variable SECRET_KEY is missing",
        ),
        ("sh: alembic: not found", "the image has no program alembic"),
        ("/usr/bin/env: 'python': No such file or directory", "the image has no program python"),
        ("Could not find pg-1.5.4 in locally installed gems", "the image has no Ruby library pg-1.5.4"),
    ],
)
def test_what_it_is_about_is_named(text: str, what: str) -> None:
    known = known_failure(Output(stderr=text))
    assert known
    assert known[1] == what


def test_what_a_tool_says_of_its_history_goes_before_the_attempts_to_connect() -> None:
    waited = 'connection to server at "db" (172.18.0.2), port 5432 failed: Connection refused\n' * 3
    assert found(Output(stdout=waited)) == "not_reachable"
    assert found(Output(stdout=waited, stderr="error: Dirty database version 4. Fix and force version.")) == (
        "golang_migrate_dirty"
    )


def test_only_the_end_is_looked_at() -> None:
    early = "deadlock detected, tried again\n"
    assert found(Output(stdout=early + "x" * (TAIL - len(early)))) == "deadlock"
    assert found(Output(stdout=early + "x" * TAIL)) == "none"


def test_the_ends_of_lines_that_a_terminal_gets_are_no_hindrance() -> None:
    assert found(Output(stdout="/run.sh: line 3: ./migrate.sh: Permission denied\r\nexit 126\r\n")) == "file_permission"


def test_colours_are_no_hindrance() -> None:
    assert found(
        Output(stderr="\x1b[31mError:\x1b[0m Dirty \x1b[1mdatabase\x1b[0m version 4. Fix and force version")
    ) == ("golang_migrate_dirty")


def test_a_long_output_takes_no_long_time() -> None:
    for unit in ("relation ", "x", "a b ", "Validation Failed: ", "connection to server ", "\n", "'", "KeyError: "):
        assert found(Output(stdout=unit * (TAIL // len(unit)))) == "none"

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet with a proxy on each host, and what was seen in each case as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from support.fleet import Fleet
from tests.fleet import playing
from tests.fleet.serving import app, front
from tests.fleet.serving.client import Client

#: The property of a test's report that has a line of the table.
SEEN = "what was seen"


@pytest.fixture(scope="session")
def serving_fleet(whole_fleet: Fleet) -> Fleet:
    """The fleet, which has the image of the proxy too."""
    whole_fleet.load(front.ensure_image())
    return whole_fleet


@pytest.fixture
def fleet(serving_fleet: Fleet) -> Fleet:
    """The same with empty engines but for the images and the proxy."""
    playing.prepare(serving_fleet)
    front.ensure(serving_fleet, app.NAME)
    return serving_fleet


@pytest.fixture
def client(fleet: Fleet, record_property: Callable[[str, object], None]) -> Iterator[Client]:
    """Asks the service of every host from when it is entered until the end of the test."""
    asking = Client(fleet)
    yield asking
    record_property(SEEN, asking.summary)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    # A property that is told at the end of a test is in the report of its teardown, which counts for nothing.
    lines = [
        f"{summary}  {report.nodeid.rpartition('::')[2]}"
        for report in terminalreporter.stats.get("", [])
        if report.when == "teardown"
        for key, summary in report.user_properties
        if key == SEEN
    ]
    if lines:
        terminalreporter.section(SEEN)
        terminalreporter.write_line("\n".join(lines))

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks, the demo and the measurements, as sessions of nox. `make` runs them; see CONTRIBUTING.md.

Each check works on a copy of the checkout, in the cache folder outside of it.
"""

from __future__ import annotations

import logging
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent))

from support import debian, engine, environments
from support.cache import cache, locked
from support.checks import ansible_tests, archive, reading
from support.checks.lanes import FAILED, Lane, Lanes
from support.checks.workspace import CheckFailed, Workspace
from support.errors import SupportError
from tests.fleet import selection

# nox shows the log of every library.
for library in ("docker", "urllib3"):
    logging.getLogger(library).setLevel(logging.WARNING)

# Whoever ends a session lets it end what it has started.
signal.signal(signal.SIGTERM, signal.default_int_handler)

nox.options.default_venv_backend = "uv"
nox.options.envdir = str(cache("environments"))
nox.options.reuse_venv = "yes"
nox.options.sessions = ["test"]

#: The checks that `make test` runs: those of one lane one after another, and the lanes at the same time.
LANES: tuple[Lane, ...] = (
    ("fleet",),
    ("ansible-test-integration",),
    (
        *("formatters", "codeqa", "typing", "changelog", "docs-check", "ansible-lint", "installation"),
        *("build-import-check", "ansible-test-sanity", "ansible-test-units"),
    ),
)
#: The checks of `make test-quick`, which need no engine.
QUICK_LANES: tuple[Lane, ...] = (
    ("formatters", "codeqa", "typing", "changelog", "docs-check", "ansible-lint", "installation"),
    ("ansible-test-sanity-quick",),
    ("ansible-test-units-quick",),
)
#: Counts what others have run, and so comes after them.
AFTERWARDS: Lane = ("coverage",)
#: The checks that are run by name alone: they take much time, and find little that the others do not.
ON_DEMAND: Lane = ("ansible-test-units-between", "fleet-itself")

NEED_ENGINE = {"fleet", "fleet-itself", "ansible-test-integration"}
NEED_IMPORTER = {"build-import-check"}

#: Checks that run at the same time do not share a workspace. `coverage` looks into those of the tests.
WORKSPACES = {
    "fleet": "fleet",
    "fleet-itself": "fleet",
    "ansible-test-integration": ansible_tests.INTEGRATION,
    "ansible-test-sanity": "sanity",
    "ansible-test-sanity-quick": "sanity",
    "ansible-test-units": ansible_tests.UNITS,
    "ansible-test-units-between": ansible_tests.UNITS,
    "ansible-test-units-quick": ansible_tests.UNITS,
}
DEFAULT_WORKSPACE = "checks"


@nox.session(default=False)
def environment(session: nox.Session) -> None:
    """The environment that the checks share."""
    session.install(*environments.requirements("ansible", "test"))


@nox.session(name=archive.IMPORTER_ENVIRONMENT, default=False)
def environment_galaxy_importer(session: nox.Session) -> None:
    """The environment of galaxy-importer."""
    session.install(*environments.requirements("ansible", "galaxy-importer"))


def add_check(name: str, body: Callable[[Workspace], None], *requires: str) -> None:
    """Make it the session of that name: it has a workspace, and fails with one sentence."""

    def run(session: nox.Session) -> None:
        try:
            with Workspace.prepared(WORKSPACES.get(name, DEFAULT_WORKSPACE), name) as workspace:
                body(workspace)
        except (CheckFailed, SupportError, SystemExit) as reason:
            session.error(f"{FAILED}{reason}")

    run.__doc__ = body.__doc__
    nox.session(name=name, venv_backend="none", requires=["environment", *requires], default=False)(run)


add_check("formatters", reading.formatters)
add_check("codeqa", reading.codeqa)
add_check("typing", reading.typing)
add_check("changelog", reading.changelog)
add_check("docs-check", reading.docs_check)
add_check("ansible-lint", reading.ansible_lint)
add_check("installation", archive.installation)
add_check("build-import-check", archive.build_import_check, archive.IMPORTER_ENVIRONMENT)
add_check("ansible-test-sanity", ansible_tests.sanity)
add_check("ansible-test-sanity-quick", ansible_tests.sanity_quick)
add_check("ansible-test-units", ansible_tests.units)
add_check("ansible-test-units-quick", ansible_tests.units_quick)
add_check("ansible-test-units-between", ansible_tests.units_between)
add_check("ansible-test-integration", ansible_tests.integration)
add_check("coverage", ansible_tests.coverage)


# The check that rolls out on a fleet of hosts, and all the cases that it has some of.

#: How many fleets of three hosts play the tests at the same time.
FLEETS = 2


def fleet(workspace: Workspace) -> None:
    """Releases on three hosts over SSH: how they succeed, how they stop, what is served, and what people get wrong."""
    # Those of one module share what they have brought to the hosts.
    _run_on_hosts(workspace, selection.TESTS, f"--numprocesses={FLEETS}", "--dist=loadscope")


def fleet_itself(workspace: Workspace) -> None:
    """The fleet's own tests, for those who change it."""
    _run_on_hosts(workspace, selection.ITSELF)


def _run_on_hosts(workspace: Workspace, tests: Sequence[str], *options: str) -> None:
    _need_hosts()
    pytest = ("python", "-m", "pytest", "-q", "-rp", "--durations=20", "-p", "no:cacheprovider")
    workspace.run(
        [*pytest, *options, *tests],
        expect=[rf"^PASSED {re.escape(name)}" for name in tests],
        # Of the last line alone: names of tests, which the durations have too, may hold such a word.
        forbid=[r"^(?:\d+ \w+, )*\d+ (?:failed|errors?|skipped|xfailed|xpassed|deselected)\b.* in \d.*"],
    )


add_check("fleet", fleet)
add_check("fleet-itself", fleet_itself)


@nox.session(venv_backend="none", requires=["environment"], default=False)
def once(session: nox.Session) -> None:
    """Every way in which a play can go wrong; some of them by name."""
    _play(session, "once")


@nox.session(venv_backend="none", requires=["environment"], default=False)
def serving(session: nox.Session) -> None:
    """What a service answers while its replicas are rolled out; some cases by name."""
    _play(session, "serving")


#: What pytest ends with where it was given no test to run.
NOTHING_LEFT = 5


def _play(session: nox.Session, kind: str) -> None:
    """Play the cases of tests/fleet/KIND. What has passed on this very code is not played again."""
    memory = cache(kind) / "passed.json"
    names = session.posargs
    chosen = ["-k", " or ".join(names)] if names else ["-p", "tests.fleet.memory"]
    with Workspace.prepared("fleet", kind) as workspace:
        _need_hosts()
        debian.provide("test", "faketime", "faketime")
        command = ["python", "-m", "pytest", "-v", "-p", "no:cacheprovider", *chosen, f"tests/fleet/{kind}"]
        status = _call(workspace, command, MIGRATE_FIRST_MEMORY=str(memory))
    if status == NOTHING_LEFT and not names:
        session.log(f"All cases have passed on this very code. To play them again, remove {memory}.")
    elif status:
        session.error(f"pytest ended with {status}")


def _need_hosts() -> None:
    engine.ensure()
    debian.provide("test", "ssh", "openssh-client")


def _call(workspace: Workspace, command: list[str], **env: str) -> int:
    """Run a command of the environment in the workspace, with its output on the screen. The exit status."""
    program = [str(workspace.programs / command[0]), *command[1:]]
    return subprocess.run(program, cwd=workspace.collection, env={**workspace.env, **env}, check=False).returncode


@nox.session(name="bench-output", venv_backend="none", requires=["environment"], default=False)
def bench_output(session: nox.Session) -> None:
    """What a job that writes 500 MB costs, beside the naive task."""
    _measure(session, "output")


@nox.session(name="bench-replicas", venv_backend="none", requires=["environment"], default=False)
def bench_replicas(session: nox.Session) -> None:
    """What 8 replicas on each of three hosts cost, beside the naive loop."""
    _measure(session, "replicas")


def _measure(session: nox.Session, name: str) -> None:
    with Workspace.prepared("fleet", f"bench-{name}") as workspace:
        engine.ensure()
        if status := _call(workspace, ["python", "-m", f"tests.bench.{name}", *session.posargs]):
            session.error(f"The measurement ended with {status}")


@nox.session(requires=["environment"], venv_backend="none", default=False)
def hosts(session: nox.Session) -> None:
    """Make a fleet of hosts to try something on, look at it, log in, remove it: `hosts --help`."""
    session.run(environments.folder() / "bin" / "python", "-m", "support.fleet", *session.posargs)


# All checks, or some.


@nox.session(venv_backend="none", requires=["environment"])
def test(session: nox.Session) -> None:
    """All checks, or those that are named, in lanes."""
    _run_lanes(session, LANES, AFTERWARDS)


@nox.session(name="test-quick", venv_backend="none", requires=["environment"], default=False)
def test_quick(session: nox.Session) -> None:
    """The checks that need no engine, on one Python."""
    _run_lanes(session, QUICK_LANES, ())


def _run_lanes(session: nox.Session, all_lanes: tuple[Lane, ...], afterwards: Lane) -> None:
    known = [name for lane in (*all_lanes, afterwards) for name in lane]
    chosen = session.posargs or known
    if unknown := set(chosen) - {*known, *ON_DEMAND}:
        session.error(f"There is no check named {', '.join(sorted(unknown))}, only {', '.join([*known, *ON_DEMAND])}.")
    lanes = [[name for name in lane if name in chosen] for lane in (*all_lanes, ON_DEMAND)]
    checks = Lanes()
    with locked(cache("test")):
        _prepare(session, chosen)
        try:
            checks.run(lanes)
            checks.run([[name for name in afterwards if name in chosen]])
        except KeyboardInterrupt:
            session.error(
                "Interrupted. What the integration tests left on the engine has names that begin with mf-test-."
            )
    failed = [result.check for result in checks.results if result.fault]
    print("", *checks.results, "", f"{len(checks.results) - len(failed)} passed, {len(failed)} failed", sep="\n")
    if failed:
        session.error(f"Failed: {', '.join(failed)}")


def _prepare(session: nox.Session, chosen: Lane) -> None:
    """Make what checks share, before they run at the same time."""
    if NEED_IMPORTER & {*chosen}:
        session.run(sys.executable, "-m", "nox", "--session", archive.IMPORTER_ENVIRONMENT, silent=True)
    if NEED_ENGINE & {*chosen}:
        _need_hosts()
    for name in {DEFAULT_WORKSPACE, *WORKSPACES.values()}:
        workspace = Workspace(name, "prepare")
        with locked(workspace.root):
            workspace.update()


# The demo.


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """Three versions of a shop, rolled out on this machine."""
    session.install(*environments.requirements("ansible"))
    session.run("python", "-m", "examples.shop.demo.one_machine")


@nox.session(name="demo-fleet", default=False)
def demo_fleet(session: nox.Session) -> None:
    """The same on three hosts over SSH, with a PostgreSQL."""
    session.install(*environments.requirements("ansible"))
    session.run("python", "-m", "examples.shop.demo.fleet")


@nox.session(name="demo-clean", venv_backend="none", default=False)
def demo_clean(session: nox.Session) -> None:
    """Remove all that the demos made, and only that."""
    session.run(sys.executable, "-m", "examples.shop.demo.clean")


@nox.session(venv_backend="none", default=False)
def clean(session: nox.Session) -> None:
    """Remove all that these commands made on this machine."""
    session.run(sys.executable, "-m", "support.clean")
    session.run(sys.executable, "-m", "examples.shop.demo.clean")

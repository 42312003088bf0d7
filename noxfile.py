# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks, the demo and the measurements, as sessions of nox. `make` runs them; see CONTRIBUTING.md.

Each check works on a copy of the checkout, in the cache folder outside of it.
"""

from __future__ import annotations

import functools
import logging
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent))

from support import debian, engine, environments
from support.cache import cache, locked
from support.checks.ansible_test import OWN, AnsibleTest
from support.checks.lanes import FAILED, Lanes
from support.checks.workspace import CheckFailed, Workspace
from support.docker_client import DEFAULT_HOST
from support.errors import SupportError
from tests.fleet import selection

# nox shows the log of every library.
for library in ("docker", "urllib3"):
    logging.getLogger(library).setLevel(logging.WARNING)

nox.options.default_venv_backend = "uv"
nox.options.envdir = str(cache("environments"))
nox.options.reuse_venv = "yes"
nox.options.sessions = ["test"]

#: The checks that `make test` runs: those of one lane one after another, and the lanes at the same time.
LANES = (
    ("fleet",),
    ("ansible-test-integration",),
    (
        *("formatters", "codeqa", "typing", "changelog", "docs-check", "ansible-lint", "installation"),
        *("build-import-check", "ansible-test-sanity", "ansible-test-units"),
    ),
)
#: The checks that count what others have run.
AFTERWARDS = ("coverage",)
#: The checks that are run by name alone: they take much time, and find little that the others do not.
ON_DEMAND = ("ansible-test-units-between",)
#: The checks of `make test-quick`, which need no engine.
QUICK_LANES = (
    ("formatters", "codeqa", "typing", "changelog", "docs-check", "ansible-lint", "installation"),
    ("ansible-test-sanity-quick",),
    ("ansible-test-units-quick",),
)
NEED_ENGINE = ("fleet", "ansible-test-integration")
NEED_IMPORTER = ("build-import-check",)

WORKSPACES = {
    "fleet": "fleet",
    **dict.fromkeys(("ansible-test-sanity", "ansible-test-sanity-quick"), "sanity"),
    "ansible-test-integration": "integration",
    **dict.fromkeys(("ansible-test-units", "ansible-test-units-between", "ansible-test-units-quick"), "units"),
}
DEFAULT_WORKSPACE = "checks"

Check = Callable[[Workspace], None]


@nox.session(default=False)
def environment(session: nox.Session) -> None:
    """The environment that the checks share."""
    session.install(*environments.requirements("ansible", "test"))


@nox.session(name="environment-galaxy-importer", default=False)
def environment_galaxy_importer(session: nox.Session) -> None:
    """The environment of galaxy-importer."""
    session.install(*environments.requirements("ansible", "galaxy-importer"))


def check(name: str, *requires: str) -> Callable[[Check], Check]:
    """Make it the session of that name: it has a workspace, and fails with one sentence."""

    def decorate(body: Check) -> Check:
        @nox.session(name=name, venv_backend="none", requires=["environment", *requires])
        @functools.wraps(body)
        def run(session: nox.Session) -> None:
            try:
                with Workspace.prepared(WORKSPACES.get(name, DEFAULT_WORKSPACE), name) as workspace:
                    body(workspace)
            except (CheckFailed, SupportError, SystemExit) as reason:
                session.error(f"{FAILED}{reason}")

        return body

    return decorate


# Checks that read the code, and do not run it.

# What Ansible runs is known by the name that Ansible knows it by; the rest by its path.
PACKAGES = [
    f"--package=ansible_collections.migrate_first.docker.{name}"
    for name in ("plugins", "tests.integration", "tests.unit")
]
PATHS = ("noxfile.py", "support", "tests/fleet", "tests/bench", "examples/shop/demo")


@check("formatters")
def formatters(workspace: Workspace) -> None:
    """Python: the form."""
    workspace.run(["ruff", "format", "--check", "--diff", "."], expect=[r"^\d\d+ files already formatted"])


@check("codeqa")
def codeqa(workspace: Workspace) -> None:
    """Python: the rules of pyproject.toml."""
    workspace.run(["ruff", "check", "."], expect=["^All checks passed"], forbid=["No Python files found"])


@check("typing")
def typing(workspace: Workspace) -> None:
    """Types, strictly: of the plugins, the tests, what supports them, and the demo."""
    mypy = ["mypy", "--config-file=pyproject.toml"]
    expect = [r"^Success: no issues found in \d+ source files"]
    workspace.run([*mypy, *PACKAGES], env={"MYPYPATH": str(workspace.root)}, expect=expect)
    workspace.run([*mypy, *PATHS], expect=expect)


@check("changelog")
def changelog(workspace: Workspace) -> None:
    """The fragments, and the changelog that was made of them."""
    workspace.run(["antsibull-changelog", "lint"])
    workspace.run(["antsibull-changelog", "lint-changelog-yaml", "changelogs/changelog.yaml"])


@check("docs-check")
def docs_check(workspace: Workspace) -> None:
    """The documentation of the plugins and the role, and whether its links lead somewhere."""
    options = [
        "--plugin-docs",
        "--validate-collection-refs=dependent",
        "--disallow-unknown-collection-refs",
        "--check-extra-docs-refs",
    ]
    workspace.run(["antsibull-docs", "lint-collection-docs", *options, "."])


@check("ansible-lint")
def ansible_lint(workspace: Workspace) -> None:
    """Roles, playbooks and metadata, by the rules of the profile `production`."""
    expect = r"^Passed: 0 failure\(s\), 0 warning\(s\) in [1-9].* Profile 'production' was required, and it passed"
    workspace.run(
        ["ansible-lint", "--offline", "--strict", "--nocolor"], expect=[expect], forbid=["^WARNING", "^ERROR"]
    )


# Checks of the archive that people install.

IMPORTER_SETTINGS = {
    "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",
    "GALAXY_IMPORTER_RUN_FLAKE8": "true",
    "GALAXY_IMPORTER_RUN_ANSIBLE_TEST": "false",
}
#: Users install none of it.
NOT_PUBLISHED = ("noxfile.py", "Makefile", "support", "tests", "examples/shop/demo", ".ci")


@check("build-import-check", "environment-galaxy-importer")
def build_import_check(workspace: Workspace) -> None:
    """The archive, as Galaxy checks it before it is published. galaxy-importer calls every violation a success."""
    importer = environments.folder("environment-galaxy-importer") / "bin"
    archive = _build(workspace)
    workspace.run(
        ["env", "-C", archive.parent, importer / "python", "-m", "galaxy_importer.main", archive],
        env={**IMPORTER_SETTINGS, "PATH": f"{importer}:{workspace.env['PATH']}"},
        expect=["^Importer processing completed successfully"],
        # E203 is what the formatter, and PEP 8 itself, want otherwise.
        forbid=["^(?:WARNING|ERROR|CRITICAL)(?!.*: E203 ).*"],
    )


@check("installation")
def installation(workspace: Workspace) -> None:
    """The archive, as people install and use it; the dependency comes with the package `ansible`."""
    archive = _build(workspace)
    folder = archive.parent
    workspace.run(
        ["tar", "--list", "--file", archive],
        expect=["^README.md$", "^plugins/modules/"],
        forbid=[rf"^{name}(?:/.*)?$" for name in NOT_PUBLISHED],
    )
    only_there = {"ANSIBLE_COLLECTIONS_PATH": str(folder)}
    workspace.run(
        ["ansible-galaxy", "collection", "install", "--offline", "-p", folder, archive],
        env=only_there,
        expect=["^migrate_first.docker:.* was installed successfully"],
    )
    plugins = (workspace.collection / "plugins/modules").glob("*.py")
    modules = [f"migrate_first.docker.{module.stem}" for module in plugins]
    workspace.run(
        ["ansible-doc", "--type", "module", *modules],
        env=only_there,
        expect=[rf"^> MODULE {module} .*{folder}" for module in modules],
        forbid=["WARNING.*", "ERROR.*"],
    )
    names = [playbook.stem for playbook in (workspace.collection / "playbooks").glob("*.yml")]
    workspace.run(
        ["ansible-playbook", "--syntax-check", *(f"migrate_first.docker.{name}" for name in names)],
        env=only_there,
        expect=[rf"^playbook: {folder}/.*/{name}\.yml" for name in names],
        forbid=["ERROR.*"],
    )


def _build(workspace: Workspace) -> Path:
    """The archive, in a folder that has nothing else."""
    folder = cache(f"test/archives/{workspace.check}")
    shutil.rmtree(folder)
    folder.mkdir()
    workspace.run(
        ["ansible-galaxy", "collection", "build", "--output-path", folder], expect=["^Created collection for"]
    )
    return next(folder.glob("migrate_first-docker-*.tar.gz"))


# Checks that are ansible-test.

SANITY_TESTS = ("ansible-doc", "pylint", "shellcheck", "validate-modules", "yamllint")


@check("ansible-test-sanity")
def ansible_test_sanity(workspace: Workspace) -> None:
    """Ansible's own rules, and that everything can be imported, on every Python of this machine."""
    _sanity(workspace, [*AnsibleTest(workspace).pythons])


@check("ansible-test-sanity-quick")
def ansible_test_sanity_quick(workspace: Workspace) -> None:
    """The same on one Python."""
    _sanity(workspace, [OWN])


def _sanity(workspace: Workspace, versions: list[str]) -> None:
    test = AnsibleTest(workspace)
    if not shutil.which("shellcheck", path=workspace.env["PATH"]):
        raise CheckFailed("shellcheck is missing, which ansible-test would only warn of where there is a script.")
    targets = [f"{version}@{test.pythons[version]}" for version in versions]
    imports = [f'^Running sanity test "import" on Python {version}' for version in versions]
    tests = [f'^Running sanity test "{name}"' for name in SANITY_TESTS]
    test.run("sanity", "--color=no", targets=targets, expect=(*imports, *tests))


@check("ansible-test-units")
def ansible_test_units(workspace: Workspace) -> None:
    """The unit tests, on this Python and on the oldest and the newest of this machine."""
    test = AnsibleTest(workspace)
    _erase_coverage(test)
    # Each test has a process of its own, and with --coverage a file of its own: on one Python that is enough.
    test.units([OWN], "--coverage")
    if others := [version for version in test.outer if version != OWN]:
        test.units(others)


@check("ansible-test-units-quick")
def ansible_test_units_quick(workspace: Workspace) -> None:
    """The unit tests on this Python."""
    AnsibleTest(workspace).units([OWN])


@check("ansible-test-units-between")
def ansible_test_units_between(workspace: Workspace) -> None:
    """The unit tests on the Pythons between those that `ansible-test-units` takes."""
    test = AnsibleTest(workspace)
    between = [version for version in test.pythons if version not in {*test.outer, OWN}]
    if not between:
        raise CheckFailed(f"This machine has no other Python than {', '.join(test.pythons)}.")
    test.units(between)


@check("ansible-test-integration")
def ansible_test_integration(workspace: Workspace) -> None:
    """The modules and the role on a real engine."""
    test = AnsibleTest(workspace)
    if engine.ensure().host != DEFAULT_HOST:
        raise CheckFailed("ansible-test does not hand DOCKER_HOST on to the tests: unset it to use this machine's.")
    debian.provide("test", "ssh-keygen", "openssh-client")  # ansible-test wants a key, whatever it tests
    aliases = (workspace.collection / "tests/integration/targets").glob("*/aliases")
    targets = [file.parent.name for file in aliases if "hidden" not in file.read_text(encoding="utf-8").split()]
    _erase_coverage(test)
    test.run(
        *("integration", "--color=no", "--coverage"),
        expect=[f"^Running {target} integration test" for target in targets],
    )


@check("coverage")
def coverage(workspace: Workspace) -> None:
    """How much of the plugins unit and integration tests have run; the least that is accepted is in pyproject.toml."""
    total = f"--data-file={workspace.root / 'coverage'}"
    counted: list[Path] = []
    for name in ("units", "integration"):
        test = AnsibleTest(Workspace(name, workspace.check))
        for stub in test.coverage.glob("coverage=stub-*"):
            stub.unlink()
        # The stubs are of the files that no test has loaded: they count, too.
        test.run("coverage", "combine", "--stub")
        counted += [test.coverage / "coverage", *test.coverage.glob("coverage=stub-*")]
    workspace.run(["coverage", "combine", "--keep", total, *counted])
    workspace.run(["coverage", "report", total, "--include=plugins/*"], expect=["^TOTAL"])


def _erase_coverage(test: AnsibleTest) -> None:
    # The folder of what is to be erased has to be there.
    test.coverage.mkdir(parents=True, exist_ok=True)
    test.run("coverage", "erase")


# The check that rolls out on a fleet of hosts, and all the cases that it has some of.

#: How many fleets of three hosts play the tests at the same time.
FLEETS = 2


@check("fleet")
def fleet(workspace: Workspace) -> None:
    """Releases on three hosts over SSH: how they succeed, how they stop, what is served, and what people get wrong."""
    _need_hosts()
    options = ("-q", "-rp", "--durations=20", "-p", "no:cacheprovider", f"--numprocesses={FLEETS}", "--dist=loadscope")
    workspace.run(
        ["python", "-m", "pytest", *options, *selection.TESTS],
        expect=[rf"^PASSED {re.escape(name)}" for name in selection.TESTS],
        # Of the last line alone: names of tests, which the durations have too, may hold such a word.
        forbid=[r"^(?:\d+ \w+, )*\d+ (?:failed|errors?|skipped|xfailed|xpassed|deselected)\b.* in \d.*"],
    )


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


def _run_lanes(session: nox.Session, all_lanes: tuple[tuple[str, ...], ...], afterwards: tuple[str, ...]) -> None:
    chosen = session.posargs or [name for lane in (*all_lanes, afterwards) for name in lane]
    lanes = [[name for name in lane if name in chosen] for lane in (*all_lanes, ON_DEMAND)]
    last = [name for name in AFTERWARDS if name in chosen]
    if unknown := set(chosen) - {name for lane in (*lanes, last) for name in lane}:
        known = [name for lane in (*all_lanes, afterwards, ON_DEMAND) for name in lane]
        session.error(f"There is no check named {', '.join(sorted(unknown))}, only {', '.join(known)}.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with locked(cache("test")):
        _prepare(session, chosen)
        checks = Lanes()
        checks.run([lane for lane in lanes if lane])
        checks.run([last])
    failed = [result for result in checks.results if result.fault]
    print("", *checks.results, "", f"{len(checks.results) - len(failed)} passed, {len(failed)} failed", sep="\n")
    if failed:
        session.error(f"Failed: {', '.join(result.check for result in failed)}")


def _prepare(session: nox.Session, chosen: list[str]) -> None:
    """Make what checks share, before they run at the same time."""
    if set(chosen) & set(NEED_IMPORTER):
        session.run(sys.executable, "-m", "nox", "--session", "environment-galaxy-importer", silent=True)
    if set(chosen) & set(NEED_ENGINE):
        _need_hosts()
    for name in {DEFAULT_WORKSPACE, *WORKSPACES.values()}:
        with locked(Workspace(name, "prepare").root):
            Workspace(name, "prepare").update()


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

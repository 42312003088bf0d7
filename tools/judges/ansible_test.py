# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges that are ansible-test: sanity, unit and integration tests, and how much of the code these run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools import debian, engine, engine_api
from tools.cache import cache
from tools.judges import interpreters, pip_bootstrap
from tools.judges.bench import Bench
from tools.judges.step import Step

# Whatever ansible-test leaves out, it only warns of, and says so once more in the end (pip's warnings are not
# among these). The locale is the one thing that a bare machine may lack.
DOUBTS = (
    r"^WARNING: Reviewing previous .*\n(?:WARNING: Using locale .*\n)*WARNING: (?!Using locale|Reviewing)(.*)",
    "^All targets skipped.*",
)
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
SANITY_TESTS = ("ansible-doc", "pylint", "shellcheck", "validate-modules", "yamllint")


@dataclass(frozen=True)
class AnsibleTest:
    """How ansible-test is called: with every Python named, in a home that has what it would download."""

    bench: Bench

    @cached_property
    def pythons(self) -> dict[str, Path]:
        """The Pythons to test with, by version, oldest first."""
        links = interpreters.link(cache("test/pythons"), self._supported)
        return dict(sorted(links.items(), key=lambda link: int(link[0].partition(".")[2])))

    @property
    def controller(self) -> str:
        """The Python that Ansible itself runs on, in a virtual environment of ansible-test's own."""
        return f"--controller=origin:python=venv/{OWN}@{self.pythons[OWN]}"

    def step(self, *arguments: str, proofs: tuple[str, ...] = (), doubts: tuple[str, ...] = ()) -> Step:
        """A call of ansible-test that fails where anything was left out."""
        pip_bootstrap.provide(self.bench)
        path = f"{cache('test/pythons')}:{self.bench.env['PATH']}"
        return Step(["ansible-test", *arguments], proofs=proofs, doubts=(*DOUBTS, *doubts), env={"PATH": path})

    @cached_property
    def _supported(self) -> list[str]:
        constants = "ansible_test._util.target.common.constants"
        question = f"import {constants} as c; print(*c.REMOTE_ONLY_PYTHON_VERSIONS, *c.CONTROLLER_PYTHON_VERSIONS)"
        return subprocess.run(
            [self.bench.tools / "python", "-c", question], capture_output=True, text=True, check=True
        ).stdout.split()


def sanity(bench: Bench) -> Iterator[Step]:
    """Ansible's own rules, and that everything can be imported, on every Python of this machine."""
    test = AnsibleTest(bench)
    targets = [f"--target-python={version}@{path}" for version, path in test.pythons.items()]
    imports = [f'^Running sanity test "import" on Python {version}' for version in test.pythons]
    tests = [f'^Running sanity test "{name}"' for name in SANITY_TESTS]
    if not shutil.which("shellcheck", path=bench.env["PATH"]):
        raise SystemExit("shellcheck is missing, which ansible-test would only warn of where there is a script.")
    yield test.step("sanity", "--color=no", test.controller, *targets, proofs=(*imports, *tests))


def units(bench: Bench) -> Iterator[Step]:
    """The unit tests, on this Python and on the oldest and the newest of this machine."""
    test = AnsibleTest(bench)
    _need_engine()
    # What is to be erased has to be there.
    _coverage(bench).mkdir(parents=True, exist_ok=True)
    yield test.step("coverage", "erase", test.controller)
    # Each test has a process of its own, and with --coverage a file of its own: on one Python that is enough.
    yield _units(test, [OWN], "--coverage")
    others = [version for version in _outer([*test.pythons]) if version != OWN]
    if others:
        yield _units(test, others)


def units_between(bench: Bench) -> Iterator[Step]:
    """The unit tests on the Pythons between those that `units` takes."""
    test = AnsibleTest(bench)
    _need_engine()
    between = [version for version in test.pythons if version not in {*_outer([*test.pythons]), OWN}]
    if not between:
        raise SystemExit(f"This machine has no other Python than {', '.join(test.pythons)}.")
    yield _units(test, between)


def _outer(pythons: Sequence[str]) -> list[str]:
    """The oldest and the newest."""
    return [pythons[0], pythons[-1]]


def _units(test: AnsibleTest, versions: list[str], *options: str) -> Step:
    targets = [f"--target-python=venv/{version}@{test.pythons[version]}" for version in versions]
    return test.step(
        "units",
        *("--color=no", *options, test.controller, *targets),
        proofs=(r"^=+ .*\d+ passed", *(f"^Unit test .* with Python {version}" for version in versions)),
        doubts=(r"^=+ .*(?:skipped|xfailed|xpassed|no tests ran).*",),
    )


def integration(bench: Bench) -> Iterator[Step]:
    """The modules and the role against a real engine."""
    test = AnsibleTest(bench)
    _need_engine()
    debian.provide("test", "ssh-keygen", "openssh-client")  # ansible-test wants a key, whatever it tests
    aliases = (bench.collection / "tests/integration/targets").glob("*/aliases")
    tests = [file.parent.name for file in aliases if "hidden" not in file.read_text(encoding="utf-8").split()]
    yield test.step(
        "integration",
        *("--color=no", "--coverage", test.controller),
        proofs=tuple(f"^Running {name} integration test" for name in tests),
    )


def coverage(bench: Bench) -> Iterator[Step]:
    """How much of the plugins the tests have run; the least that counts is in pyproject.toml."""
    test = AnsibleTest(bench)
    folder = _coverage(bench)
    for stub in folder.glob("coverage=stub-*"):
        stub.unlink()
    yield test.step("coverage", "combine", "--stub", test.controller)
    # The stubs are of the files that no test has loaded: they count, too.
    total = f"--data-file={folder / 'total'}"
    yield Step(["coverage", "combine", "--keep", total, folder / "coverage", *folder.glob("coverage=stub-*")])
    yield Step(["coverage", "report", total, "--include=plugins/*"], proofs=["^TOTAL"])


def _coverage(bench: Bench) -> Path:
    return bench.collection / "tests/output/coverage"


def _need_engine() -> None:
    if engine.ensure().host != engine_api.DEFAULT_HOST:
        raise SystemExit("ansible-test does not hand DOCKER_HOST on to the tests: unset it for this machine's engine.")

# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the house, held against the imports of each file; docs/architecture.md explains them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Callable

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
NAMESPACE = "ansible_collections.migrate_first.docker.plugins."

#: The HTTP client and what is below it belong to the SDK.
SDK = {"docker", "requests", "urllib3"}

#: Modules of the standard library that do I/O, read a clock, or ask the machine.
IMPURE = {
    "fcntl",
    "getpass",
    "os",
    "pathlib",
    "random",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "uuid",
}

SHARED = {"module_utils._definition", "module_utils._preflight", "module_utils._logs", "module_utils._arguments"}
INTERFACE = {"module_utils._engine.interface"}

#: By the beginning of a file's name, the files of ours that it may import, by the beginning of theirs; the longest counts.
ROOMS: dict[str, set[str]] = {
    "module_utils._definition": {"module_utils._definition"},
    "module_utils._engine": {"module_utils._engine", "module_utils._definition"},
    "module_utils._preflight": {"module_utils._preflight", "module_utils._definition"} | INTERFACE,
    "module_utils._logs": {"module_utils._logs", "module_utils._engine.frames"} | INTERFACE,
    "module_utils._job": {"module_utils._job"} | SHARED | INTERFACE,
    "module_utils._replicas": {"module_utils._replicas"} | SHARED | INTERFACE,
    "module_utils._arguments": {"module_utils._definition", "module_utils._engine.connection"},
    "module_utils._module": {
        "module_utils._definition",
        "module_utils._logs",
        "module_utils._arguments",
        "module_utils._engine.env_file",
    },
    "modules": {"module_utils"},
    "plugin_utils": {"plugin_utils", "module_utils._job", "module_utils._logs"},
    "action": {"plugin_utils", "module_utils._job", "module_utils._definition", "module_utils._arguments"},
    "filter": {"filter"},
    "doc_fragments": set(),
}

#: Files that decide: their docstring has to say that they are pure.
DECIDING = (
    "module_utils/_job/decide",
    "module_utils/_job/model",
    "module_utils/_job/outcome",
    "module_utils/_job/protocol",
    "module_utils/_replicas/model",
    "module_utils/_replicas/plan",
    "filter/_rollout",
    "module_utils/_replicas/planner",
    "module_utils/_replicas/rollback",
)


def name_of(path: Path) -> str:
    """Return the dotted name below plugins."""
    return ".".join(path.relative_to(PLUGINS).with_suffix("").parts)


def imports(path: Path) -> Iterator[str]:
    """Yield the full names that a file imports; those of ours begin below plugins."""
    package = name_of(path).split(".")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = ".".join([*package[: -node.level], *filter(None, [node.module])])
            else:
                base = (node.module or "").replace(NAMESPACE, "")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def absolute_imports(path: Path) -> Iterator[str]:
    """Yield the names of the modules that a file outside of the plugins imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def below(name: str, beginnings: set[str]) -> bool:
    return any(name == it or name.startswith(f"{it}.") for it in beginnings)


def is_pure(path: Path) -> bool:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").rstrip().endswith("Pure.")


FILES = sorted(path for path in PLUGINS.rglob("*.py") if path.name != "__init__.py")
IMPORTS = {path: list(imports(path)) for path in FILES}
OURS = {"module_utils", "plugin_utils", "modules", "action", "filter"}


def room_of(path: Path) -> str:
    return max((room for room in ROOMS if below(name_of(path), {room})), key=len)


def violations(allowed: Callable[[str], bool], within: Iterable[Path] = FILES) -> dict[str, list[str]]:
    """Return the imports that are not allowed, by the file that has them."""
    found = {name_of(path): [name for name in IMPORTS[path] if not allowed(name)] for path in within}
    return {name: names for name, names in found.items() if names}


def test_a_file_imports_only_what_its_room_may() -> None:
    for room, may in ROOMS.items():
        inside = [path for path in FILES if room_of(path) == room]
        assert not violations(lambda name: not below(name, OURS) or below(name, may), inside)  # noqa: B023 - used at once


def test_only_the_engine_room_imports_the_sdk() -> None:
    others = [path for path in FILES if not below(name_of(path), {"module_utils._engine"})]
    assert not violations(lambda name: not below(name, SDK), others)


def test_a_pure_file_imports_nothing_that_does_io() -> None:
    pure = [path for path in FILES if is_pure(path)]
    assert len(pure) > 15
    assert not violations(lambda name: not below(name, SDK | IMPURE | {"ansible"}), pure)


def test_what_decides_says_that_it_is_pure() -> None:
    assert [name for name in DECIDING if not is_pure(PLUGINS / f"{name}.py")] == []


def test_module_utils_need_of_ansible_only_what_modules_have() -> None:
    utils = [path for path in FILES if below(name_of(path), {"module_utils"})]
    assert not violations(lambda name: not below(name, {"ansible"}) or below(name, {"ansible.module_utils"}), utils)


def test_utilities_are_private() -> None:
    utils = [name_of(path) for path in FILES if below(name_of(path), {"module_utils", "plugin_utils"})]
    assert [name for name in utils if not name.split(".")[1].startswith("_")] == []


def test_support_imports_neither_tests_nor_demo() -> None:
    support = sorted((PLUGINS.parent / "support").rglob("*.py"))
    assert len(support) > 20
    found = {
        path.name: [name for name in absolute_imports(path) if below(name, {"tests", "examples"})] for path in support
    }
    assert {name: names for name, names in found.items() if names} == {}


def test_the_imports_make_no_circle() -> None:
    names = {name_of(path) for path in FILES}
    needs = {name_of(path): {it for it in names if any(below(one, {it}) for one in IMPORTS[path])} for path in FILES}
    while needs:
        free = {name for name, needed in needs.items() if not needed & needs.keys()}
        assert free, f"a circle among {sorted(needs)}"
        needs = {name: needed for name, needed in needs.items() if name not in free}

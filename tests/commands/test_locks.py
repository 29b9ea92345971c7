"""The lock files: complete, in force here, and free of this or that machine's hosts and paths."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path

import nox.project
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LINES = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
PINS = dict(line.split("==") for line in LINES if not line.startswith("#"))


def installed_needs(names: list[str]) -> set[str]:
    """What these packages need here, themselves included, all the way down."""
    found: set[str] = set()
    queue = [Requirement(name) for name in names]
    while queue:
        need = queue.pop()
        if need.marker and not any(
            need.marker.evaluate({"extra": extra}) for extra in need.extras or {""}
        ):
            continue
        if (name := canonicalize_name(need.name)) not in found:
            found.add(name)
            queue += [Requirement(line) for line in requires(name) or ()]
    return found


def imported_packages() -> set[str]:
    """What the code of the project imports from outside Python and the project."""
    found: set[str] = set()
    for folder in ("docs", "figures", "labs", "proof", "snippets", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    found.add(str(node.module).partition(".")[0])
    ours = {path.stem for path in [*ROOT.iterdir(), *(ROOT / "tests").rglob("*.py")]}
    return found - ours - sys.stdlib_module_names


def test_every_package_that_the_code_imports_is_in_a_dependency_group() -> None:
    needs = nox.project.dependency_groups(PROJECT, "dev")
    declared = {canonicalize_name(Requirement(need).name) for need in needs}
    sources = packages_distributions()
    undeclared = [
        name
        for name in imported_packages()
        if not declared & {canonicalize_name(source) for source in sources.get(name, ())}
    ]
    assert undeclared == []


def test_every_package_that_is_needed_here_is_installed_in_its_locked_version() -> None:
    needed = installed_needs(nox.project.dependency_groups(PROJECT, "dev"))
    assert {"torch", "mkdocs-material", "nox"} <= needed
    assert {name: version(name).partition("+")[0] for name in needed} == {
        name: PINS.get(name) for name in needed
    }


def test_the_constraints_are_sorted_versions_and_nothing_else() -> None:
    names = list(PINS)
    assert names == sorted(names)
    for line in LINES[1:]:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)


def test_what_writes_the_sbom_is_locked_too() -> None:
    assert set(nox.project.dependency_groups(PROJECT, "sbom")) <= PINS.keys()


def test_node_for_machines_without_it_is_locked_too() -> None:
    (needed,) = map(Requirement, nox.project.dependency_groups(PROJECT, "node"))
    assert needed.specifier.contains(PINS[needed.name])


def test_the_npm_lock_fits_and_names_no_other_registry() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert json.loads(text)["packages"][""]["devDependencies"] == package["devDependencies"]
    # npm makes no SBOM of what has no version.
    assert package["version"] == PROJECT["project"]["version"]
    resolved = re.findall(r'"resolved": "(?:\w+:)?/*([^/"]+)', text)
    assert set(resolved) <= {"registry.npmjs.org"}

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
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LINES = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
PINS = dict(line.split("==") for line in LINES if not line.startswith("#"))
FILES = {file.stem: file.read_text("utf-8") for file in (ROOT / "locked").iterdir()}
PACKAGE = re.compile(r"([a-z0-9-]+)==(\S+)(?: ; .+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n")
HELD = {group: PACKAGE.findall(text) for group, text in FILES.items()}
# Their environment is dev's, and has its packages already.
IN_DEV = ("bench", "node", "successor")


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


every_file = pytest.mark.parametrize("group", FILES)


@every_file
def test_a_lock_file_gives_each_package_a_version_and_a_hash_and_nothing_else(group: str) -> None:
    header, packages = FILES[group].split("\n", 1)
    assert header.startswith("# ")
    assert PACKAGE.sub("", packages) == ""
    assert {name: version for name, version, _ in HELD[group]}.items() <= PINS.items()
    names = [name for name, *_ in HELD[group]]
    assert names == sorted(set(names)), "each once"


@every_file
def test_a_lock_file_holds_what_its_group_asks_for(group: str) -> None:
    asked = map(Requirement, nox.project.dependency_groups(PROJECT, group))
    held = {name for name, *_ in HELD[group] + (HELD["dev"] if group in IN_DEV else [])}
    for need in asked:
        name = canonicalize_name(need.name)
        assert name in held | {"torch"}
        assert need.specifier.contains(PINS[name])


def test_all_but_torch_and_what_only_it_needs_is_held_to_hashes() -> None:
    held = {name for packages in HELD.values() for name, *_ in packages}
    assert PINS.keys() - held == {"torch"}
    needed = installed_needs(nox.project.dependency_groups(PROJECT, "dev"))
    in_dev = {name for name, *_ in HELD["dev"]}
    others = {name for name in needed - in_dev if not name.startswith(("cuda-", "nvidia-"))}
    assert others - {"triton"} == {"torch"}


def test_the_locked_numpy_and_torch_are_in_the_range_that_is_allowed() -> None:
    for need in map(Requirement, PROJECT["project"]["dependencies"]):
        assert need.specifier.contains(PINS[need.name])


def test_the_npm_lock_fits_and_names_no_other_registry() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert json.loads(text)["packages"][""]["devDependencies"] == package["devDependencies"]
    # npm makes no SBOM of what has no version.
    assert package["version"] == PROJECT["project"]["version"]
    resolved = re.findall(r'"resolved": "(?:\w+:)?/*([^/"]+)', text)
    assert set(resolved) <= {"registry.npmjs.org"}

"""What a notebook depends on: the project's modules, the installed packages, Python."""

from __future__ import annotations

import ast
import hashlib
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from proof.faults import Fault, FaultError
from proof.project import ROOT

MACHINERY = (Path(__file__), Path(__file__).with_name("execution.py"))  # how it is run


def imported_modules(path: Path) -> list[Path]:
    """Find the project's own modules that a file imports, directly or through others.

    Raises FaultError for one that does not parse.
    """
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        for module in _modules_of(waiting.pop()):
            if module not in found:
                found.add(module)
                waiting.append(module)
    return sorted(found)


def _modules_of(path: Path) -> Iterator[Path]:
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except SyntaxError as error:
        raise FaultError(
            Fault(path, error.lineno or 1, f"this is no Python: {error.msg}")
        ) from None
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            inside = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join([*inside, *filter(None, [node.module])])
            names = [f"{module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            for length in range(1, len(parts) + 1):
                module_path = ROOT.joinpath(*parts[:length])
                for file in (module_path / "__init__.py", module_path.with_suffix(".py")):
                    if file.is_file():
                        yield file


def _versions() -> dict[str, str]:
    """Give the version of each installed package that labs may use, by pyproject.toml's group."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    found: dict[str, str] = {}
    waiting = [*groups["labs"]]
    while waiting:
        need = waiting.pop()
        if isinstance(need, dict):
            waiting += groups[need["include-group"]]
            continue
        requirement = Requirement(need)
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = package.version
        waiting += package.requires or ()
    return found


def key(path: Path) -> str:
    """Hash what a notebook's outputs depend on: code, installed packages, Python."""
    digest = hashlib.sha256(sys.version.encode())
    digest.update(repr(sorted(_versions().items())).encode())
    for file in (path, *imported_modules(path), *MACHINERY):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def modules_cell(path: Path) -> NotebookNode:
    """Write the cell by which a downloaded notebook brings the modules that it imports."""
    modules = imported_modules(path)
    sources = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in modules}
    code = (
        "# The modules that this notebook imports, written beside it if they are not there.\n"
        "from pathlib import Path\n\n"
        f"for name, source in {sources!r}.items():\n"
        "    if not Path(name).exists():\n"
        "        Path(name).parent.mkdir(parents=True, exist_ok=True)\n"
        '        Path(name).write_text(source, encoding="utf-8")\n'
    )
    cell: NotebookNode = nbformat.v4.new_code_cell(code, metadata={"tags": ["modules"]})  # type: ignore[no-untyped-call]
    return cell

"""Checks that the snippets of a lesson agree on the lists that several of them write out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proof.faults import Fault
from proof.pages import read_text
from proof.project import relative, snippet_paths

if TYPE_CHECKING:
    from proof.check import Outcome, Subject


def check_repeats(subject: Subject) -> Outcome:
    """Check, over the whole project, that a name stands for the same list wherever it does."""
    if not subject.whole:
        return 0, []
    paths = [path for path in snippet_paths() if path.is_file()]
    faults = list(disagreements({path: read_text(path) for path in paths}))
    return 0, faults


def disagreements(programs: Mapping[Path, str]) -> Iterator[Fault]:
    """Find the lists that a snippet writes otherwise than one of its lesson before it."""
    first: dict[tuple[Path, str], tuple[Path, Any]] = {}
    for path, program in programs.items():
        for name, line, numbers in _lists(program):
            other, expected = first.setdefault((path.parent, name), (path, numbers))
            if numbers != expected:
                message = f"this {name} is not that of {relative(other)}; correct one, or rename it"
                yield Fault(path, line, message)


def _lists(program: str) -> Iterator[tuple[str, int, Any]]:
    """Give each name to which a program assigns a list of numbers, with its line."""
    try:
        statements = ast.parse(program).body
    except SyntaxError:  # running it tells
        return
    for node in statements:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value
            while isinstance(value, ast.Call) and value.args:  # such as np.array(…)
                value = value.args[0]
            if isinstance(value, ast.List):
                with suppress(ValueError):  # where it is computed
                    yield node.targets[0].id, node.lineno, ast.literal_eval(value)

"""The names that a snippet's code assigns, and the literals that it assigns to them.

Standard library alone: the builder of the site and the reader's browser run this same file.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Literal:
    """A literal in some code, from byte `start` to `end`, as text and as value."""

    start: int
    end: int
    text: str
    value: Any


def assigned(code: str | bytes) -> dict[str, int]:
    """Give the line at which each name outside the code's functions was last assigned."""
    found: dict[str, int] = {}
    waiting: list[ast.AST] = [ast.parse(code)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = max(node.lineno, found.get(node.name, 0))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = max(node.lineno, found.get(node.id, 0))
        elif not isinstance(node, ast.comprehension):
            waiting += ast.iter_child_nodes(node)
    return found


def literals(code: str) -> dict[str, Literal]:
    """Give the literals that code assigns at its top: `size = 5`, `patch = np.array([[0.5]])`.

    Of a call it is the first argument. Of a name that is assigned twice it is the last one.
    """
    content = code.encode()
    starts = [0, *(place + 1 for place, byte in enumerate(content) if byte == ord("\n"))]
    found: dict[str, Literal] = {}
    for node in ast.parse(code).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        part = node.value
        if isinstance(part, ast.Call) and part.args:
            part = part.args[0]
        try:
            value = ast.literal_eval(part)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
        start = starts[part.lineno - 1] + part.col_offset
        end = starts[(part.end_lineno or 1) - 1] + (part.end_col_offset or 0)
        text = content[start:end].decode()
        found[node.targets[0].id] = Literal(start, end, text, value)
    return found


def replaced(code: str, texts: dict[str, str]) -> str:
    """Give code with other texts in the place of the literals of some names."""
    content = code.encode()
    places = literals(code)
    for name in sorted(texts, key=lambda name: places[name].start, reverse=True):
        one = places[name]
        content = content[: one.start] + texts[name].encode() + content[one.end :]
    return content.decode()

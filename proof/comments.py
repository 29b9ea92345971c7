"""Checks that what a snippet says in words, its comments and docstrings, has no digit.

Readers read it like the page, but nothing computes it.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import TYPE_CHECKING

from proof.faults import Fault
from proof.numerals import find_numerals
from proof.pages import read_text
from proof.project import snippet_paths

if TYPE_CHECKING:
    from proof.check import Outcome, Subject


def check_comments(subject: Subject) -> Outcome:
    """Check the snippets of the whole project."""
    if not subject.whole:
        return 0, []
    faults = []
    for path in snippet_paths():
        for line, text in _comments(read_text(path)):
            for numeral in find_numerals(text):
                at = line + text.count("\n", 0, numeral.start)
                message = f"nothing computes {numeral.text} in a comment; say it without digits"
                faults.append(Fault(path, at, message))
    return 0, faults


def docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Find the docstrings of a program."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _comments(program: str) -> Iterator[tuple[int, str]]:
    """Give a program's comments and docstrings with their lines; none if it is no program."""
    try:
        for docstring in docstrings(ast.parse(program)):
            yield docstring.lineno, str(docstring.value)
    except SyntaxError:  # running it tells
        return
    if re.search(r"#.*[0-9]", program):  # tokenizing is slow
        for token in tokenize.generate_tokens(io.StringIO(program).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string

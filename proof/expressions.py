"""Evaluates an expression of a page over the values that snippets left behind.

Standard library alone: `check` and the reader's browser run this same file.
"""

import ast
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType, ModuleType
from typing import Any

from proof.values import is_array

Values = Mapping[str, Any]

_FUNCTIONS = (abs, all, any, enumerate, float, int, len, list, max, min, range, round, sorted, str)
BUILTINS: Values = {function.__name__: function for function in (*_FUNCTIONS, sum, tuple, zip)}

_ALLOWED = (
    *(ast.Expression, ast.Constant, ast.Name, ast.expr_context, ast.Attribute, ast.Subscript),
    *(ast.Slice, ast.Tuple, ast.List, ast.Starred, ast.Call, ast.keyword, ast.IfExp),
    *(ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop, ast.BoolOp, ast.boolop),
    *(ast.Compare, ast.cmpop, ast.ListComp, ast.GeneratorExp, ast.comprehension),
)


class ExpressionError(Exception):
    """An expression cannot be evaluated; the message says why and what to do."""


class AmbiguousName(ExpressionError):  # noqa: N818 - the name is at fault, not the program
    """A name stands for different values of several snippets."""


@dataclass(frozen=True)
class Parsed:
    """A valid expression, and the dotted names in it that it does not bind itself."""

    code: CodeType
    tree: ast.expr
    paths: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Evaluated:
    """What an expression gives, and the values it used, as (snippet, name).

    A given has no snippet.
    """

    value: Any
    used: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def parse(expression: str) -> Parsed:
    """Check that an expression only computes, and compile it.

    Raises ExpressionError for statements, lambdas, assignments and private attributes.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise ExpressionError(f"it is no Python expression: {error.args[0]}") from None
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ExpressionError(
                f"{ast.unparse(node)!r} is not allowed in it: it may calculate, compare, index, "
                "call and comprehend"
            )
        name = getattr(node, "attr", getattr(node, "id", ""))
        if name.startswith("__") or (name.startswith("_") and isinstance(node, ast.Attribute)):
            raise ExpressionError(f"{name} is private")
    own = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    paths = tuple(path for path in _paths(tree.body) if path[0] not in own)
    return Parsed(compile(tree, "<expression>", "eval"), tree.body, paths)


def _paths(node: ast.AST) -> Iterator[tuple[str, ...]]:
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        yield (node.id, *attributes)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _paths(child)


@dataclass(frozen=True)
class Scope:
    """The names that the expressions of one section of a page may use.

    `values` holds what each snippet left, under `lesson/snippet`. A name alone is a value of the
    section's own snippets or one of its givens; `snippet.name` reaches every snippet of the
    lesson, and `lesson.snippet.name` those of all lessons.
    """

    values: Mapping[str, Values]
    section: Sequence[str]
    lesson: str
    givens: Values = field(default_factory=dict)

    def evaluate(self, expression: str) -> Evaluated:
        """Evaluate an expression.

        Raises ExpressionError if it is not valid, names something unknown or ambiguous, raises,
        or uses no value of a snippet.
        """
        parsed = parse(expression)
        names = _Meanings(self, parsed)
        value = _run(parsed.code, names.bound)
        if not names.used:
            raise ExpressionError("it names no value of a snippet; use {=literal: reason}")
        return Evaluated(value, tuple(names.used))

    def named(self, *, whole_lesson: bool = False) -> dict[str, Any]:
        """Give what the section's names stand for, those of the lesson's other snippets too."""
        found = dict(self.givens)
        others = [
            snippet
            for snippet in self.values
            if snippet.startswith(f"{self.lesson}/") and snippet not in self.section
        ]
        for snippet in [*self.section, *(others if whole_lesson else [])]:
            for name, value in self.values[snippet].items():
                alone = snippet in self.section and same(found.setdefault(name, value), value)
                if not alone:
                    found[f"{_short(snippet)}.{name}"] = value
        return found

    def parts(self, predicate: str) -> list[tuple[str, Any]]:
        """Give the operands of a predicate, those that are no constants, with their values."""
        parsed = parse(predicate)
        names = _Meanings(self, parsed)
        return [
            (ast.unparse(operand), _run(compile(ast.Expression(operand), "", "eval"), names.bound))
            for operand in _operands(parsed.tree)
            if not isinstance(operand, ast.Constant)
        ]


class _Meanings:
    """What the names of one expression stand for, and which snippet values it has used."""

    def __init__(self, scope: Scope, parsed: Parsed) -> None:
        self.scope = scope
        self.used: dict[tuple[str, str], None] = {}
        # NumPy imports parts of itself on the first call of some methods.
        self.bound: dict[str, Any] = {"__builtins__": {"__import__": __import__}} | {
            root: self._meaning(root, [path[1:] for path in parsed.paths if path[0] == root])
            for root in dict.fromkeys(path[0] for path in parsed.paths)
        }

    def _meaning(self, root: str, attributes: list[tuple[str, ...]]) -> Any:
        scope = self.scope
        if root in scope.givens:
            self.used["", root] = None
            return scope.givens[root]
        snippet = f"{scope.lesson}/{root}"
        if snippet in scope.values:
            left = scope.values[snippet]
            if all(rest and rest[0] in left for rest in attributes):
                return _Snippet(self, snippet)
        holders = [name for name in scope.section if root in scope.values[name]]
        if holders:
            values = [scope.values[holder][root] for holder in holders]
            if not all(same(values[0], value) for value in values[1:]):
                choices = " or ".join(f"{_short(holder)}.{root}" for holder in holders)
                raise AmbiguousName(
                    f"{root} is ambiguous, snippets of this section leave different values under "
                    f"it; write {choices}"
                )
            return self.take(holders[0], root)
        if snippet in scope.values:
            if not all(attributes):
                choices = ", ".join(f"{root}.{name}" for name in _names(scope.values[snippet]))
                raise ExpressionError(f"{root} is a snippet; write one of its values: {choices}")
            return _Snippet(self, snippet)
        if any(name.startswith(f"{root}/") for name in scope.values):
            if not all(len(rest) > 1 for rest in attributes):
                raise ExpressionError(f"{root} is a lesson; write {root}.snippet.value")
            return _Lesson(self, root)
        if root in BUILTINS:
            return BUILTINS[root]
        raise ExpressionError(self._unknown(root))

    def take(self, snippet: str, name: str) -> Any:
        """Give a value that a snippet left, and note its use unless the snippet imported it."""
        value = self.scope.values[snippet][name]
        if isinstance(value, ModuleType):
            raise ExpressionError(f"{name} is a module; only values and functions can be used")
        if not callable(value) or getattr(value, "__module__", "") == "__main__":
            self.used[snippet, name] = None
        return value

    def _unknown(self, root: str) -> str:
        scope = self.scope
        left = {name for snippet in scope.section for name in _names(scope.values[snippet])}
        elsewhere = [
            f"{_short(snippet)}.{root}"
            for snippet in scope.values
            if snippet.startswith(f"{scope.lesson}/") and root in scope.values[snippet]
        ]
        similar = difflib.get_close_matches(root, left | set(scope.givens) | set(BUILTINS))
        hint = elsewhere or similar or [f"one of {', '.join(sorted(left)) or 'snippet.name'}"]
        return f"no snippet of this section leaves {root}; write {' or '.join(hint)}"


class _Snippet:
    """The values of one snippet as attributes."""

    def __init__(self, names: _Meanings, snippet: str) -> None:
        self._names = names
        self._snippet = snippet

    def __getattr__(self, name: str) -> Any:
        left = self._names.scope.values[self._snippet]
        if name not in left:
            raise ExpressionError(
                f"{_short(self._snippet)} leaves no {name}; it leaves {', '.join(_names(left))}"
            )
        return self._names.take(self._snippet, name)


class _Lesson:
    """The snippets of one lesson as attributes."""

    def __init__(self, names: _Meanings, lesson: str) -> None:
        self._names = names
        self._lesson = lesson

    def __getattr__(self, name: str) -> _Snippet:
        snippet = f"{self._lesson}/{name}"
        if snippet not in self._names.scope.values:
            raise ExpressionError(f"there is no snippet {snippet}")
        return _Snippet(self._names, snippet)


def same(first: Any, second: Any) -> bool:
    """Whether two values are equal; functions and the like only if they are one object."""
    if is_array(first) and is_array(second):
        return tuple(first.shape) == tuple(second.shape) and first.tolist() == second.tolist()
    if type(first) in (tuple, list) and type(first) is type(second):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, int | float | str) and isinstance(second, int | float | str):
        return first == second
    return first is second


def _names(left: Values) -> list[str]:
    return sorted(name for name, value in left.items() if not isinstance(value, ModuleType))


def _short(snippet: str) -> str:
    return snippet.rpartition("/")[2]


def _run(code: CodeType, names: dict[str, Any]) -> Any:
    try:
        return eval(code, names)
    except ExpressionError:
        raise
    except Exception as error:
        raise ExpressionError(f"it raises {type(error).__name__}: {error}") from None


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _operands(value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _operands(node.operand)
    elif isinstance(node, ast.Compare):
        yield from (node.left, *node.comparators)
    else:
        yield node

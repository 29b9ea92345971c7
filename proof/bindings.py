"""Checks what the text of a page is bound to: its numerals, its claims, what it takes as given.

Standard library alone: `check` and the reader's browser run this same file.
"""

import keyword
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from proof.expressions import BUILTINS, ExpressionError, Scope, Values, parse
from proof.notation import Kind, Notation, Section, Source
from proof.numerals import Number, Numeral, format_like, prints_as
from proof.values import NamedNumber, NotNumbers, closest, is_array, numbers, shown


@dataclass(frozen=True)
class Problem:
    """What is wrong at a line of a page, what was computed, what to do."""

    line: int
    message: str


@dataclass(frozen=True)
class Report:
    """How the bindings of a page fared; a number word counts as a numeral where it is bound."""

    passed: int
    problems: list[Problem]
    numerals: int
    bound: int
    claims: int
    escapes: int


class SnippetFailed(ExpressionError):  # noqa: N818 - the snippet failed, not the program
    """A snippet whose values are needed did not run to its end."""


class _Wrong(Exception):  # noqa: N818 - the page is wrong
    """A notation is wrong, at one of its numerals if that is given."""

    def __init__(self, message: str, at: Numeral | None = None) -> None:
        super().__init__(message)
        self.at = at


def check(source: Source, values: Mapping[str, Values], lesson: str) -> Report:
    """Check each notation of a page, and that each numeral stands in one.

    `values` holds what each snippet left, under `lesson/snippet`; asked for a snippet that
    failed, it raises SnippetFailed.
    """
    found = [(flaw.start, flaw.message) for flaw in source.flaws]
    failed: dict[str, list[int]] = {}
    bound: dict[int, Notation] = {}
    passed = 0
    for section in source.sections:
        bindings = _bindings(source, section)
        scope = scope_of(source, section, values, lesson)
        for binding in bindings:
            notation = binding.notation
            if notation.kind != "claim":
                bound.update((numeral.start, notation) for numeral in binding.numerals)
            try:
                _CHECKS[notation.kind](binding, bindings, scope)
                passed += 1
            except SnippetFailed as failure:
                failed.setdefault(str(failure), []).append(notation.start)
            except ExpressionError as error:
                found.append((notation.start, f"{notation.braces} cannot be computed: {error}"))
            except _Wrong as wrong:
                found.append((wrong.at.start if wrong.at else notation.start, str(wrong)))
        for numeral in source.numerals:
            if section.start <= numeral.start < section.end and numeral.start not in bound:
                try:
                    found.append((numeral.start, _unbound(numeral, scope)))
                except SnippetFailed as failure:
                    failed.setdefault(str(failure), []).append(numeral.start)
    for reason, places in failed.items():
        found.append((places[0], f"{reason}, and so {len(places)} numbers and claims"))
    kinds = Counter(notation.kind for notation in bound.values())
    return Report(
        passed,
        [Problem(source.line(place), message) for place, message in sorted(found)],
        numerals=len(bound.keys() | {numeral.start for numeral in source.numerals}),
        bound=kinds["value"] + kinds["given"],
        claims=sum(notation.kind == "claim" for notation in source.notations),
        escapes=kinds["literal"],
    )


def scope_of(source: Source, section: Section, values: Mapping[str, Values], lesson: str) -> Scope:
    """Give the names that the expressions of a section may use."""
    return Scope(values, section.snippets, lesson, _givens(_bindings(source, section)))


@dataclass(frozen=True)
class _Binding:
    notation: Notation
    numerals: list[Numeral]

    @property
    def code(self) -> str:
        return self.notation.code

    @property
    def names(self) -> list[str]:
        """The names that a given defines, one for each numeral."""
        return [name.strip() for name in self.code.split(",")]

    @property
    def uses(self) -> set[str]:
        """The names in its expression that it does not bind itself."""
        if self.notation.kind not in ("value", "claim"):
            return set()
        try:
            return {path[0] for path in parse(self.code).paths}
        except ExpressionError:
            return set()

    def need_numerals(self) -> None:
        """Raise unless there is something to bind."""
        if not self.numerals:
            raise _Wrong(f"{self.notation.braces} binds a text without a numeral")


def _bindings(source: Source, section: Section) -> list[_Binding]:
    return [_Binding(one, source.bound_to(one)) for one in source.within(section)]


def _givens(bindings: list[_Binding]) -> dict[str, int | float]:
    found: dict[str, int | float] = {}
    for binding in bindings:
        if binding.notation.kind == "given":
            for name, numeral in zip(binding.names, binding.numerals, strict=False):
                found.setdefault(name, _number(numeral))
    return found


def _number(numeral: Numeral) -> int | float:
    return float(numeral.value) if numeral.decimals else int(numeral.value)


def _check_value(binding: _Binding, _: list[_Binding], scope: Scope) -> None:
    binding.need_numerals()
    value = scope.evaluate(binding.code).value
    try:
        found = numbers(value)
    except NotNumbers as trouble:
        raise ExpressionError(
            f"{trouble}; a claim that is true or false is {{?predicate}}"
        ) from None
    numerals = binding.numerals
    if len(found) != len(numerals):
        raise _Wrong(
            f"{_count(len(numerals), 'numeral')} ({', '.join(one.text for one in numerals)}) but "
            f"{binding.code} gives {_count(len(found), 'number')}: {shown(value)}; "
            "bind each numeral to one number"
        )
    for place, (number, numeral) in enumerate(zip(found, numerals, strict=True), 1):
        if not prints_as(number, numeral):
            part = f", number {place} of {len(found)}" if len(found) > 1 else ""
            raise _Wrong(
                f"{numeral.text} is not {binding.code}{part}: computed {shown(number)}; write "
                f"{format_like(number, numeral)}{_closest(numeral, _nearest(numeral, scope))}",
                at=numeral,
            )
    if binding.notation.block == "table":
        _check_decimals(found, numerals)


def _check_decimals(found: list[Number], numerals: list[Numeral]) -> None:
    """Check that the fractions of a table are printed alike: 0.9 beside 0.88 lost a zero."""
    pairs = zip(found, numerals, strict=True)
    fractions = [numeral for number, numeral in pairs if float(number) % 1]
    most = max((numeral.decimals for numeral in fractions), default=0)
    for numeral in fractions:
        if numeral.decimals < most:
            raise _Wrong(
                f"{numeral.text} has fewer digits after the point than others of this table; "
                f"write {most}",
                at=numeral,
            )


def _check_claim(binding: _Binding, _: list[_Binding], scope: Scope) -> None:
    if holds(binding.code, scope):
        return
    parts = [f"{part} is {shown(value)}" for part, value in scope.parts(binding.code)]
    raise _Wrong(
        f"the claim does not hold: {binding.code} is False ({'; '.join(parts)}); "
        "say what holds, or correct the predicate"
    )


def holds(predicate: str, scope: Scope) -> bool:
    """Whether a predicate is true; ExpressionError where it is neither true nor false."""
    value = scope.evaluate(predicate).value
    value = value.tolist() if is_array(value) else value
    if not isinstance(value, bool):
        raise ExpressionError(f"a claim is True or False, and this gives {shown(value)}")
    return value


def _check_given(binding: _Binding, others: list[_Binding], scope: Scope) -> None:
    binding.need_numerals()
    names, numerals = binding.names, binding.numerals
    for name in names:
        if not name.isidentifier() or name.startswith("_") or keyword.iskeyword(name):
            raise _Wrong(f"{name!r} is no name that a given can define")
        if name in BUILTINS or any(name in scope.values[snippet] for snippet in scope.section):
            raise _Wrong(f"{name} is already a name of this section; call the given otherwise")
        if not any(name in other.uses for other in others):
            raise _Wrong(
                f"nothing in this section depends on the given {name}; use it or bind it otherwise"
            )
    if len(names) != len(numerals):
        raise _Wrong(
            f"{_count(len(numerals), 'numeral')} ({', '.join(one.text for one in numerals)}) but "
            f"{_count(len(names), 'name')}; give each numeral a name"
        )
    for name, numeral in zip(names, numerals, strict=True):
        if scope.givens[name] != _number(numeral):
            raise _Wrong(
                f"{numeral.text} is given as {name}, which this section gives as "
                f"{shown(scope.givens[name])} elsewhere; call one of them otherwise",
                at=numeral,
            )


def _check_literal(binding: _Binding, *_: object) -> None:
    binding.need_numerals()
    if not binding.code:
        raise _Wrong("an escape gives its reason: {=literal: reason}")


_CHECKS: dict[Kind, Callable[[_Binding, list[_Binding], Scope], None]] = {
    "value": _check_value,
    "claim": _check_claim,
    "given": _check_given,
    "literal": _check_literal,
}


def _unbound(numeral: Numeral, scope: Scope) -> str:
    nearest = _nearest(numeral, scope)
    name, number = nearest[0] if nearest else ("expression", 0)
    code = name if nearest and prints_as(number, numeral) else "expression"
    return (
        f"{numeral.text} is bound to nothing; write [{numeral.text}]{{={code}}}"
        f"{_closest(numeral, nearest)}"
    )


def _closest(numeral: Numeral, nearest: list[NamedNumber]) -> str:
    if not nearest:
        return ""
    names = ", ".join(f"{name} ({shown(number)})" for name, number in nearest)
    return f"; closest to {numeral.text}: {names}"


def _nearest(numeral: Numeral, scope: Scope) -> list[NamedNumber]:
    """Give the closest numbers of the section, or of the lesson where none of them prints so."""
    nearest = closest(scope.named(), numeral)
    if any(prints_as(number, numeral) for _, number in nearest):
        return nearest
    return closest(scope.named(whole_lesson=True), numeral)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"

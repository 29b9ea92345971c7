"""Checks, for `check`, what the pages under docs/ are bound to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from proof import bindings, notation
from proof.expressions import ExpressionError, Values, parse
from proof.faults import Fault
from proof.numerals import find_numerals
from proof.pages import read_text
from proof.project import DOCS, SNIPPETS, page_folder, relative
from proof.runs import Runs

if TYPE_CHECKING:
    from proof.check import Outcome, Subject


def check_bindings(subject: Subject) -> Outcome:
    """Check each number and claim of the pages, and print how many are bound.

    Pages say what the snippets leave on the CPU, so other devices have nothing to check.
    """
    if subject.device != "cpu":
        return 0, []
    left = Left(subject.runs)
    faults = list(_glossary_faults()) if subject.whole else []
    passed = numerals = bound = claims = escapes = 0
    for page in subject.pages:
        if page.path.is_relative_to(DOCS):
            report = bindings.check(source_of(page.path), left, lesson_of(page.path))
            faults += [Fault(page.path, one.line, one.message) for one in report.problems]
            passed += report.passed
            numerals += report.numerals
            bound += report.bound
            claims += report.claims
            escapes += report.escapes
    if numerals or claims:
        print(
            f"bound: {bound} of {numerals} numerals, {claims} claim{'s' * (claims != 1)}, "
            f"{escapes} escape{'s' * (escapes != 1)}"
        )
    return passed, faults


def _glossary_faults() -> Iterator[Fault]:
    """Find digits in the glossary, whose definitions stand in tooltips, where nothing is bound."""
    path = DOCS / "glossary.yml"
    for line, text in enumerate(read_text(path).splitlines() if path.is_file() else [], 1):
        for numeral in find_numerals(text):
            message = f"{numeral.text} in the glossary cannot be bound; say it without digits"
            yield Fault(path, line, message)


def lesson_of(page: Path) -> str:
    """Give the package of a page's snippets: its folder or its own name, with underscores."""
    return page_folder(page).replace("-", "_")


def named_snippets(page: Path) -> list[Path]:
    """Give the snippets, of any lesson, that the expressions of a page name."""
    if not page.is_relative_to(DOCS):
        return []
    return snippets_in(source_of(page), lesson_of(page))


def snippets_in(source: notation.Source, lesson: str) -> list[Path]:
    """Give the snippets, of any lesson, that the expressions of a lesson's text name."""
    codes = (one.code for one in source.notations if one.kind in ("value", "claim"))
    return snippets_of(codes, lesson)


def snippets_of(codes: Iterable[str], lesson: str) -> list[Path]:
    """Give the snippets, of any lesson, that some expressions of a lesson name."""
    paths = {path for code in codes for path in _paths(code)}
    dotted = {"/".join(path[:2]) for path in paths}
    dotted |= {f"{lesson}/{path[0]}" for path in paths}
    paths_of = (SNIPPETS / f"{name}.py" for name in sorted(dotted))
    return [snippet for snippet in paths_of if snippet.is_file()]


def _paths(code: str) -> tuple[tuple[str, ...], ...]:
    try:
        return parse(code).paths
    except ExpressionError:
        return ()


def source_of(page: Path) -> notation.Source:
    """Read a page's source; the same text only once."""
    return _source(read_text(page))


_source = lru_cache(maxsize=1024)(notation.read)


class Left(Mapping[str, Values]):
    """What each snippet left behind, once it is asked for."""

    def __init__(self, runs: Runs) -> None:
        """Take the Runs, none of which is waited for yet."""
        self._runs = runs
        self._names = frozenset(runs)

    def __getitem__(self, name: str) -> Values:
        """Give what a snippet left; SnippetFailed if it did not run to its end."""
        run = self._runs[name]
        if run.error:
            place = f"{relative(run.snippet)}:{run.error.line}"
            raise bindings.SnippetFailed(f"{place} raises {run.error}")
        return run.values

    def __contains__(self, name: object) -> bool:
        """Say whether there is such a snippet."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """Give the snippets' names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Count the snippets."""
        return len(self._names)

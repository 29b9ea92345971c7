"""Checks, for `check`, what the interactive figures of the pages under docs/ start with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from proof.expressions import ExpressionError
from proof.faults import Fault
from proof.figures import figure_names
from proof.page_bindings import Left, lesson_of, snippets_of
from proof.pages import Page
from proof.project import DOCS, beside, page_paths, relative

if TYPE_CHECKING:
    from proof.check import Outcome, Subject
    from proof.interactive import InteractiveFigure, InteractiveFigures


def check_interactive(subject: Subject) -> Outcome:
    """Compute each starting value of the pages' figures, and print how many there are."""
    if subject.device != "cpu":
        return 0, []  # as with the numbers of pages
    faults = list(_orphans()) if subject.whole else []
    left = Left(subject.runs)
    passed = figures = values = 0
    for page in subject.pages:
        read = _interactive(page.path)
        if read:
            faults += read.faults
            for one in read.figures:
                found = list(_figure_faults(one, page, left))
                faults += found
                passed += not found
                figures += 1
                values += len(one.start)
    if figures:
        print(f"interactive figures: {figures}, with {values} starting values")
    return passed, faults


def named_in_interactive(page: Path) -> list[Path]:
    """Give the snippets, of any lesson, that the starting values of a page's figures name."""
    read = _interactive(page)
    if not read:
        return []
    codes = (code.text for one in read.figures for code in one.start.values())
    return snippets_of(codes, lesson_of(page))


def interactive_file(page: Path) -> Path:
    """Give the file of a page's interactive figures, which need not exist."""
    return beside(page, "interactive-figures.yml")


def _interactive(page: Path) -> InteractiveFigures | None:
    path = interactive_file(page)
    if not page.is_relative_to(DOCS) or not path.is_file():
        return None
    from proof.interactive import read_interactive  # here, since it needs YAML

    return read_interactive(path)


def _orphans() -> Iterator[Fault]:
    """Find interactive figures that are no page's."""
    pages = {interactive_file(page) for page in page_paths()}
    for path in sorted(DOCS.rglob("*interactive-figures.yml")):
        if path not in pages:
            yield Fault(path, 1, "no page stands beside these figures; write one or delete them")


def _figure_faults(one: InteractiveFigure, page: Page, left: Left) -> Iterator[Fault]:
    from proof.interactive import start_value

    path = interactive_file(page.path)
    names = figure_names(page)
    if one.figure.text not in names:
        message = f"the page has no figure {one.figure.text}; its figures are: {', '.join(names)}"
        yield Fault(path, one.figure.line, message)
    module = one.module(DOCS)
    if not module.is_file():
        message = f"there is no {relative(module)} to define this element; write it"
        yield Fault(path, one.element.line, message)
    for name, code in one.start.items():
        try:
            start_value(code.text, left, lesson_of(page.path))
        except ExpressionError as error:
            message = f"{name} of {one.figure.text} cannot be computed: {error}"
            yield Fault(path, code.line, message)

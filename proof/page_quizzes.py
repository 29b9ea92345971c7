"""Checks, for `check`, the mastery checks of the pages under docs/."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from proof import bindings, notation
from proof.expressions import Values
from proof.faults import Fault
from proof.page_bindings import Left, lesson_of, snippets_in, source_of
from proof.project import DOCS, beside, page_paths

if TYPE_CHECKING:
    from proof.check import Outcome, Subject
    from proof.quiz import Choice, Question, Quiz

_BLOCK = re.compile(r"^/{3,}[ \t]*mastery-check[ \t]*$", re.MULTILINE)


def check_quizzes(subject: Subject) -> Outcome:
    """Check each question of the pages, and print how many numerals are bound."""
    if subject.device != "cpu":
        return 0, []  # as with the numbers of pages
    faults = list(_orphans()) if subject.whole else []
    left = Left(subject.runs)
    passed = questions = numerals = bound = 0
    for page in subject.pages:
        faults += _missing(page.path)
        quiz = _quiz(page.path)
        if not quiz:
            continue
        faults += quiz.faults
        for question in quiz.questions:
            report, found = check_question(question, quiz.path, page.path, left)
            faults += found
            passed += report.passed + (not found)
            questions += 1
            numerals += report.numerals
            bound += report.bound
    if questions:
        print(f"mastery checks: {questions} questions, bound: {bound} of {numerals} numerals")
    return passed, faults


def named_in_quiz(page: Path) -> list[Path]:
    """Give the snippets, of any lesson, that the mastery check of a page names."""
    quiz = _quiz(page)
    sources = [question_source(question)[0] for question in quiz.questions] if quiz else []
    return [snippet for source in sources for snippet in snippets_in(source, lesson_of(page))]


def check_question(
    question: Question, path: Path, page: Path, values: Mapping[str, Values]
) -> tuple[bindings.Report, list[Fault]]:
    """Check what a question is bound to, that its choices differ, that its sections exist."""
    source, lines = question_source(question)
    report = bindings.check(source, values, lesson_of(page))
    faults = [Fault(path, lines[one.line - 1], one.message) for one in report.problems]
    for one, other in combinations(question.choices, 2):
        if one.key == other.key:
            message = f"{other.key!r} is the mistake of two choices; name what tells them apart"
            faults.append(Fault(path, other.text.line, message))
        if _meaning(one) and _meaning(one) == _meaning(other):
            message = f"this choice coincides with the one at line {one.text.line}; give it another"
            faults.append(Fault(path, other.text.line, f"{message} mistake, or other givens"))
    for choice in question.choices:
        if not _meaning(choice):
            message = "nothing tells whether this choice is right; bind its numbers, or add"
            faults.append(Fault(path, choice.text.line, f"{message} `holds: predicate`"))
    headings = _headings(page)
    for wrong in question.wrong:
        if wrong.section.text not in headings:
            message = f"the page has no section {wrong.section.text!r}; its sections are: "
            faults.append(Fault(path, wrong.section.line, message + "; ".join(headings)))
    return report, faults


def quiz_file(page: Path) -> Path:
    """Give the file of a page's mastery check, which need not exist."""
    return beside(page, "mastery-check.yml")


def _quiz(page: Path) -> Quiz | None:
    path = quiz_file(page)
    if not page.is_relative_to(DOCS) or not path.is_file():
        return None
    from proof.quiz import read_quiz  # here, since it needs YAML, and most pages have no quiz

    return read_quiz(path)


def _orphans() -> Iterator[Fault]:
    """Find mastery checks that are no page's."""
    pages = {quiz_file(page) for page in page_paths()}
    for path in sorted(DOCS.rglob("*mastery-check.yml")):
        if path not in pages:
            yield Fault(path, 1, "no page stands beside this mastery check; write one or delete it")


def _missing(page: Path) -> Iterator[Fault]:
    """Say whether a mastery check or its place on the page is missing."""
    if not page.is_relative_to(DOCS):
        return
    path = quiz_file(page)
    source = source_of(page)
    block = _BLOCK.search(source.source)
    if path.is_file() and not block:
        message = f"{page.name} does not show these questions; write /// mastery-check there"
        yield Fault(path, 1, message)
    if block and not path.is_file():
        message = f"there is no {path.name} beside this page; write it, or take the block out"
        yield Fault(page, source.line(block.start()), message)


def question_source(question: Question) -> tuple[notation.Source, list[int]]:
    """Give a question's texts as the source of a page, and for each line its line in the file."""
    rows: list[tuple[str, int]] = []
    for text in question.texts:
        rows += [(row, line) for line, row in enumerate(text.text.split("\n"), text.line)]
        rows.append(("", text.line))
    return notation.read("\n".join(row for row, _ in rows)), [line for _, line in rows]


def _meaning(choice: Choice) -> object:
    """Give what tells a choice from others: its numbers, or its words if a predicate judges it."""
    source = notation.read(choice.text.text)
    if choice.holds:
        return source.text.casefold().split()
    values = [one for one in source.notations if one.kind == "value"]
    return [numeral.value for one in values for numeral in source.bound_to(one)]


def _headings(page: Path) -> list[str]:
    source = source_of(page)
    lines = (source.source[one.start : one.end].partition("\n")[0] for one in source.sections[1:])
    return [line.strip("# ") for line in lines]

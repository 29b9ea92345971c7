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
    from proof.quiz import Choice, Kind, Mistake, Question, Quiz
    from proof.yaml_file import Text

_BLOCK = re.compile(r"^/{3,}[ \t]*mastery-check[ \t]*$", re.MULTILINE)
_PRACTICE = re.compile(r"^/{3,}[ \t]*practice[ \t]*$", re.MULTILINE)


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
        for entry in quiz.practice.entries if quiz.practice else []:
            report, found = _check_entry(entry, quiz.path, page.path, left)
            faults += found
            passed += report.passed + (not found)
        faults += _unpractised(quiz)
    if questions:
        print(f"mastery checks: {questions} questions, bound: {bound} of {numerals} numerals")
    return passed, faults


def named_in_quiz(page: Path) -> list[Path]:
    """Give the snippets, of any lesson, that the mastery check of a page names."""
    quiz = _quiz(page)
    sources = [source_of_texts(question)[0] for question in quiz.questions] if quiz else []
    return [snippet for source in sources for snippet in snippets_in(source, lesson_of(page))]


def check_question(
    question: Question, path: Path, page: Path, values: Mapping[str, Values]
) -> tuple[bindings.Report, list[Fault]]:
    """Check what a question is bound to, that its choices differ, that its sections exist."""
    report, faults = _check_texts(question, path, page, values)
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
    for wrong in question.wrong:
        faults += _no_section(wrong.section, path, page)
    return report, faults


def _check_entry(
    entry: Kind | Mistake, path: Path, page: Path, values: Mapping[str, Values]
) -> tuple[bindings.Report, list[Fault]]:
    report, faults = _check_texts(entry, path, page, values)
    return report, [*faults, *_no_section(entry.section, path, page)]


def _check_texts(
    one: Question | Kind | Mistake, path: Path, page: Path, values: Mapping[str, Values]
) -> tuple[bindings.Report, list[Fault]]:
    source, lines = source_of_texts(one)
    report = bindings.check(source, values, lesson_of(page))
    return report, [Fault(path, lines[one.line - 1], one.message) for one in report.problems]


def _no_section(section: Text, path: Path, page: Path) -> list[Fault]:
    headings = _headings(page)
    if section.text in headings:
        return []
    message = f"the page has no section {section.text!r}; its sections are: "
    return [Fault(path, section.line, message + "; ".join(headings))]


def _unpractised(quiz: Quiz) -> Iterator[Fault]:
    """Find kinds and mistakes that are listed twice, or that a question names and no list has."""
    kinds = quiz.practice.kinds if quiz.practice else []
    mistakes = quiz.practice.mistakes if quiz.practice else []
    listed = ((one.key, one.kind) for one in kinds), ((one.key, one.mistake) for one in mistakes)
    for entries in listed:
        seen: set[str] = set()
        for key, text in entries:
            if key in seen:
                yield Fault(quiz.path, text.line, f"practice lists {key!r} twice; take one out")
            seen.add(key)
    names = [one.key for one in kinds]
    known = {one.key for one in mistakes}
    for question in quiz.questions:
        kind = question.practice
        if not kind:
            continue
        if kind.text not in names:
            message = f"practice has no kind {kind.text!r}; its kinds are: {', '.join(names)}"
            yield Fault(quiz.path, kind.line, message)
        for wrong in question.wrong:
            if wrong.key not in known:
                message = f"practice lists no mistake {wrong.mistake.text!r}, which this question"
                message += " has; list it there, or give it the name that is listed"
                yield Fault(quiz.path, wrong.mistake.line, message)


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
    practice = _PRACTICE.search(source.source)
    quiz = _quiz(page)
    if quiz and quiz.practice and not practice:
        message = f"{page.name} does not offer the practice; write /// practice there"
        yield Fault(path, quiz.practice.kinds[0].kind.line, message)
    if practice and not (quiz and quiz.practice):
        message = f"{path.name} lists no practice; write it, or take the block out"
        yield Fault(page, source.line(practice.start()), message)
    if path.is_file() and not block:
        message = f"{page.name} does not show these questions; write /// mastery-check there"
        yield Fault(path, 1, message)
    if block and not path.is_file():
        message = f"there is no {path.name} beside this page; write it, or take the block out"
        yield Fault(page, source.line(block.start()), message)


def source_of_texts(one: Question | Kind | Mistake) -> tuple[notation.Source, list[int]]:
    """Give all texts of one as the source of a page, and for each line its line in the file."""
    rows: list[tuple[str, int]] = []
    for text in one.texts:
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

"""Mastery checks: a lesson's questions, their choices bound to what the snippets leave.

mastery-check.yml beside the page, its texts in the notation of pages:

    more_than: 0.75                        the share of right answers that completes the lesson
    questions:
      - title: A colour crop
        question: An image of [64 x 64]{:= side, side} pixels …
        right:
          choice: "[32 x 32]{=…}"
          feedback: why that is so
        wrong:                             three of these
          - choice: "[30 x 30]{=…}"
            mistake: Padding forgotten     what leads to it, its name
            feedback: what to do instead
            section: the heading on the page to read again

A choice in words has `holds`, a predicate: true of the right choice, false of a wrong one.

A lesson whose scripts draw problems of their own lists their kinds, and the mistakes they name:

    practice:
      kinds:
        - kind: output-size              what the lesson's script calls it
          title: The size of an output
          task: what is asked, in a sentence
          section: the heading on the page that teaches it
      mistakes:
        - mistake: Padding forgotten
          feedback: what to do instead
          section: the heading on the page to read again

A question with `practice: output-size` is one of that kind, and all its mistakes are in the list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations
from pathlib import Path

import yaml

from proof.faults import Fault, FaultError
from proof.yaml_file import Text, YamlFile

CHOICES = 4  # of a question
RIGHT = "right"  # the key of the right one


@dataclass(frozen=True)
class Choice:
    """A choice and what is told to those who choose it; this class alone is the right one."""

    text: Text
    feedback: Text
    holds: Text | None

    @property
    def key(self) -> str:
        """What an answer is stored under."""
        return RIGHT


@dataclass(frozen=True)
class WrongChoice(Choice):
    """A choice that a mistake leads to, and the section of the page that mends it."""

    mistake: Text
    section: Text

    @property
    def key(self) -> str:
        """The mistake, as an identifier."""
        return _identifier(self.mistake)


@dataclass(frozen=True)
class Question:
    """One question with its choices."""

    title: Text
    text: Text
    right: Choice
    wrong: list[WrongChoice]
    practice: Text | None

    @property
    def key(self) -> str:
        """What an answer is stored under."""
        return _identifier(self.title)

    @property
    def choices(self) -> list[Choice]:
        """All choices, the right one first."""
        return [self.right, *self.wrong]

    @property
    def shuffled(self) -> list[Choice]:
        """All choices in the order shown, which depends on nothing but their keys."""
        return sorted(self.choices, key=lambda choice: _digest(f"{self.key} {choice.key}"))

    @property
    def texts(self) -> Iterator[Text]:
        """All that a reader may read, and what holds, as claims."""
        yield from (self.title, self.text)
        for choice in self.choices:
            yield from (choice.text, choice.feedback)
            predicate = choice.holds.text if choice.holds else ""
            if isinstance(choice, WrongChoice):
                yield choice.mistake
                predicate = f"not ({predicate})"
            if choice.holds:
                yield Text(f"[it holds]{{?{predicate}}}", choice.holds.line)


@dataclass(frozen=True)
class Kind:
    """A kind of problems that a script draws."""

    kind: Text
    title: Text
    task: Text
    section: Text

    @property
    def key(self) -> str:
        """What the script calls it."""
        return self.kind.text

    @property
    def texts(self) -> Iterator[Text]:
        """All that a reader may read."""
        yield from (self.title, self.task)


@dataclass(frozen=True)
class Mistake:
    """A mistake that problems of any kind may name."""

    mistake: Text
    feedback: Text
    section: Text

    @property
    def key(self) -> str:
        """What the script calls it."""
        return _identifier(self.mistake)

    @property
    def texts(self) -> Iterator[Text]:
        """All that a reader may read."""
        yield from (self.mistake, self.feedback)


@dataclass(frozen=True)
class Practice:
    """What a lesson offers to practise."""

    kinds: list[Kind]
    mistakes: list[Mistake]

    @property
    def entries(self) -> list[Kind | Mistake]:
        """All kinds, then all mistakes."""
        return [*self.kinds, *self.mistakes]


@dataclass(frozen=True)
class Quiz:
    """A mastery check, as far as it could be read, and what is wrong with its form."""

    path: Path
    more_than: Decimal
    questions: list[Question]
    faults: list[Fault]
    practice: Practice | None = None

    @property
    def needed(self) -> int:
        """How many right answers complete the lesson."""
        return int(self.more_than * len(self.questions)) + 1


def read_quiz(path: Path) -> Quiz:
    """Read a mastery check."""
    reader = _Reader(path)
    quiz = Quiz(path, Decimal(0), [], [])
    try:
        top = reader.entries(reader.root(), ("more_than", "questions"), ("practice",))
        practice = reader.practice(top["practice"]) if "practice" in top else None
        quiz = Quiz(path, reader.share(top["more_than"]), [], [], practice)
        questions = reader.items(top["questions"])
    except FaultError as error:
        quiz.faults.append(error.fault)
        return quiz
    for node in questions:
        try:
            quiz.questions.append(reader.question(node))
        except FaultError as error:
            quiz.faults.append(error.fault)
    for one, other in combinations(quiz.questions, 2):
        if one.key == other.key:
            message = f"a question is called {one.title.text!r} already; call this one otherwise"
            quiz.faults.append(Fault(path, other.title.line, message))
    return quiz


class _Reader(YamlFile):
    """Makes questions of YAML nodes."""

    def share(self, node: yaml.Node) -> Decimal:
        """Give a number from 0 to below 1."""
        text = self.text(node).text
        try:
            share = Decimal(text)
        except InvalidOperation:
            share = Decimal(1)
        if not 0 <= share < 1:
            raise self.fault(node, f"{text} is no share from 0 to below 1, as 0.75 is")
        return share

    def practice(self, node: yaml.Node) -> Practice:
        found = self.entries(node, ("kinds", "mistakes"))
        return Practice(
            [
                Kind(*self.texts(one, "kind", "title", "task", "section"))
                for one in self.items(found["kinds"])
            ],
            [
                Mistake(*self.texts(one, "mistake", "feedback", "section"))
                for one in self.items(found["mistakes"])
            ],
        )

    def texts(self, node: yaml.Node, *names: str) -> list[Text]:
        """Give the texts of a mapping that has these entries alone."""
        found = self.entries(node, names)
        return [self.text(found[name]) for name in names]

    def question(self, node: yaml.Node) -> Question:
        found = self.entries(node, ("title", "question", "right", "wrong"), ("practice",))
        wrong = self.items(found["wrong"])
        if len(wrong) != CHOICES - 1:
            message = f"{len(wrong)} wrong choices; a question has {CHOICES - 1}"
            raise self.fault(found["wrong"], message)
        right = self.entries(found["right"], ("choice", "feedback"), ("holds",))
        return Question(
            self.text(found["title"]),
            self.text(found["question"]),
            Choice(*self.common(right)),
            [self.wrong(one) for one in wrong],
            self.text(found["practice"]) if "practice" in found else None,
        )

    def wrong(self, node: yaml.Node) -> WrongChoice:
        needed = ("choice", "mistake", "feedback", "section")
        found = self.entries(node, needed, ("holds",))
        return WrongChoice(
            *self.common(found), self.text(found["mistake"]), self.text(found["section"])
        )

    def common(self, found: dict[str, yaml.Node]) -> tuple[Text, Text, Text | None]:
        holds = self.text(found["holds"]) if "holds" in found else None
        if holds and set("{}") & set(holds.text):
            raise self.fault(found["holds"], "a predicate cannot hold braces, as in a page's text")
        return self.text(found["choice"]), self.text(found["feedback"]), holds


def _identifier(text: Text) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.text.lower()).strip("-")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode()).digest()

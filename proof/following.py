"""What a reader's own values make of a page: its numbers as they are now, its claims that fell.

Standard library alone: it is loaded into the page's worker, beside the session that runs the
blocks. It reads the source of the page with the modules that `check` reads it with.

A reader changes what a snippet computes. Another snippet that assigns the same literal to the
same name can take the reader's along; until it has run with it, what is bound to its values is
the lesson's.
"""

from __future__ import annotations

import ast
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proof import notation
from proof.assignments import Literal, assigned, literals, replaced
from proof.bindings import holds, scope_of
from proof.expressions import AmbiguousName, ExpressionError, Scope, Values
from proof.notation import Notation, Section
from proof.numerals import Numeral, find_numerals, format_like
from proof.session import Ended, Session, units
from proof.values import NotNumbers, in_full, is_array, listed, numbers, shown, written

SIGNS = "-+\u2212"
LONGEST = 30  # characters of a number in the text
NEAR = 1e-6  # between a literal and what single precision makes of it
Answer = dict[str, Any]


@dataclass(frozen=True)
class Piece:
    """A text of a bound element; in a formula a number alone, whose sign stands beside it."""

    text: str
    in_formula: bool


@dataclass(frozen=True)
class Element:
    """What the page binds: the kind of notation, its code, and its texts in order."""

    kind: str
    code: str
    pieces: list[Piece]


class Page:
    """A page's source, and the code of the snippets that it shows or names.

    A snippet that does not run here is left with the names that it assigns, and `twins` may say
    which other one computes the same.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take what the build wrote beside the page: see `proof.site.sources`."""
        self.source = notation.read(data["source"])
        self.lesson: str = data["lesson"]
        self.codes: dict[str, str] = data["snippets"]
        self.absent: frozenset[str] = frozenset(data["absent"])
        self.twins: dict[str, str] = data["twins"]

    def section_of(self, one: Notation) -> Section:
        """Give the section that a notation stands in."""
        return next(part for part in self.source.sections if part.start <= one.start < part.end)

    def notations_of(self, elements: Iterable[Element]) -> Iterator[Notation | None]:
        """Give the notation behind each element: both stand in the order of the page."""
        waiting: dict[tuple[str, str], list[Notation]] = defaultdict(list)
        for one in reversed(self.source.notations):
            waiting[one.kind, one.code].append(one)
        for element in elements:
            found = waiting[element.kind, element.code]
            yield found.pop() if found else None

    def places(self, element: Element, one: Notation) -> list[tuple[int, int, int]] | None:
        """Give piece, start and end of each numeral; nothing where the page's are others."""
        found: list[tuple[int, int, int]] = []
        texts: list[str] = []
        for number, piece in enumerate(element.pieces):
            numerals = find_numerals(piece.text, words=not one.block)
            if piece.in_formula:
                numerals = [Numeral(piece.text, 0, len(piece.text))]
            found += [(number, each.start, each.end) for each in numerals]
            texts += [each.text for each in numerals]
        expected = [each.text for each in self.source.bound_to(one)]
        unsigned = [
            text.lstrip(SIGNS) if element.pieces[place[0]].in_formula else text
            for text, place in zip(expected, found, strict=False)
        ]
        return found if len(expected) == len(texts) and unsigned == texts else None


@dataclass(frozen=True)
class Reached:
    """A snippet that the reader's values reach, and under which names.

    `code` takes them along; without one it cannot be done.
    """

    names: list[str]
    texts: dict[str, str]
    code: str | None


class _Left(Mapping[str, Values]):
    """What the snippets left, and which of them have been asked for a value."""

    def __init__(self, left: Mapping[str, Values]) -> None:
        self._left = left
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Values:
        return _Asked(self._left[name], name, self.asked)

    def __iter__(self) -> Iterator[str]:
        return iter(self._left)

    def __len__(self) -> int:
        return len(self._left)


class _Asked(dict[str, Any]):
    """What one snippet left; notes that it was asked for a value."""

    def __init__(self, left: Values, name: str, asked: set[str]) -> None:
        super().__init__(left)
        self._name, self._asked = name, asked

    def __getitem__(self, name: str) -> Any:
        self._asked.add(self._name)
        return super().__getitem__(name)


class Following:
    """What follows from one state of the reader's blocks.

    `changed` holds the code of the blocks that ran to their end with a change, the last one last;
    `carried` holds for a block the texts that it took along from others, by name; `drafts` the
    code that stands in a block now, whether it ran or not.
    """

    def __init__(
        self,
        session: Session,
        page: Page,
        changed: Mapping[str, str],
        carried: Mapping[str, Mapping[str, str]],
        drafts: Mapping[str, str],
    ) -> None:
        """Run what has not been run yet."""
        self.page = page
        self.changed = {name: code for name, code in changed.items() if name in page.codes}
        self.failed: set[str] = set()
        left: dict[str, Values] = {}
        for name, lesson in page.codes.items():
            code = self.changed.get(name, lesson)
            if name in page.absent:
                left[name] = dict.fromkeys(assigned(lesson))
                continue
            run = session.left(name, code)
            left[name] = run.values
            if run.error:
                self.failed.add(name)
        self._left = left
        self.reached = dict(self._reach(carried, drafts))

    def _reach(
        self, carried: Mapping[str, Mapping[str, str]], drafts: Mapping[str, str]
    ) -> Iterator[tuple[str, Reached]]:
        """Find the snippets that still have the lesson's value where the reader has another."""
        own: dict[tuple[str, str], tuple[Any, str | None]] = {}
        for name, code in self.changed.items():
            for variable, literal in literals(self.page.codes[name]).items():
                value = self._left[name].get(variable)
                if variable in self._left[name] and not _is(value, literal.value):
                    text = _text(value, literals(code).get(variable))
                    own[variable, repr(literal.value)] = value, text
        for name, lesson in self.page.codes.items():
            texts: dict[str, str] = {}
            names: list[str] = []
            draft = drafts.get(name, self.changed.get(name, lesson))
            for variable, literal in literals(lesson).items():
                wanted, text = own.get((variable, repr(literal.value)), (literal.value, None))
                taken = carried.get(name, {}).get(variable, literal.text)
                absent = name in self.page.absent
                value = literal.value if absent else self._left[name].get(variable)
                known = (literal.value, ast.literal_eval(taken))
                if _is(wanted, value) or not any(_is(value, one) for one in known):
                    continue
                names.append(variable)
                there = _literals(draft).get(variable)
                if there and text and any(_is(one, there.value) for one in (*known, wanted)):
                    texts[variable] = text
            if names:
                possible = len(texts) == len(names) and name not in self.page.absent
                yield name, Reached(names, texts, replaced(draft, texts) if possible else None)

    def answer(self, elements: list[Element]) -> Answer:
        """Say what becomes of each element, and which snippets the reader's values reach."""
        scopes: dict[int, tuple[Scope, _Left]] = {}
        answers: list[Answer | None] = []
        notations = self.page.notations_of(elements)
        for element, one in zip(elements, notations, strict=True):
            if not one or one.kind not in ("value", "claim"):
                answers.append(None)
                continue
            section = self.page.section_of(one)
            if section.start not in scopes:
                left = _Left(self._left)
                scope = scope_of(self.page.source, section, left, self.page.lesson)
                scopes[section.start] = scope, left
            answers.append(self._element(element, one, *scopes[section.start]))
        return {
            "elements": answers,
            "reached": [
                {
                    "snippet": name,
                    "names": one.names,
                    "texts": one.texts,
                    "code": one.code,
                    "absent": name in self.page.absent,
                    "twin": self.page.twins.get(name),
                }
                for name, one in self.reached.items()
            ],
        }

    def _element(self, element: Element, one: Notation, scope: Scope, left: _Left) -> Answer | None:
        asked = left.asked
        asked.clear()
        try:
            found = self._claim(one, scope) if one.kind == "claim" else self._value(one, scope)
            if found["state"] == "yours":
                found = self._shown(found, element, one)
        except AmbiguousName:
            found = _none("two blocks leave different values under one name of it")
        except ExpressionError as error:
            found = _none(str(error))
        except Exception as error:  # a reader's value may be of any type, and raise anything
            found = _none(f"{type(error).__name__} comes of your values")
        # With the lesson's values all can be computed, but for what is absent.
        computed = found["state"] != "none" or asked & self.page.absent
        if computed and not asked & (self.changed.keys() | self.reached.keys() | self.failed):
            return None
        if still := self._still(asked):
            return {"state": "lesson", "why": still, "snippets": sorted(asked)}
        return found

    def _claim(self, one: Notation, scope: Scope) -> Answer:
        if holds(one.code, scope):
            return {"state": "same", "value": "True"}
        parts = [(part, shown(listed(value))) for part, value in scope.parts(one.code)]
        parts = [(part, text) for part, text in parts if text not in ("True", "False")]
        return {"state": "untrue", "value": "False", "parts": parts}

    def _value(self, one: Notation, scope: Scope) -> Answer:
        value = listed(scope.evaluate(one.code).value)
        try:
            found = numbers(value)
        except NotNumbers as trouble:
            raise ExpressionError(str(trouble)) from None
        return {"state": "yours", "value": in_full(value), "numbers": found}

    def _shown(self, found: Answer, element: Element, one: Notation) -> Answer:
        """Say what to write in the place of each numeral that is another one."""
        values, full = found["numbers"], found["value"]
        numerals = self.page.source.bound_to(one)
        places = self.page.places(element, one)
        if len(values) != len(numerals):
            count = f"your values make {len(values)} numbers of it, and here is room for"
            return _none(f"{count} {len(numerals)}", full)
        if places is None:
            return _none("the page has no room for it", full)
        if not all(map(math.isfinite, values)):
            return _none("your values make no finite number of it", full)
        texts = [format_like(*pair) for pair in zip(values, numerals, strict=True)]
        if max(map(len, texts), default=0) > LONGEST:
            return _none("a number of it is too long to stand here", full)
        changes = [
            [piece, *(units(element.pieces[piece].text, one) for one in span), numeral.text, text]
            for (piece, *span), numeral, text in zip(places, numerals, texts, strict=True)
            if text != "".join(numeral.text.split())
        ]
        return {"state": "yours" if changes else "same", "value": full, "changes": changes}

    def _still(self, asked: set[str]) -> str:
        """Say why the lesson's value still stands, if it does."""
        for name in sorted(asked & self.page.absent):
            text = f"{_short(name)} needs PyTorch, which does not run in a page"
            twin = self.page.twins.get(name)
            return f"{text}; {_short(twin)} computes the same with NumPy" if twin else text
        for name in sorted(asked & self.reached.keys()):
            return f"{_short(name)} has not run with your {_all(self.reached[name].names)}"
        for name in sorted(asked & self.failed):
            return f"{_short(name)} did not come to its end when it was run again"
        return ""


class Follower:
    """Answers a page's messages, each after some of its blocks ran."""

    def __init__(self, session: Session, data: str) -> None:
        """Take the session that runs the blocks, and what the build wrote beside the page."""
        self._session = session
        self._page = Page(json.loads(data))

    def answer_json(self, message: str) -> str:
        """Answer what changed, what was carried, what is drafted, and which elements there are."""
        asked = json.loads(message)
        elements = [
            Element(one["kind"], one["code"], [Piece(*piece) for piece in one["pieces"]])
            for one in asked["elements"]
        ]
        state = asked["changed"], asked["carried"], asked["drafts"]
        try:
            return json.dumps(Following(self._session, self._page, *state).answer(elements))
        except Ended as ended:
            return json.dumps({"ended": str(ended)})


def _none(why: str, value: str = "") -> Answer:
    return {"state": "none", "why": why, "value": value}


def _is(value: Any, other: Any) -> bool:
    """Whether two values are the same numbers in one shape, if need be in single precision."""
    if isinstance(value, Iterator):
        return False  # no literal is one, and it can be gone through only once
    try:
        ours, theirs = numbers(value), numbers(other)
        return _shape(value) == _shape(other) and all(
            math.isclose(float(one), float(two), rel_tol=NEAR)
            for one, two in zip(ours, theirs, strict=True)
        )
    except NotNumbers:
        return not is_array(value) and type(value) is type(other) and bool(value == other)
    except Exception:  # a reader's value may be of any type, and raise anything
        return False


def _shape(value: Any) -> tuple[int, ...]:
    if is_array(value):
        return tuple(value.shape)
    if isinstance(value, list | tuple):
        return (len(value), *(_shape(value[0]) if value else ()))
    return ()


def _literals(code: str) -> dict[str, Literal]:
    try:
        return literals(code)
    except (SyntaxError, ValueError):
        return {}


def _text(value: Any, literal: Literal | None) -> str | None:
    """Write a value as a literal: as the reader wrote it, if that is the value."""
    if literal and _is(value, literal.value):
        return literal.text
    try:
        numbers(value)
        plain = ast.literal_eval(written(value))
    except Exception:  # a reader's value may be of any type, and raise anything
        return None
    if isinstance(plain, list) and all(isinstance(row, list) for row in plain):
        return "[\n" + "".join(f"    {row!r},\n" for row in plain) + "]"
    return repr(plain)


def _short(snippet: str) -> str:
    return snippet.rpartition("/")[2]


def _all(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)

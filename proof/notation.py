"""Reads the source of a page: its text, the numerals in it, and what they are bound to.

    [38,535,424]{=dense_parameters}    a value: the numerals are what an expression gives
    [it moves along]{?moves_along}     a claim: a predicate is true
    [64 x 64]{:= side, side}           givens: the numerals define names
    [8]{=literal: why}                 an escape

Code, a formula, a link or a picture takes the braces right after it; a table, a display formula,
a list or a paragraph takes them as the line after its last one. Standard library alone.
"""

import html
import operator
import re
from bisect import bisect, bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, cast

from proof.numerals import Numeral, find_formula_numerals, find_numerals

Kind = Literal["value", "claim", "given", "literal"]
Block = Literal["", "paragraph", "table", "list", "formula", "html"]
Role = Literal["open", "close", "block", "flaw"]


@dataclass(frozen=True)
class Notation:
    """A text from `start` to `end` of the source, and the code it is bound to.

    `block` says what kind of block it binds, nothing for a notation inside a line. `braces` is
    the notation as it is written.
    """

    kind: Kind
    code: str
    start: int
    end: int
    braces: str
    block: Block = ""


@dataclass(frozen=True)
class Flaw:
    """A part of the source that is not as it must be, and what to do."""

    start: int
    end: int
    message: str


@dataclass(frozen=True)
class Section:
    """What stands under one heading of the second level, and the snippets shown there."""

    start: int
    end: int
    snippets: list[str]


@dataclass(frozen=True)
class Edit:
    """A part of the source that a renderer replaces by the mark of a notation or a flaw.

    A mark of the role "block" stands on a line of its own, indented by `prefix`.
    """

    start: int
    end: int
    role: Role
    of: Notation | Flaw
    prefix: str = ""


@dataclass(frozen=True)
class Source:
    """A page's source, read.

    `text` is the source with everything blanked that is no text of the page; offsets into one are
    offsets into the other. `numerals` are those of the text, in order.
    """

    source: str
    text: str
    numerals: list[Numeral]
    notations: list[Notation]
    flaws: list[Flaw]
    sections: list[Section]
    edits: list[Edit]

    def line(self, position: int) -> int:
        """Give the line of a position, from 1."""
        return self.source.count("\n", 0, position) + 1

    def within(self, section: Section) -> list[Notation]:
        """Give the notations of a section."""
        return [one for one in self.notations if section.start <= one.start < section.end]

    def bound_to(self, notation: Notation) -> list[Numeral]:
        """Give the numerals of a notation's text; number words count inside a line."""
        first, last = (
            bisect_left(self.numerals, place, key=operator.attrgetter("start"))
            for place in (notation.start, notation.end)
        )
        inside = self.numerals[first:last]
        if not notation.block:
            for word in find_numerals(self.text[notation.start : notation.end], words=True):
                if word.is_word:
                    start, end = word.start + notation.start, word.end + notation.start
                    inside.append(Numeral(word.text, start, end))
            inside.sort(key=lambda numeral: numeral.start)
        return inside

    def rendered(self, mark: Callable[[Edit], str]) -> str:
        """Give the source with each notation replaced by a renderer's marks."""
        parts = []
        position = 0
        for edit in self.edits:
            parts += [self.source[position : edit.start], mark(edit)]
            position = edit.end
        return "".join([*parts, self.source[position:]])


_BRACES = re.compile(r"\{(?P<sign>:=|=|\?)(?P<code>(?:[^{}\n]|\n(?![ \t]*\n))*)\}")
_UNCLOSED = re.compile(r"\{(?::=|=|\?)[^{}\[\]|\n]*")

_KINDS: dict[str, Kind] = {"=": "value", "?": "claim", ":=": "given"}

_FENCE = re.compile(r"(`{3,}|~{3,})[^`\n]*$")
_INCLUDE = re.compile(r"""-+8<-+(?:[ \t]+["'](?P<file>.+)["'])?[ \t]*$""")
_HEADING = re.compile(r"(?P<level>#{1,6})[ \t]+")
_TITLED = re.compile(r"""(?:!!!|\?\?\?\+?|===[!+]?)[ \t][^"\n]*(?:"(?P<text>.*)"[ \t]*)?$""")
_BLOCK = re.compile(r"/{3,}[ \t]*(?:[\w-]+[ \t]*(?:\|[ \t]*(?P<text>.*?)[ \t]*)?)?$")
_NAME = re.compile(r"[A-Za-z_][\w/-]*")  # an argument of a block that no reader sees
_OPTION = re.compile(r"(?P<key>[\w-]+):(?:[ \t]|$)")
_TEXT_OPTIONS = {"title", "alt", "caption", "description"}
_DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_ITEM = re.compile(r"(?P<mark>(?P<typed>[0-9]+)[.)]|#[.)]|[-*+:])[ \t]+")
_DEFINED = re.compile(r"(?:\[\^[^\]\s]+\]|\*\[[^\]\n]+\]):[ \t]*|\[[^\]\n]+\]:[ \t]*\S+")

_HTML_BLOCK = re.compile(r"<(?:blockquote|details|div|dl|figure|ol|p|section|table|ul)\b")

_SPECIAL = re.compile(r"[\\`$<\[\]{&:]|https?://")
_FORMULA = re.compile(r"\$(?!\s)((?:\\.|[^\\$])+?)(?<!\s)\$", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"""<https?://[^>\s]*>|</?[A-Za-z][\w-]*(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*)?/?>""")
_TEXT_ATTRIBUTE = re.compile(r"""\s(?:alt|title|aria-label)=(["'])(?P<text>.*?)\1""", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_DESTINATION = re.compile(
    r"""\(\s*(?:<[^>\n]*>|(?:[^()\s]|\([^()\s]*\))*)(?:\s+(?P<text>"[^"]*"|'[^']*'))?\s*\)"""
)
_REFERENCE = re.compile(r"\[(?P<key>[^\[\]\n]*)\]")
_REFERENCES = re.compile(r"^[ ]{0,3}\[([^\[\]\n]+)\]:", re.MULTILINE)
_ATTRIBUTES = re.compile(
    r"""\{:?[ ]*(?:[#.][A-Za-z_][\w-]*|[\w:-]+=(?:"[^"]*"|'[^']*'|[^\s{}"']+))[^{}\n]*\}"""
)
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|\w+);")
_EMOJI = re.compile(r":[a-z][\w+-]*:")
_ADDRESS = re.compile(r"https?://[^\s<>\[\]{}]*")

_NOTHING_ABOVE = (
    "these braces bind nothing: a table, a display formula, a list or a paragraph ends on the "
    "line before them, a heading has them in its line"
)
_NOTHING_BEFORE = "these braces bind nothing: write [text]{=expression}, without a space between"
_NOT_CLOSED = "these braces are not closed, or hold braces of their own, which they cannot"


def read(source: str) -> Source:
    """Read a page's source; its lines end in line feeds from then on."""
    source = source.replace("\r\n", "\n")
    found = _Findings(source)
    lines = _Lines(found)
    lines.read()
    text = "".join(found.chars)
    references = {key.lower() for key in _REFERENCES.findall(source)}
    for start, end in lines.texts:
        _Inline(found, text, end, references).read(start)
    found.notations.sort(key=lambda notation: (notation.start, -notation.end))
    around: list[Notation] = []
    for notation in found.notations:
        while around and around[-1].end <= notation.start:
            around.pop()
        if around and (around[-1].kind != "claim" or notation.kind == "claim"):
            message = f"a {notation.kind} cannot stand inside a {around[-1].kind}"
            found.flaw(notation.start, notation.end, message)
        around.append(notation)
    text = "".join(found.chars)
    for match in re.finditer(r"[^\x00-\x7f]", text):
        if match[0].isnumeric():
            message = f"{match[0]} is no plain digit; write it as a formula or with <sup>"
            found.flaw(*match.span(), message)
    numerals = find_numerals(text) + [
        Numeral(one.text, start + one.start, start + one.end)
        for start, end in found.formulas
        for one in find_formula_numerals(source[start:end])
    ]
    return Source(
        source,
        text,
        sorted(numerals, key=lambda numeral: numeral.start),
        found.notations,
        sorted(found.flaws, key=lambda flaw: flaw.start),
        lines.sections,
        sorted(found.edits, key=lambda edit: (edit.start, edit.end)),
    )


class _Findings:
    """What has been found in a source so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.chars = list(source)
        self.formulas: list[tuple[int, int]] = []
        self.notations: list[Notation] = []
        self.flaws: list[Flaw] = []
        self.edits: list[Edit] = []

    def blank(self, start: int, end: int) -> None:
        """Take a part of the source out of the page's text."""
        for place in range(start, end):
            if self.chars[place] != "\n":
                self.chars[place] = " "

    def restore(self, start: int, end: int) -> None:
        """Put a part back into the page's text."""
        self.chars[start:end] = self.source[start:end]

    def flaw(self, start: int, end: int, message: str, *, shown: bool = False) -> None:
        """Note a flaw; one that is shown becomes a mark on the rendered page."""
        flaw = Flaw(start, end, message)
        self.flaws.append(flaw)
        if shown:
            self.blank(start, end)
            self.edits.append(Edit(start, end, "flaw", flaw))

    def formula(self, start: int, end: int) -> None:
        """Note a formula."""
        self.formulas.append((start, end))
        self.blank(start, end)

    def notation(self, braces: re.Match[str], text: tuple[int, int], block: Block = "") -> Notation:
        """Note what braces bind a text to."""
        self.blank(*braces.span())
        code = " ".join(braces["code"].split())
        kind = _KINDS[braces["sign"]]
        if kind == "value" and (literal := re.match(r"literal\b:?\s*", code)):
            kind, code = "literal", code[literal.end() :]
        notation = Notation(kind, code, *text, " ".join(braces[0].split()), block)
        self.notations.append(notation)
        return notation


@dataclass
class _Element:
    """What has just ended in a line and can be bound, and where its text lies."""

    start: int
    end: int
    text: tuple[int, int]
    in_brackets: bool = False


class _Inline:
    """Reads code, formulas, links, tags and notations, one after the other."""

    def __init__(self, found: _Findings, text: str, end: int, references: set[str]) -> None:
        self.found = found
        self.text = text
        self.end = end
        self.references = references
        self.brackets: list[int] = []
        self.element: _Element | None = None

    def read(self, start: int) -> None:
        """Read from a position to the end."""
        readers = {
            "\\": lambda at: at + 2,
            "`": self._code,
            "$": self._formula,
            "[": self._open_bracket,
            "]": self._close_bracket,
            "{": self._braces,
        }
        while special := _SPECIAL.search(self.text, start, self.end):
            start = readers.get(special[0], self._no_text)(special.start())

    def _match(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        return pattern.match(self.text, at, self.end)

    def _code(self, at: int) -> int:
        ticks = re.compile("`+")
        opening = cast(re.Match[str], self._match(ticks, at))
        for closing in ticks.finditer(self.text, opening.end(), self.end):
            if closing[0] == opening[0]:
                inner = opening.end(), closing.start()
                self.element = _Element(at, closing.end(), inner)
                return closing.end()
        return opening.end()

    def _formula(self, at: int) -> int:
        formula = self._match(_FORMULA, at)
        if not formula:
            return at + 1
        self.found.formula(*formula.span(1))
        self.element = _Element(at, formula.end(), formula.span(1))
        return formula.end()

    def _open_bracket(self, at: int) -> int:
        if footnote := self._match(_FOOTNOTE, at):
            self.found.blank(*footnote.span())
            return footnote.end()
        self.brackets.append(at)
        return at + 1

    def _close_bracket(self, at: int) -> int:
        if not self.brackets:
            return at + 1
        opening = self.brackets.pop()
        inner = opening + 1, at
        target = self._match(_DESTINATION, at + 1)
        reference = self._match(_REFERENCE, at + 1)
        if reference and (reference["key"] or self.text[slice(*inner)]).lower() in self.references:
            target = reference
        if not target:
            self.element = _Element(opening, at + 1, inner, in_brackets=True)
            return at + 1
        self.found.blank(*target.span())
        if target.groupdict().get("text"):
            self.found.restore(*target.span("text"))
        start = opening - (self.text[opening - 1 : opening] == "!")
        self.element = _Element(start, target.end(), inner)
        return target.end()

    def _braces(self, at: int) -> int:
        element = self.element if self.element and self.element.end == at else None
        if braces := self._match(_BRACES, at):
            if element:
                self._bind(element, braces)
            else:
                self.found.flaw(*braces.span(), _NOTHING_BEFORE, shown=True)
            return braces.end()
        if unclosed := self._match(_UNCLOSED, at):
            self.found.flaw(*unclosed.span(), _NOT_CLOSED, shown=True)
            return unclosed.end()
        attributes = self._match(_ATTRIBUTES, at)
        if not attributes:
            return at + 1
        self.found.blank(*attributes.span())
        if element:
            self.element = _Element(element.start, attributes.end(), element.text)
        return attributes.end()

    def _bind(self, element: _Element, braces: re.Match[str]) -> None:
        notation = self.found.notation(braces, element.text)
        bracket = 1 if element.in_brackets else 0
        self.found.edits += [
            Edit(element.start, element.start + bracket, "open", notation),
            Edit(braces.start() - bracket, braces.end(), "close", notation),
        ]

    def _no_text(self, at: int) -> int:
        """Blank a comment, a tag but for its text, an address, an entity or an emoji."""
        for pattern in (_COMMENT, _TAG, _ADDRESS, _ENTITY, _EMOJI):
            if matched := self._match(pattern, at):
                break
        else:
            return at + 1
        self.found.blank(*matched.span())
        if pattern is _TAG:
            for attribute in _TEXT_ATTRIBUTE.finditer(matched[0]):
                start, end = attribute.span("text")
                self.found.restore(at + start, at + end)
        if pattern is _ENTITY and any(
            char.isnumeric() or char in "-+\u2212" for char in html.unescape(matched[0])
        ):
            message = f"{matched[0]} hides a digit or a sign; write the character itself"
            self.found.flaw(*matched.span(), message)
        return matched.end()


@dataclass
class _Block:
    """Lines of a page that belong together, from the first's text to the last's end."""

    kind: Literal[Block, "heading"]
    start: int
    end: int


class _Lines:
    """Reads the blocks of a page, line by line."""

    def __init__(self, found: _Findings) -> None:
        self.found = found
        self.source = source = found.source
        # Each line's start, where its text begins after indentation and quote marks, its end.
        self.lines = [
            (line.start(), line.end(1), line.end())
            for line in re.finditer(r"^([ \t>]*)[^\n]*", source, re.MULTILINE)
        ]
        for start, lead, _ in self.lines:
            found.blank(start, lead)
        self.texts: list[tuple[int, int]] = []  # no notation goes from one into the next
        self.sections = [Section(0, len(source), [])]
        self.open: _Block | None = None  # the paragraph that the next line may continue
        self.above: _Block | None = None  # what ended on the line before
        self.lists: list[tuple[int, int]] = []  # the open lists' indents and starts

    def read(self) -> None:
        """Read all lines."""
        number = self._front_matter()
        while number < len(self.lines):
            number = self._line(number)
        self._close()

    def _close(self) -> None:
        """End the open paragraph."""
        if self.open:
            self.texts.append((self.open.start, self.open.end))
        self.open = self.above = None

    def _number(self, position: int) -> int:
        return bisect(self.lines, position, key=operator.itemgetter(0)) - 1

    def _line_end(self, position: int) -> int:
        return self.lines[self._number(position)][2]

    def _only(self, start: int, end: int, text: tuple[int, int] | None) -> None:
        """Blank all but a text."""
        self.found.blank(start, end)
        if text:
            self.found.restore(*text)
            self.texts.append(text)

    def _front_matter(self) -> int:
        """Pass over the front matter; give the number of the line after it."""
        match = re.match(r"---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", self.source, re.DOTALL)
        if not match:
            return 0
        key = ""
        for part in re.finditer(r"(?:(\w+):)?.*\n?", match[0]):
            key = part[1] or key
            if key in ("title", "description"):
                for numeral in find_numerals(part[0]):
                    place = part.start() + numeral.start
                    message = f"{numeral.text} in the {key} cannot be bound; say it without digits"
                    self.found.flaw(place, place + len(numeral.text), message)
        self.found.blank(0, match.end())
        return self._number(match.end()) if match.end() < len(self.source) else len(self.lines)

    def _line(self, number: int) -> int:
        """Read a line, and what it opens; give the number of the next one to read."""
        start, lead, end = self.lines[number]
        if not self.source[lead:end].strip():
            self._close()
            return number + 1
        braces = _BRACES.match(self.source, lead)
        if braces and not self.source[braces.end() : self._line_end(braces.end())].strip():
            self._bind_block(braces, self.source[start:lead])
            return self._number(braces.end()) + 1
        self.above = None
        for reader in (
            *(self._fence, self._comment, self._display_formula, self._options_block),
            *(self._title, self._heading, self._table),
        ):
            if after := reader(number):
                return after
        self._text_line(lead, end, lead - start)
        return number + 1

    def _fence(self, number: int) -> int:
        _, lead, end = self.lines[number]
        fence = _FENCE.match(self.source, lead, end)
        if not fence:
            if _INCLUDE.match(self.source, lead, end):
                self._close()
                self.found.blank(lead, end)
                return number + 1
            return 0
        self._close()
        last = number + 1
        while last < len(self.lines) - 1 and not self._is_end_of(fence[1], last):
            include = _INCLUDE.match(self.source, *self.lines[last][1:])
            if include and (include["file"] or "").endswith(".py"):
                self.sections[-1].snippets.append(include["file"].removesuffix(".py"))
            last += 1
        self.found.blank(lead, self.lines[min(last, len(self.lines) - 1)][2])
        return last + 1

    def _is_end_of(self, marks: str, number: int) -> bool:
        line = self.source[slice(*self.lines[number][1:])].strip(" \t>")
        return line.startswith(marks) and not line.strip(marks[0])

    def _comment(self, number: int) -> int:
        _, lead, _ = self.lines[number]
        comment = _COMMENT.match(self.source, lead)
        if not comment:
            return 0
        self._close()
        self.found.blank(*comment.span())
        return max(self._number(comment.end()), number) + 1

    def _display_formula(self, number: int) -> int:
        _, lead, _ = self.lines[number]
        if not self.source.startswith("$$", lead):
            return 0
        close = self.source.find("$$", lead + 2)
        if close < 0:
            return 0
        formula = self.source[lead + 2 : close]
        line_end = self._line_end(close)
        if re.search(r"\n[ \t>]*\n", formula) or self.source[close + 2 : line_end].strip():
            return 0
        self._close()
        self.found.formula(lead + 2, close)
        self.found.blank(lead, line_end)
        self.above = _Block("formula", lead + 2, close)
        return self._number(close) + 1

    def _options_block(self, number: int) -> int:
        _, lead, end = self.lines[number]
        block = _BLOCK.match(self.source, lead, end)
        if not block:
            return 0
        self._close()
        named = block["text"] is None or _NAME.fullmatch(block["text"])
        self._only(lead, end, None if named else block.span("text"))
        indent = lead - self.lines[number][0]
        in_text = False
        while (number := number + 1) < len(self.lines):
            _, lead, end = self.lines[number]
            if lead - self.lines[number][0] < indent + 4 or lead == end:
                break
            option = _OPTION.match(self.source, lead, end)
            if option:
                in_text = option["key"] in _TEXT_OPTIONS
            self._only(lead, end, (option.end() if option else lead, end) if in_text else None)
        return number

    def _title(self, number: int) -> int:
        _, lead, end = self.lines[number]
        titled = _TITLED.match(self.source, lead, end)
        if not titled:
            return 0
        self._close()
        self._only(lead, end, titled.span("text") if titled["text"] else None)
        return number + 1

    def _heading(self, number: int) -> int:
        _, lead, end = self.lines[number]
        heading = _HEADING.match(self.source, lead, end)
        if not heading:
            return 0
        self._close()
        if len(heading["level"]) == 2 and lead == self.lines[number][0]:
            self.sections[-1] = replace(self.sections[-1], end=lead)
            self.sections.append(Section(lead, len(self.source), []))
        self._only(lead, end, (heading.end(), end))
        self.above = _Block("heading", lead, end)
        return number + 1

    def _table(self, number: int) -> int:
        _, lead, end = self.lines[number]
        if number + 1 == len(self.lines) or "|" not in self.source[lead:end]:
            return 0
        if not _DELIMITERS.match(self.source, *self.lines[number + 1][1:]):
            return 0
        self._close()
        self.found.blank(*self.lines[number + 1][1:])
        table = _Block("table", lead, end)
        while number < len(self.lines):
            _, lead, end = self.lines[number]
            if lead == end or _BRACES.match(self.source, lead):
                break
            self.texts.append((lead, end))
            table.end = end
            number += 1
        self.above = table
        return number

    def _text_line(self, lead: int, end: int, indent: int) -> None:
        """Read a line of a paragraph or a list."""
        item = _ITEM.match(self.source, lead, end)
        if item and self.open and not self.lists and item["typed"]:
            item = None  # a paragraph's line that happens to begin with a numeral
        mark = item or _DEFINED.match(self.source, lead, end)
        if not self.open:
            self.lists = [
                one for one in self.lists if one[0] < indent or (item and one[0] == indent)
            ]
        if mark:
            self._close()
            self.found.blank(lead, mark.end())
        if item:
            self.lists = [one for one in self.lists if one[0] <= indent]
            if item["mark"] != ":" and (not self.lists or self.lists[-1][0] < indent):
                self.lists.append((indent, lead))
            if item["typed"]:
                message = f"{item['mark']} numbers an item by hand; write #. and the page counts"
                self.found.flaw(*item.span("mark"), message)
        if self.open:
            self.open.end = end
        else:
            self.open = _Block("paragraph", mark.end() if mark else lead, end)

    def _bind_block(self, braces: re.Match[str], prefix: str) -> None:
        """Bind the block above a line of braces."""
        block = self.open or self.above
        self._close()
        self.found.blank(*braces.span())
        if not block or block.kind == "heading":
            self.found.flaw(*braces.span(), _NOTHING_ABOVE, shown=True)
            return
        kind, start = block.kind, block.start
        lists = [begin for indent, begin in self.lists if indent >= len(prefix)]
        if kind == "paragraph" and lists:
            kind, start = "list", lists[0]
        elif kind == "paragraph" and _HTML_BLOCK.match(self.source, start):
            kind = "html"
        notation = self.found.notation(braces, (start, block.end), kind)
        if kind == "paragraph":
            self.found.edits.append(Edit(start, start, "open", notation))
            self.found.edits.append(Edit(block.end, braces.end(), "close", notation))
        else:
            line_start = braces.start() - len(prefix)
            self.found.edits.append(Edit(line_start - 1, braces.end(), "block", notation, prefix))

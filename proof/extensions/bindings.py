"""Bindings: what a text is bound to goes into the page as an attribute that no reader sees.

`[0.852]{=first_response}` becomes `<span data-expression="first_response">0.852</span>`; a
claim gets `data-claim`, a given `data-given`, an escape `data-literal`; a table or another block
carries the attribute itself. Where no element can stand, in an attribute or a title, only the
text stays. Nothing is evaluated: `check` does that. What cannot be read, or crosses the borders
of other elements, is a visible mark.

While the Markdown is read, characters that Unicode keeps for private use stand for the two ends
of a notation, so that no other extension meets an expression.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from proof.notation import Edit, Notation, read

ATTRIBUTES = {
    "value": "data-expression",
    "claim": "data-claim",
    "given": "data-given",
    "literal": "data-literal",
}

VOID = {
    "area",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}

_FIRST_SIGN = 0xF0000  # an even one opens, the odd one after it closes
_SIGN = re.compile("[\U000f0000-\U000ffffd]")
_PIECE = re.compile("(<[^>]*>|[\U000f0000-\U000ffffd])")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*)")
_TIMES = re.compile(r"(?<=\d)\s×\s(?=\d)")


@dataclass(frozen=True)
class Mark:
    """What a pair of signs stands for: an attribute, or none for what stays visible as a fault."""

    attribute: str
    code: str
    written: str

    @property
    def opening(self) -> str:
        """The start tag."""
        return f'<span {self.attribute}="{escape(self.code)}">'

    @property
    def fault(self) -> str:
        """The visible mark."""
        return f'<mark class="binding-fault">{escape(self.written)}</mark>'


class Signs(Preprocessor):
    """Puts signs in the place of a page's notations."""

    def __init__(self, md: Markdown, marks: list[Mark]) -> None:
        """Take the page's marks."""
        super().__init__(md)
        self.marks = marks

    def run(self, lines: list[str]) -> list[str]:
        """Read the source as `check` does."""
        source = read("\n".join(lines))
        numbers: dict[int, int] = {}

        def sign(edit: Edit) -> str:
            number = numbers.setdefault(id(edit.of), len(self.marks))
            if number == len(self.marks):
                if isinstance(edit.of, Notation):
                    attribute, code, written = (
                        ATTRIBUTES[edit.of.kind],
                        edit.of.code,
                        edit.of.braces,
                    )
                else:
                    attribute, code, written = "", "", source.source[edit.start : edit.end]
                self.marks.append(Mark(attribute, code, written))
            char = chr(_FIRST_SIGN + 2 * number + (edit.role == "close"))
            if edit.role == "block":
                return f"\n{edit.prefix.rstrip()}\n{edit.prefix}{char}\n{edit.prefix.rstrip()}"
            return char

        return source.rendered(sign).split("\n")


class Blocks(Treeprocessor):
    """Gives each bound block its attribute, from the sign in the paragraph after it."""

    def __init__(self, md: Markdown, marks: list[Mark]) -> None:
        """Take the page's marks."""
        super().__init__(md)
        self.marks = marks

    def run(self, root: ElementTree.Element) -> None:
        """Take those paragraphs out."""
        for parent in root.iter():
            before: ElementTree.Element | None = None
            for child in list(parent):
                text = child.text or ""
                mark = self.marks[_number(text) // 2] if _SIGN.fullmatch(text) else None
                if before is None or child.tag != "p" or not mark or not mark.attribute:
                    before = child
                    continue
                if HTML_PLACEHOLDER_RE.fullmatch(before.text or ""):
                    before.tag = "div"  # a paragraph would be lost with its placeholder
                before.set(mark.attribute, mark.code)
                parent.remove(child)


class Elements(Postprocessor):
    """Writes elements in the place of the signs."""

    def __init__(self, md: Markdown, marks: list[Mark]) -> None:
        """Take the page's marks."""
        super().__init__(md)
        self.marks = marks

    def run(self, text: str) -> str:
        """Write the elements of a page, or of a heading alone."""
        return _Writer(self.marks).write(text) if _SIGN.search(text) else text


class _Writer:
    """Goes through HTML and keeps account of what is open."""

    def __init__(self, marks: list[Mark]) -> None:
        self.marks = marks
        self.pieces: list[str] = []
        self.open: list[tuple[str | Mark, int]] = []  # a tag's name or a mark, and its piece

    def write(self, text: str) -> str:
        """Replace the signs in a text."""
        for piece in _PIECE.split(text):
            tag = _TAG.match(piece)
            if _SIGN.fullmatch(piece):
                self.pieces.append("" if self._holds_only_text() else self._sign(piece))
            elif tag:
                self.pieces.append(_SIGN.sub("", piece))
                self._tag(tag["name"].lower(), tag["end"], piece)
            else:
                self.pieces.append(piece if self._verbatim() else _unbroken(piece))
        for opened, place in self.open:
            if isinstance(opened, Mark):
                self.pieces[place] = opened.fault
        return "".join(self.pieces)

    def _holds_only_text(self) -> bool:
        return bool(self.open) and self.open[-1][0] == "title"

    def _verbatim(self) -> bool:
        return any(opened in ("code", "pre", "title") for opened, _ in self.open)

    def _tag(self, name: str, end: str, piece: str) -> None:
        if name in VOID or piece.endswith("/>"):
            return
        if not end:
            self.open.append((name, len(self.pieces)))
            return
        while self.open:
            opened, place = self.open.pop()
            if isinstance(opened, Mark):
                self.pieces[place] = opened.fault  # its end is outside
            elif opened == name:
                break

    def _sign(self, sign: str) -> str:
        number = _number(sign)
        mark = self.marks[number // 2]
        if not mark.attribute:
            return mark.fault
        if number % 2 == 0:
            self.open.append((mark, len(self.pieces)))
            return mark.opening
        for index in reversed(range(len(self.open))):
            opened, place = self.open[index]
            if opened is mark:
                if index == len(self.open) - 1:
                    self.open.pop()
                    return "</span>"
                self.pieces[place] = mark.fault  # its end is inside another element
                del self.open[index]
        return ""


def _unbroken(text: str) -> str:
    """Keep "3 × 3" on one line."""
    return _TIMES.sub("\xa0×\xa0", text)


def _number(sign: str) -> int:
    return ord(sign) - _FIRST_SIGN


class BindingsExtension(Extension):
    """Holds the marks of the page that is being rendered."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Read the source before all other extensions, write the elements when HTML is whole."""
        self.marks: list[Mark] = []
        md.registerExtension(self)
        md.preprocessors.register(Signs(md, self.marks), "binding_signs", 100)
        md.treeprocessors.register(Blocks(md, self.marks), "binding_blocks", 21)
        md.postprocessors.register(Elements(md, self.marks), "binding_elements", 15)

    def reset(self) -> None:
        """Forget the page before."""
        self.marks.clear()


def makeExtension(**options: object) -> BindingsExtension:  # noqa: N802
    """Make the extension that `proof.extensions.bindings` names in mkdocs.yml."""
    return BindingsExtension(**options)

"""What a page asks of its reader: the minutes to read it, and the questions it asks.

`/// questions-left` writes how many questions (`??? question`) stand on the page. The
reading time goes wherever another extension left READING_TIME.
"""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

READING_TIME = "{reading-time}"
WORDS_A_MINUTE = 220
CODE_LINES_A_MINUTE = 80
RULE = (
    f"Reading times count {WORDS_A_MINUTE} words or {CODE_LINES_A_MINUTE} lines of code "
    "a minute, and leave out formulas, tables, drawings and what is folded away."
)
NOT_READ = {"details", "math", "nav", "script", "style", "svg", "table"}


def reading_minutes(page_html: str) -> int:
    """Give the minutes that a page takes to read, at least one."""
    reader = _Reader()
    reader.feed(page_html)
    return max(1, round(reader.words / WORDS_A_MINUTE + reader.code_lines / CODE_LINES_A_MINUTE))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words = self.code_lines = 0
        self.unread = self.code = 0  # how many elements of that kind are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.unread += tag in NOT_READ
        self.code += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in NOT_READ
        self.code -= tag == "pre"

    def handle_data(self, data: str) -> None:
        if self.code and not self.unread:
            self.code_lines += data.count("\n")
        elif not self.unread:
            self.words += len(data.split())


class QuestionsLeftBlock(Block):
    """How many questions the page asks."""

    NAME = "questions-left"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Leave a place for the count."""
        return ElementTree.SubElement(parent, "p", {"class": "questions-left"})


class QuestionCount(Treeprocessor):
    """Counts the questions."""

    def run(self, root: ElementTree.Element) -> None:
        """Write the count wherever the page asks for it."""
        folded = [details.get("class", "").split() for details in root.iter("details")]
        total = sum("question" in classes for classes in folded)
        for place in root.iter("p"):
            if place.get("class") == "questions-left":
                place.set("data-total", str(total))
                place.text = f"{total} question{'s' * (total != 1)} to answer"


class ReadingTime(Postprocessor):
    """Fills in the reading time once the page is whole."""

    def run(self, text: str) -> str:
        """Count what a reader reads."""
        if READING_TIME not in text:
            return text
        minutes = reading_minutes(text)
        return text.replace(READING_TIME, f"{minutes} minute{'s' * (minutes != 1)}")


class ReadingExtension(BlocksExtension):
    """Registers the block and both counts."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Count the words when the stashed HTML is back (its postprocessor has priority 30)."""
        super().extendMarkdown(md)
        md.treeprocessors.register(QuestionCount(md), "question_count", 18)
        md.postprocessors.register(ReadingTime(md), "reading_time", 5)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the block."""
        block_mgr.register(QuestionsLeftBlock, self.getConfigs())


def makeExtension(**options: object) -> ReadingExtension:  # noqa: N802
    """Make the extension that `proof.extensions.reading` names in mkdocs.yml."""
    return ReadingExtension(**options)

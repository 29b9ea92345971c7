"""The minutes it takes to read a page, wherever another extension left READING_TIME."""

from __future__ import annotations

from html.parser import HTMLParser

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor

READING_TIME = "{reading-time}"
WORDS_A_MINUTE = 220
CODE_LINES_A_MINUTE = 80
RULE = (
    f"Reading times count {WORDS_A_MINUTE} words or {CODE_LINES_A_MINUTE} lines of code "
    "a minute, and leave out formulas, tables, drawings, questions and what is folded away."
)
NOT_READ = {"details", "form", "math", "nav", "script", "style", "svg", "table"}


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


class ReadingTime(Postprocessor):
    """Fills in the reading time once the page is whole."""

    def run(self, text: str) -> str:
        """Count what a reader reads."""
        if READING_TIME not in text:
            return text
        minutes = reading_minutes(text)
        return text.replace(READING_TIME, f"{minutes} minute{'s' * (minutes != 1)}")


class ReadingExtension(Extension):
    """Registers the count."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Count the words when the stashed HTML is back (its postprocessor has priority 30)."""
        md.postprocessors.register(ReadingTime(md), "reading_time", 5)


def makeExtension(**options: object) -> ReadingExtension:  # noqa: N802
    """Make the extension that `proof.extensions.reading` names in mkdocs.yml."""
    return ReadingExtension(**options)

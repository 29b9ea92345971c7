"""The lessons of a built site: its pages with a date, and what their heads say of them."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path


@dataclass(frozen=True)
class Lesson:
    """A lesson's page in the built site."""

    page: Path
    meta: dict[str, str]  # the `<meta>` contents of its head, by property or name

    @property
    def slug(self) -> str:
        """The folder it is in."""
        return self.page.parent.name

    @property
    def title(self) -> str:
        """Its title, without the site's name."""
        return self.meta["og:title"]

    @property
    def description(self) -> str:
        """What it is about, in a sentence or two."""
        return self.meta["og:description"]

    @property
    def address(self) -> str:
        """Where it is published."""
        return self.meta["og:url"]

    @property
    def published(self) -> str:
        """Its date, as YYYY-MM-DD."""
        return self.meta["article:published_time"]


class _Head(HTMLParser):
    """Collects the `<meta>` contents of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.meta[name] = found.get("content") or ""


def find_lessons(site: Path) -> list[Lesson]:
    """Find the lessons of a built site, in the order of their paths."""
    lessons = []
    for page in sorted(site.rglob("*.html")):
        head = _Head()
        head.feed(page.read_text(encoding="utf-8").partition("</head>")[0])
        if "article:published_time" in head.meta:
            lessons.append(Lesson(page, head.meta))
    return lessons

"""The lessons of a built site: its pages with a date, and what their heads say of them."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

DATE = "article:published_time"


@dataclass(frozen=True)
class Lesson:
    """A lesson's page in the built site."""

    page: Path
    meta: dict[str, str]

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
        return self.meta[DATE]


class _Head(HTMLParser):
    """Collects the `<meta>` contents of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.meta[name] = found.get("content") or ""


def meta_of(page: str) -> dict[str, str]:
    """Give the `<meta>` contents of a page's head, by property or name."""
    head = _Head()
    head.feed(page.partition("</head>")[0])
    return head.meta


def find_lessons(site: Path) -> list[Lesson]:
    """Find the lessons of a built site, in the order of their paths."""
    heads = {page: meta_of(page.read_text("utf-8")) for page in sorted(site.rglob("*.html"))}
    return [Lesson(page, meta) for page, meta in heads.items() if DATE in meta]

"""The RSS feed of the lessons, made from the built pages: what readers read, no notation."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

FEED = "feed_rss.xml"
ATOM = "http://www.w3.org/2005/Atom"
ElementTree.register_namespace("atom", ATOM)


class _Head(HTMLParser):
    """What a page's head says: its `<meta>` contents by property or name."""

    def __init__(self) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.meta[name] = found.get("content") or ""


def write_feed(site: Path, name: str, address: str, description: str) -> None:
    """Write site/feed_rss.xml: every page with a date, the newest first."""
    lessons = []
    for page in sorted(site.rglob("*.html")):
        head = _Head()
        head.feed(page.read_text(encoding="utf-8"))
        if "article:published_time" in head.meta:
            lessons.append(head.meta)
    lessons.sort(key=lambda meta: meta["article:published_time"], reverse=True)

    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    _add(channel, "title", f"{name}: lessons")
    _add(channel, "link", address)
    _add(channel, "description", description)
    _add(channel, "language", "en")
    itself = {"rel": "self", "type": "application/rss+xml", "href": f"{address}{FEED}"}
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", itself)
    for meta in lessons:
        item = ElementTree.SubElement(channel, "item")
        _add(item, "title", meta["og:title"])
        _add(item, "link", meta["og:url"])
        _add(item, "guid", meta["og:url"])
        _add(item, "description", meta["og:description"])
        published = datetime.fromisoformat(meta["article:published_time"]).replace(tzinfo=UTC)
        _add(item, "pubDate", format_datetime(published))
    ElementTree.indent(rss)
    ElementTree.ElementTree(rss).write(site / FEED, encoding="utf-8", xml_declaration=True)


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text

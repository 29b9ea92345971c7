"""The RSS feed of the lessons, made from the built pages: what readers read, no notation."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree

from proof.site.lessons import Lesson

FEED = "feed_rss.xml"
ATOM = "http://www.w3.org/2005/Atom"
ElementTree.register_namespace("atom", ATOM)


def write_feed(
    site: Path, lessons: list[Lesson], name: str, address: str, description: str
) -> None:
    """Write site/feed_rss.xml: every lesson, the newest first."""
    newest_first = sorted(lessons, key=lambda lesson: lesson.published, reverse=True)
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    _add(channel, "title", f"{name}: lessons")
    _add(channel, "link", address)
    _add(channel, "description", description)
    _add(channel, "language", "en")
    if newest_first:
        _add(channel, "lastBuildDate", _date(newest_first[0]))
    itself = {"rel": "self", "type": "application/rss+xml", "href": f"{address}{FEED}"}
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", itself)
    for lesson in newest_first:
        item = ElementTree.SubElement(channel, "item")
        _add(item, "title", lesson.title)
        _add(item, "link", lesson.address)
        _add(item, "guid", lesson.address)
        _add(item, "description", lesson.description)
        _add(item, "pubDate", _date(lesson))
    ElementTree.indent(rss)
    ElementTree.ElementTree(rss).write(site / FEED, encoding="utf-8", xml_declaration=True)


def _date(lesson: Lesson) -> str:
    return format_datetime(datetime.fromisoformat(lesson.published).replace(tzinfo=UTC))


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text

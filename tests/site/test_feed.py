"""The feed against the rules of RSS 2.0, as a schema, and with several lessons."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from lxml import etree

from proof.site.feed import write_feed
from proof.site.lessons import Lesson

RULES = etree.RelaxNG(etree.parse(Path(__file__).with_name("rss.rng")))
ADDRESS = "https://lessons.example/"


def feed(path: Path) -> etree._Element:
    tree = etree.parse(path)
    assert RULES.validate(tree), RULES.error_log
    return tree.getroot()


def lesson(slug: str, date: str, title: str = "A lesson") -> Lesson:
    meta = {
        "og:title": title,
        "og:description": "What it is about.",
        "og:url": f"{ADDRESS}{slug}/",
        "article:published_time": date,
    }
    return Lesson(Path(slug, "index.html"), meta)


def test_the_feed_of_the_site_is_valid(built_site: Path) -> None:
    path = built_site / "feed_rss.xml"
    assert path.read_bytes().startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    root = feed(path)
    dates = [parsedate_to_datetime(date) for date in root.xpath("//pubDate/text()")]
    for date in root.xpath("//pubDate/text()"):
        assert date.startswith(parsedate_to_datetime(date).strftime("%a, "))
    assert parsedate_to_datetime(root.findtext("channel/lastBuildDate")) == max(dates)


def test_the_newest_lesson_comes_first_and_each_is_itself(tmp_path: Path) -> None:
    lessons = [
        lesson("older", "2026-01-31"),
        lesson("newest", "2026-12-01", "Loss & gradient"),
        lesson("newer", "2026-02-28"),
    ]
    write_feed(tmp_path, lessons, "Site", ADDRESS, "About it.")
    root = feed(tmp_path / "feed_rss.xml")
    order = ["newest", "newer", "older"]
    assert root.xpath("//item/link/text()") == [f"{ADDRESS}{slug}/" for slug in order]
    assert root.xpath("//item/guid/text()") == root.xpath("//item/link/text()")
    assert root.findtext("channel/item/title") == "Loss & gradient"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Mon, 30 Nov 2026", "2026-11-30"),
        ("<guid>https://", "<guid>"),
        ("About it.", "[8]{=size}"),
        ("<title>A lesson</title>", ""),
    ],
)
def test_the_schema_refuses_what_is_wrong(tmp_path: Path, before: str, after: str) -> None:
    write_feed(tmp_path, [lesson("one", "2026-11-30")], "Site", ADDRESS, "About it.")
    text = (tmp_path / "feed_rss.xml").read_text("utf-8")
    assert before in text
    assert not RULES.validate(etree.fromstring(text.replace(before, after).encode()))

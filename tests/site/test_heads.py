"""What a page's head tells those that link to it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import html5lib
import pytest
import yaml

from figures.palette import PALETTE
from proof.png import size

ROOT = Path(__file__).parents[2]
BASE = "https://lessons.example/below/"


@pytest.fixture(scope="module")
def heads(built_site: Path) -> dict[str, list[dict[str, str]]]:
    """Give the attributes of every element of each page's head."""
    found = {}
    for path in sorted(built_site.rglob("*.html")):
        page = html5lib.parse(path.read_text("utf-8"), namespaceHTMLElements=False)
        found[path.relative_to(built_site).as_posix()] = [
            {"tag": element.tag, "text": element.text or "", **element.attrib}
            for element in page.find("head").iter()
        ]
    return found


def content(head: list[dict[str, str]], name: str) -> str:
    [value] = [
        element["content"]
        for element in head
        if name in (element.get("property"), element.get("name")) and "media" not in element
    ]
    return value


def test_every_page_has_an_address_and_a_picture(heads, built_site: Path) -> None:
    for path, head in heads.items():
        if path == "404.html":
            continue
        address = BASE + path.removesuffix("index.html")
        [canonical] = [element["href"] for element in head if element.get("rel") == "canonical"]
        assert canonical == content(head, "og:url") == address
        picture = content(head, "og:image")
        assert picture.startswith(BASE)
        png = (built_site / picture.removeprefix(BASE)).read_bytes()
        stated = (content(head, "og:image:width"), content(head, "og:image:height"))
        assert tuple(map(int, stated)) == size(png) == (1200, 630)
        assert content(head, "og:image:type") == "image/png"
        assert len(content(head, "og:image:alt")) > 40
        assert content(head, "twitter:card") == "summary_large_image"
        assert content(head, "og:type") == ("article" if "cnns" in path else "website")


def test_a_lesson_has_a_picture_of_its_own(heads) -> None:
    pictures = {path: content(head, "og:image") for path, head in heads.items() if path[0] != "4"}
    assert pictures.pop("cnns-from-scratch/index.html") == f"{BASE}cnns-from-scratch/share.png"
    assert set(pictures.values()) == {f"{BASE}assets/share.png"}


def test_every_title_ends_in_the_sites_name(heads) -> None:
    for path, head in heads.items():
        [title] = [element["text"] for element in head if element["tag"] == "title"]
        assert (
            title == "From Scratch" if path == "index.html" else title.endswith(" - From Scratch")
        )


def test_a_lesson_is_described_in_the_words_of_schema_org(heads, built_site: Path) -> None:
    described = {
        path: [
            json.loads(element["text"]) for element in head if "ld+json" in element.get("type", "")
        ]
        for path, head in heads.items()
    }
    [about] = described.pop("cnns-from-scratch/index.html")
    assert not any(described.values())
    head = heads["cnns-from-scratch/index.html"]
    assert about["@context"] == "https://schema.org"
    assert about["@type"] == ["LearningResource", "TechArticle"]
    assert about["headline"] == content(head, "og:title")
    assert about["description"] == content(head, "description")
    assert about["url"] == content(head, "og:url")
    assert about["image"] == content(head, "og:image")
    assert about["datePublished"] == content(head, "article:published_time")
    assert about["license"] == "https://creativecommons.org/licenses/by/4.0/"
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert about["author"]["name"] == citation["authors"][0]["name"]
    page = (built_site / "cnns-from-scratch/index.html").read_text("utf-8")
    minutes = re.search(r"<dd>(\d+) minutes", page)
    assert about["timeRequired"] == f"PT{minutes[1]}M"
    assert about["educationalLevel"] == "Easy"
    assert about["encoding"]["contentUrl"].startswith(about["url"])
    assert (built_site / about["encoding"]["contentUrl"].removeprefix(BASE)).is_file()


def test_the_browsers_frame_has_the_pages_colour(built_site: Path) -> None:
    surface = PALETTE["surface"]
    for path in built_site.rglob("*.html"):
        page = path.read_text("utf-8")
        for scheme, colour in (("light", surface.light), ("dark", surface.dark)):
            media = f'media="(prefers-color-scheme: {scheme})" content="{colour}"'
            assert f'<meta name="theme-color" {media}>' in page

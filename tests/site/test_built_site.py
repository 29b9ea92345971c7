"""What is in site/ after a build, read as a browser reads it."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from fontTools.ttLib import TTFont
from mkdocs.config import load_config

from proof.site.editor import SOURCE as EDITOR
from proof.site.finish import shrink
from proof.site.math_font import math_characters
from proof.site.styles import JOINED, OURS

ROOT = Path(__file__).parents[2]
LESSON = "cnns-from-scratch/index.html"
NOTATION = re.compile(r"^\s*/{3}|\$\$|\{[=?]|\[\^|--8<--|\\frac|\{reading-time", re.MULTILINE)
SILENT = {"script", "style", "code", "samp"}


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[str, ElementTree.Element]:
    """Parse every page; the parser accepts no HTML that is not valid."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True)
    return {
        file.relative_to(built_site).as_posix(): parser.parse(file.read_text(encoding="utf-8"))
        for file in sorted(built_site.rglob("*.html"))
    }


def visible_text(element: ElementTree.Element) -> str:
    if element.tag in SILENT:
        return ""
    return (element.text or "") + "".join(
        visible_text(child) + (child.tail or "") for child in element
    )


def test_no_notation_is_left_on_a_page(pages) -> None:
    for page in pages.values():
        assert NOTATION.findall(visible_text(page)) == []
        values = [value for element in page.iter() for value in element.attrib.values()]
        assert [value for value in values if NOTATION.search(value)] == []


def test_no_notation_is_left_in_the_search_index(built_site: Path) -> None:
    index = (built_site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert NOTATION.findall(re.sub(r"<code>.*?</code>|<pre>.*?</pre>", "", index)) == []


def test_nothing_needs_a_weaker_content_policy(pages) -> None:
    for path, page in pages.items():
        attributes = {name for element in page.iter() for name in element.attrib}
        assert [name for name in attributes if name == "style" or name.startswith("on")] == [], path
        assert list(page.iter("style")) == [], path


def test_every_page_has_a_policy_before_all_that_it_holds_for(built_site: Path, pages) -> None:
    for path, page in pages.items():
        head = list(page.find("head"))
        assert [element.tag for element in head[:2]] == ["meta", "meta"], path
        assert head[0].get("charset") == "utf-8"
        assert head[1].get("http-equiv") == "Content-Security-Policy"
        sources = dict(rule.split(" ", 1) for rule in head[1].get("content").split("; "))
        assert sources["default-src"] == sources["base-uri"] == sources["form-action"] == "'none'"
        assert "unsafe-inline" not in head[1].get("content")
        assert "'unsafe-eval'" not in head[1].get("content")
        runs_python = "data-run=" in (built_site / path).read_text("utf-8")
        assert ("'wasm-unsafe-eval'" in sources["script-src"]) == runs_python, path
        assert ("blob:" in sources["worker-src"]) == runs_python, path
        inline = [s for s in page.iter("script") if not s.get("src") and not s.get("type")]
        assert sources["script-src"].count("'sha256-") == len(inline) > 0, path


def test_ids_are_unique_and_references_meet_them(pages) -> None:
    for path, page in pages.items():
        ids = [element.get("id") for element in page.iter() if "id" in element.attrib]
        assert sorted(ids) == sorted(set(ids)), path
        for element in page.iter():
            for name in ("aria-labelledby", "aria-describedby", "for"):
                assert set(element.get(name, "").split()) <= set(ids), (path, element.attrib)


def test_every_link_leads_somewhere_below_the_sites_own_path(pages, built_site: Path) -> None:
    base = "https://lessons.example/below/"
    for path, page in pages.items():
        address = urljoin(base, path)
        for element in page.iter():
            link = element.get("href") or element.get("src")
            target = urlsplit(urljoin(address, link)) if link else None
            if target is None or target.netloc != "lessons.example":
                outside = (
                    target is None
                    or target.scheme in ("data", "mailto")
                    or (target.scheme == "https" and "." in target.netloc and " " not in link)
                )
                assert outside or element.tag == "use", (path, link)
                continue
            assert target.path.startswith("/below/"), (path, link)
            file = built_site / unquote(target.path.removeprefix("/below/"))
            file = file / "index.html" if target.path.endswith("/") else file
            assert file.is_file(), (path, link)
            if target.fragment and file.suffix == ".html":
                there = pages[file.relative_to(built_site).as_posix()]
                ids = {other.get("id") for other in there.iter()}
                assert target.fragment in ids, (path, link)


def test_snippets_are_published_as_they_are(built_site: Path) -> None:
    files = [*(ROOT / "snippets").rglob("*.py"), *(ROOT / "snippets").rglob("*.out")]
    assert files
    for file in files:
        assert (built_site / file.relative_to(ROOT)).read_bytes() == file.read_bytes()


def test_every_snippet_of_the_lesson_is_a_block_with_its_own_text(pages) -> None:
    blocks = [block for block in pages[LESSON].iter("div") if block.get("class") == "snippet"]
    names = {block.get("data-snippet") for block in blocks}
    folder = ROOT / "snippets" / "cnns_from_scratch"
    assert names == {f"cnns_from_scratch/{file.stem}" for file in folder.glob("*.out")}
    for block in blocks:
        file = ROOT / "snippets" / f"{block.get('data-snippet')}.py"
        assert "".join(block.find(".//code").itertext()) == file.read_text("utf-8")
        assert block.find(".//samp").text == file.with_suffix(".out").read_text("utf-8")


def test_data_and_the_themes_unused_files_are_not_published(built_site: Path) -> None:
    published = {file.relative_to(built_site).as_posix() for file in built_site.rglob("*")}
    assert not {path for path in published if path.endswith((".yml", ".map")) or "lunr" in path}


def test_the_feed_lists_the_lessons_as_readers_see_them(built_site: Path, pages) -> None:
    atom = "{http://www.w3.org/2005/Atom}link"
    rss = ElementTree.parse(built_site / "feed_rss.xml").getroot()
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    channel = rss.find("channel")
    assert channel.findtext("link") == "https://lessons.example/below/"
    assert channel.find(atom).attrib == {
        "rel": "self",
        "type": "application/rss+xml",
        "href": "https://lessons.example/below/feed_rss.xml",
    }
    assert all(channel.findtext(name) for name in ("title", "description", "language"))
    [item] = channel.findall("item")
    assert item.findtext("title") == "CNNs from Scratch"
    assert item.findtext("link") == "https://lessons.example/below/cnns-from-scratch/"
    assert item.findtext("guid") == item.findtext("link")
    described = pages[LESSON].find(".//meta[@name='description']").get("content")
    assert item.findtext("description") == described
    shown = pages[LESSON].find(".//time[@class='lesson-date']").get("datetime")
    assert parsedate_to_datetime(item.findtext("pubDate")).date() == date.fromisoformat(shown)


def test_the_math_font_has_every_character_of_every_formula(built_site: Path, pages) -> None:
    font = TTFont(built_site / "assets" / "fonts" / "math.woff2")
    texts = [(built_site / path).read_text(encoding="utf-8") for path in pages]
    drawn = set().union(*(math_characters(text) for text in texts))
    assert {"⌊", "−", "0"} <= drawn
    missing = {character for character in drawn if ord(character) not in font.getBestCmap()}
    assert not missing, "run `python -m proof.site build && python -m proof.site.math_font`"


def test_the_math_font_is_small_and_can_stretch_brackets(built_site: Path) -> None:
    file = built_site / "assets" / "fonts" / "math.woff2"
    assert file.stat().st_size < 20_000
    font = TTFont(file)
    variants = font["MATH"].table.MathVariants
    stretched = set(variants.VertGlyphCoverage.glyphs)
    assert {font.getBestCmap()[ord(bracket)] for bracket in "()⌊⌋"} <= stretched


def test_every_page_asks_for_one_style_sheet_of_the_theme_and_ours(built_site: Path) -> None:
    assert tuple(load_config(str(ROOT / "mkdocs.yml")).extra_css) == OURS
    for page in built_site.rglob("*.html"):
        found = re.findall(r'<link rel="stylesheet" href="([^"]*)"', page.read_text("utf-8"))
        assert [href for href in found if href.endswith(JOINED)] == found[:1], page
        assert not any(href.endswith(OURS) for href in found), page


def test_scripts_and_style_sheets_are_sent_without_comments(built_site: Path) -> None:
    sources = [file for kind in ("js", "css") for file in (ROOT / "docs/assets").rglob(f"*.{kind}")]
    for source in sources:
        name = source.relative_to(ROOT / "docs").as_posix()
        sent = (built_site / (JOINED if name in OURS else name)).read_text(encoding="utf-8")
        # The editor's brings what it imports, and these are one with the theme's.
        assert len(sent) < source.stat().st_size or name in (EDITOR.as_posix(), *OURS)
        assert not re.search(r"/\*[\s*]|^\s*//", sent, re.MULTILINE), source


def test_a_text_within_a_text_of_a_script_keeps_its_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "from").mkdir()
    text = 'export const told = (a, b) => `of  ${a ? `${b} in  the padding` : "−  none"}  //`; // b'
    (tmp_path / "from" / "told.js").write_text(text, encoding="utf-8")
    monkeypatch.setattr("proof.site.finish.ASSETS", tmp_path / "from")
    shrink(tmp_path / "to")
    sent = (tmp_path / "to" / "told.js").read_text(encoding="utf-8")
    for part in ("of  ${", "} in  the padding", "−  none", "  //`"):
        assert part in sent
    assert not sent.rstrip().endswith("b")

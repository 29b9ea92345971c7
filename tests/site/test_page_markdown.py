"""Each page as Markdown beside it: all that the page says, in nothing but Markdown."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import html5lib
import pytest
from markdown_it import MarkdownIt

from tests.site.test_built_site import NOTATION

ROOT = Path(__file__).parents[2]
ADDRESS = "https://lessons.example/below/"
SNIPPETS = ROOT / "snippets" / "cnns_from_scratch"


@pytest.fixture(scope="module")
def texts(built_site: Path) -> dict[str, str]:
    """Give the Markdown of each page by the page's address below the site's."""
    pages = sorted(built_site.rglob("index.html"))
    return {
        page.relative_to(built_site).as_posix().removesuffix("index.html"): page.with_name(
            "index.md"
        ).read_text("utf-8")
        for page in pages
    }


def test_every_page_names_its_markdown_and_the_list_names_all(
    texts: dict[str, str], built_site: Path
) -> None:
    listed = (built_site / "llms.txt").read_text("utf-8")
    assert listed.startswith("# From Scratch\n\n> Lessons whose every number is computed")
    links = re.findall(r"^- \[([^\]]+)\]\((\S+)\): \S", listed, re.MULTILINE)
    assert sorted(link for _, link in links) == sorted(f"{ADDRESS}{page}index.md" for page in texts)
    assert links[0][0] == "CNNs from Scratch"  # lessons come first
    for page in texts:
        head = html5lib.parse(
            (built_site / page / "index.html").read_text("utf-8"), namespaceHTMLElements=False
        ).find("head")
        [link] = head.findall("link[@type='text/markdown']")
        assert (link.get("rel"), link.get("href")) == ("alternate", "index.md")


def test_it_is_markdown_with_the_pages_headings(texts: dict[str, str], built_site: Path) -> None:
    for page, text in texts.items():
        title, *_ = text.splitlines()
        assert title.startswith("# "), page
        shown = MarkdownIt("commonmark").enable("table").parse(text)
        prose = [token.content for token in shown if token.type in ("inline", "html_block")]
        without_formulas = [re.sub(r"\$\$.+?\$\$|\$.+?\$", "", part, flags=re.S) for part in prose]
        without_code = [re.sub(r"`[^`]+`", "", part) for part in without_formulas]
        assert [part for part in without_code if NOTATION.search(part)] == [], page
        assert not re.search(r"<(math|svg|div|span|button|script|figure)\b", text), page
        html = (built_site / page / "index.html").read_text("utf-8")
        article = html.partition("<article")[2].partition('<section class="share"')[0]
        # Headings that only scripts give anything to do are not in the Markdown.
        headings = [token for token in shown if token.type == "heading_open"]
        assert len(headings) >= len(re.findall(r"<h2\b", article)) - 1, page


def test_programs_outputs_formulas_and_drawings_are_whole(
    texts: dict[str, str], built_site: Path
) -> None:
    lesson = texts["cnns-from-scratch/"]
    for program in SNIPPETS.glob("*.py"):
        assert f"\n```python\n{program.read_text('utf-8')}```\n" in lesson, program.name
        assert f"\n```\n{program.with_suffix('.out').read_text('utf-8')}```\n" in lesson
    assert "scores lower" in lesson
    assert "parameters: 38,535,424" in lesson
    assert r"\left\lfloor" in lesson
    pictures = {page: re.findall(r"!\[([^\]]*)\]\((\S+)\)", text) for page, text in texts.items()}
    assert len(pictures["cnns-from-scratch/"]) == 7
    for page, found in pictures.items():
        for said, source in found:
            assert said
            path = urljoin(f"{ADDRESS}{page}", source).removeprefix(ADDRESS)
            assert (built_site / path).read_text("utf-8").lstrip().startswith(("<svg", "<?xml"))

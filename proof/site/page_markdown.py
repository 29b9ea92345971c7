"""Each page as Markdown beside it, and llms.txt, which lists them: for readers that are programs.

Made from the finished pages, so they say the same: computed numbers, outputs, formulas in LaTeX,
and each drawing's description.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from proof.project import FIGURES
from proof.site.lessons import DATE, meta_of
from proof.site.markdown import prepare, read_article, to_markdown

FILE = "index.md"  # beside index.html
LIST = "llms.txt"
DRAWINGS = "figures"  # in the built site: the drawings that Markdown shows, by lesson


def write_markdown(site: Path) -> None:
    """Write the Markdown of each page that is published."""
    for page in sorted(site.rglob("index.html")):
        html = page.read_text("utf-8")
        address = meta_of(html)["og:url"]
        article = read_article(html)
        if not article:
            raise ValueError(f"{page} has no article")
        page.with_name(FILE).write_text(f"{markdown(article, address, page, site)}\n", "utf-8")


def write_list(site: Path, name: str, description: str) -> None:
    """Write the list of all pages as Markdown, the lessons first."""
    heads = [meta_of(page.read_text("utf-8")) for page in sorted(site.rglob("index.html"))]
    parts = [f"# {name}", f"> {description}"]
    for title, are_lessons in (("Lessons", True), ("Other pages", False)):
        parts.append(f"## {title}")
        parts.append(
            "\n".join(
                f"- [{head['og:title']}]({head['og:url']}{FILE}): {head['og:description']}"
                for head in heads
                if (DATE in head) == are_lessons
            )
        )
    (site / LIST).write_text("\n\n".join(parts) + "\n", "utf-8")


def markdown(article: Tag, address: str, page: Path, site: Path) -> str:
    """Convert the article of a page, published at an address; publish what drawings it shows."""
    for figure in article.select("figure"):
        _describe(figure, page, site)
    for head in article.select(".snippet-header"):
        head.name = "p"
        for link in head.select("a"):
            link.decompose()
        for title in head.select(".snippet-title"):
            title.name = "strong"
    prepare(article, address)
    return to_markdown(article)


def _describe(figure: Tag, page: Path, site: Path) -> None:
    """Put a picture, or where a drawing has no file of its own its description, in its place."""
    texts = (figure.select_one("svg title"), figure.select_one("svg desc"))
    said = ". ".join(" ".join(text.get_text().split()).rstrip(".") for text in texts if text)
    drawing = str(figure["id"]).removeprefix("figure-")
    lesson = page.parent.name.replace("-", "_")
    source = FIGURES / f"{drawing if '/' in drawing else f'{lesson}/{drawing}'}.svg"
    soup = BeautifulSoup("", "html.parser")
    paragraph = soup.new_tag("p")
    if source.is_file():
        target = site / DRAWINGS / source.relative_to(FIGURES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        address = Path(os.path.relpath(target, page.parent)).as_posix()
        paragraph.append(soup.new_tag("img", attrs={"alt": said, "src": address}))
    else:
        paragraph.append(f"Drawing: {said}.")
    caption = figure.figcaption
    figure.clear()
    figure.name = "div"
    figure.append(paragraph)
    if caption:
        caption.name = "p"
        figure.append(caption)

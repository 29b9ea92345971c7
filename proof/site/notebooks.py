"""Notebooks' pages, brought to the site's own markup: mkdocs-jupyter leaves the notebook's.

That is 100 KB of styles and scripts, some of them from elsewhere, and every piece of text in
half a dozen boxes. What remains is what a lesson's page has: text, snippets, figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Comment, Tag

from proof.extensions.snippet_blocks import code_html, output_html

ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)
DESCRIPTION = re.compile(r'(<meta (?:name="|property="og:)description" content=")[^"]*')


def finish_notebooks(site: Path) -> None:
    """Rewrite the page of every notebook in the built site."""
    for notebook in sorted(site.rglob("*.ipynb")):
        page = notebook.with_name("index.html")
        page.write_text(slim(page.read_text("utf-8"), notebook.name), "utf-8")


def slim(page: str, notebook: str) -> str:
    """Rewrite a notebook's page: its article, and its description from the first paragraph."""
    found = ARTICLE.search(page)
    if not found:
        raise ValueError(f"the page of {notebook} has no article")
    article = BeautifulSoup(found[0], "html.parser")
    wrapper = article.select_one(".jupyter-wrapper")
    if not wrapper:
        raise ValueError(f"the page of {notebook} is not mkdocs-jupyter's")
    for tag in article(["script", "style"]):
        tag.decompose()
    for comment in article(string=lambda text: isinstance(text, Comment)):
        comment.extract()

    content = BeautifulSoup("\n".join(_cells(wrapper)), "html.parser")
    for link in content.select("a.anchor-link"):
        link.attrs = {**link.attrs, "class": "headerlink", "title": "Link to this section"}
        link.string = "#"
    for number, caption in enumerate(content.select("figcaption > p"), 1):
        label = content.new_tag("span", attrs={"class": "figure-number"})
        label.string = f"Figure {number}."
        caption.insert(0, label, " ")
    # HTML wants the caption to be the last thing in a figure.
    for caption in content.select("figcaption:has(+ details)"):
        caption.extend(caption.find_next_siblings("details"))
    title = content.h1
    paragraph = content.p
    if not title or not paragraph:
        raise ValueError(f"{notebook} does not begin with a title and a paragraph")
    description = escape(" ".join(paragraph.get_text().split()))
    download = content.new_tag("p", attrs={"class": "notebook-download"})
    link = content.new_tag("a", href=notebook, attrs={"download": ""})
    link.string = "Download this notebook"
    download.append(link)
    title.insert_after(download)

    wrapper.replace_with(content)
    page = page.replace(found[0], str(article))
    return DESCRIPTION.sub(lambda match: match[1] + description, page)


def _cells(wrapper: Tag) -> Iterator[str]:
    for cell in wrapper.select('[id^="cell-id="]'):
        name = str(cell["id"]).removeprefix("cell-id=")
        if "jp-MarkdownCell" in cell["class"]:
            yield from map(Tag.decode_contents, cell.select(".jp-RenderedMarkdown"))
            continue
        outputs = cell.select(".jp-OutputArea-output")
        printed = "".join(
            output.get_text().strip("\n") + "\n"
            for output in outputs
            if output["data-mime-type"] == "text/plain"
        )
        code = cell.select_one(".clipboard-copy-txt")
        if code or printed:
            yield f'<div class="snippet" id="{name}">'
            if code:
                yield code_html(code.get_text().strip("\n") + "\n", f"{name}-line")
            if printed:
                yield output_html(printed, name)
            yield "</div>"
        for output in outputs:
            if output["data-mime-type"] != "text/plain":
                yield output.decode_contents()

"""Lessons as notebooks, to download: made from the finished pages, so they say the same.

A snippet becomes a code cell with its documented output, all else Markdown. Snippets are whole
programs, which import and define what they use: in one kernel, they run in any order.
"""

from __future__ import annotations

import ast
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode
from nbformat import v4 as cells

from proof.extensions.math import LATEX
from proof.project import FIGURES
from proof.site.lessons import Lesson
from proof.site.markdown import prepare, read_article, to_markdown

# What a page says where the name of its notebook is to stand, and its size.
NAME, SIZE = "{notebook-name}", "{notebook-size}"

_LATEX = re.compile(rf' {LATEX}="[^"]*"')
_STAMP = re.compile(r' data-\w+="[^"]*"')
_HEADINGS = ("h1", "h2", "h3")
_WIDTH = 480  # of a drawing, in pixels, as on the page

_distributions = cache(packages_distributions)


def finish_lessons(site: Path, lessons: list[Lesson], before: Path | None = None) -> None:
    """Write each lesson's notebook beside its page; take what only that needs out of the pages.

    Where a site of `before` is given, its notebooks are those that the pages name.
    """
    for lesson in lessons:
        page = lesson.page.read_text("utf-8")
        file = lesson.page.with_name(f"{lesson.slug}.ipynb")
        if before:
            file = before / file.relative_to(site)
        else:
            nbformat.write(notebook(page, lesson), file)  # type: ignore[no-untyped-call]
        size = f"{round(file.stat().st_size / 1000)} KB"
        lesson.page.write_text(page.replace(NAME, file.name).replace(SIZE, size), "utf-8")
    for path in site.rglob("*.html"):
        page = path.read_text("utf-8")
        if LATEX in page:
            path.write_text(_LATEX.sub("", page), "utf-8")


def notebook(page: str, lesson: Lesson) -> NotebookNode:
    """Make a notebook of a lesson's page; ValueError where a snippet cannot become a cell."""
    article = read_article(page)
    if not article:
        raise ValueError(f"the page of {lesson.slug} has no article")
    drawings = FIGURES / lesson.slug.replace("-", "_")
    for figure in article.select("figure"):
        _embed(figure, drawings)
    head = article.select_one(".lesson-header") or article.h1 or article
    head.insert_after(BeautifulSoup(_about(article, lesson), "html.parser"))
    prepare(article, lesson.address)
    made: NotebookNode = cells.new_notebook(  # type: ignore[no-untyped-call]
        cells=_numbered(_cells(article)),
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "title": lesson.title,
        },
    )
    nbformat.validate(made)
    return made


def _cells(article: Tag) -> Iterator[NotebookNode]:
    """Give the cells in reading order; a heading begins a new one."""
    text = BeautifulSoup("", "html.parser")
    for child in list(article.children):
        if not isinstance(child, Tag):
            continue
        is_snippet = "snippet" in child.get_attribute_list("class")
        anchor = child.name == "a"  # of the heading after it
        if is_snippet or anchor or (child.name in _HEADINGS and not _ends_in_anchor(text)):
            yield from _text_cell(text)
            text = BeautifulSoup("", "html.parser")
        if is_snippet:
            yield _code_cell(child)
        elif child.select(".snippet"):
            raise ValueError(f"a snippet inside <{child.name}> cannot become a cell of a notebook")
        else:
            text.append(child)
    yield from _text_cell(text)


def _ends_in_anchor(text: Tag) -> bool:
    return bool(text.contents) and getattr(text.contents[-1], "name", "") == "a"


def _text_cell(text: BeautifulSoup) -> Iterator[NotebookNode]:
    if source := to_markdown(text):
        cell: NotebookNode = cells.new_markdown_cell(source)  # type: ignore[no-untyped-call]
        named = text.select_one("[id]")
        cell["id"] = str(named["id"]) if named else "text"
        yield cell


def _code_cell(snippet: Tag) -> NotebookNode:
    code, printed = snippet.select_one("pre code"), snippet.select_one("samp")
    if not code or not printed:
        raise ValueError(f"the snippet {snippet.get('id')} has no code or no output")
    output = cells.new_output("stream", name="stdout", text=printed.get_text())  # type: ignore[no-untyped-call]
    cell: NotebookNode = cells.new_code_cell(  # type: ignore[no-untyped-call]
        code.get_text().rstrip("\n"), outputs=[output]
    )
    cell["id"] = str(snippet["id"])
    return cell


def _numbered(found: Iterator[NotebookNode]) -> list[NotebookNode]:
    """Give each cell an id that is the same every time, and code cells their numbers."""
    numbered: list[NotebookNode] = []
    taken: dict[str, int] = {}
    programs = 0
    for cell in found:
        name = re.sub(r"[^\w-]", "-", cell["id"], flags=re.ASCII)[:56]
        taken[name] = taken.get(name, 0) + 1
        cell["id"] = name if taken[name] == 1 else f"{name}-{taken[name]}"
        if cell.cell_type == "code":
            programs += 1
            cell.execution_count = programs
        numbered.append(cell)
    return numbered


def _embed(figure: Tag, drawings: Path) -> None:
    """Put a figure's file, which carries its own colours and ground, in the place of the drawing.

    As the address of a picture: JupyterLab shows no SVG that is attached or written out.
    """
    name = str(figure["id"]).removeprefix("figure-")
    svg = _STAMP.sub("", (drawings / f"{name}.svg").read_text("utf-8"))
    title = figure.select_one("svg title")
    picture = BeautifulSoup("", "html.parser").new_tag("img", width=str(_WIDTH))
    picture["alt"] = title.get_text() if title else ""
    picture["src"] = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    caption = figure.figcaption
    figure.clear()
    figure.name = "div"
    figure.append(picture)
    if caption:
        caption.name = "div"
        figure.append(caption)


def _about(article: Tag, lesson: Lesson) -> str:
    """Say what the notebook is, how its cells hang together and what they need."""
    code = (program.get_text() for program in article.select(".snippet pre code"))
    packages = " ".join(_packages("\n".join(code)))
    return (
        f'<blockquote><p>This notebook is the lesson <a href="{lesson.address}">'
        f"{escape(lesson.title)}</a>, with its programs to run and to change. Every code cell is "
        "a whole program: it imports and defines all that it uses, so the cells run in any order. "
        "Two programs may use one name for different things; then it means what the cell that ran "
        f"last says.</p><p>The programs need <code>{packages}</code>. Where these are missing, run "
        f"<code>%pip install {packages}</code> first.</p></blockquote>"
    )


def _packages(code: str) -> list[str]:
    """Name the packages to install for what some code imports."""
    nodes = list(ast.walk(ast.parse(code)))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    roots = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names
    distributions = _distributions()
    return sorted({distributions.get(root, [root])[0] for root in roots})

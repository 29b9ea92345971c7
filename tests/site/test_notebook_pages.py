"""The labs' pages: the site's own markup, small, with the notebook to download."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from proof.notebooks.execution import notebook_paths
from proof.site.notebooks import slim

EVERY_LAB = pytest.mark.parametrize("lab", [path.stem for path in notebook_paths()])
ARTICLE = re.compile(r"<article.*</article>", re.DOTALL)
PICTURE = re.compile(r"<svg.*?</svg>", re.DOTALL)
MOST = 40_000  # bytes, compressed, without pictures


@pytest.fixture
def page(built_site: Path, lab: str) -> str:
    return (built_site / "labs" / lab / "index.html").read_text("utf-8")


@EVERY_LAB
def test_is_small_and_has_no_style_or_script_of_the_notebooks(page: str) -> None:
    assert len(gzip.compress(PICTURE.sub("", page).encode())) < MOST
    article = ARTICLE.findall(page)[0]
    assert not re.search(r"<(script|style)|clipboard-copy|\bjp-", article)


@EVERY_LAB
def test_shows_what_the_notebook_printed_as_a_lesson_does(page: str, lab: str) -> None:
    [source] = (path for path in notebook_paths() if path.stem == lab)
    printed = re.split(r"^%% .*\n", source.with_suffix(".out").read_text("utf-8"), flags=re.M)[1:]
    assert page.count('<p class="snippet-label"') == len(printed)
    assert page.count('<div class="highlight language-python">') >= len(printed)


@EVERY_LAB
def test_every_picture_has_a_number_and_a_description(page: str) -> None:
    figures = re.findall(r'<figure class="figure".*?</figure>', page, re.DOTALL)
    assert figures
    for number, figure in enumerate(figures, 1):
        assert f'<span class="figure-number">Figure {number}.</span>' in figure
        assert re.search(r'<svg [^>]*role="img"', figure)
        assert len(re.findall(r'-description"><p>(.*?)</p>', figure)[0]) > 60


@EVERY_LAB
def test_the_notebook_is_there_to_download(page: str, lab: str, built_site: Path) -> None:
    assert f'<a download="" href="{lab}.ipynb">Download this notebook</a>' in page
    notebook = json.loads((built_site / "labs" / lab / f"{lab}.ipynb").read_text("utf-8"))
    assert any(cell.get("outputs") for cell in notebook["cells"])


@EVERY_LAB
def test_its_description_is_its_first_paragraph(page: str) -> None:
    [description] = re.findall(r'<meta name="description" content="([^"]*)"', page)
    first = re.findall(r"<p>(.*?)</p>", ARTICLE.findall(page)[0], re.DOTALL)[0]
    assert description.split() == re.sub(r"<[^>]*>", "", first).replace("'", "&#x27;").split()


def test_a_page_that_is_not_a_notebooks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the page of x\.ipynb has no article"):
        slim("<p>", "x.ipynb")
    with pytest.raises(ValueError, match=r"the page of x\.ipynb is not mkdocs-jupyter's"):
        slim("<article></article>", "x.ipynb")
    wrapper = '<div class="jupyter-wrapper"></div>'
    with pytest.raises(ValueError, match=r"x\.ipynb does not begin with a title and a paragraph"):
        slim(f"<article>{wrapper}</article>", "x.ipynb")

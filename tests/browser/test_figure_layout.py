"""The drawings of figures/ as a browser lays them out and colours them."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from proof.notebooks.execution import executed, notebook_paths
from tests.browser.visits import ROOT, OpenPage

DRAWINGS = sorted((ROOT / "figures").glob("*/*.svg"))
PHONE = 288  # pixels that a window of 320 leaves a figure
SMALLEST = 9.5  # pixels of type on a phone
SCHEMES = {"light": "default", "dark": "slate"}  # the system's and the theme's names

drawings = pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)


class Text(NamedTuple):
    """A text and the rectangle that it fills, in the drawing's units."""

    words: str
    left: float
    top: float
    right: float
    bottom: float


def on_page(svg: str, scheme: str = "default", font: str = "sans-serif") -> str:
    """Give a page that shows a drawing as the site does: without the styles of its own."""
    start, end = svg.index("<style>"), svg.index("</style>")
    css = (ROOT / "docs/assets/figures.css").read_text("utf-8")
    return (
        f'<!doctype html><html lang="en"><style>{css} body {{ font-family: "{font}" }}</style>'
        f'<body data-md-color-scheme="{scheme}">{svg[:start]}{svg[end:]}'
    )


# One as wide as most, and one wider than most.
fonts = pytest.mark.parametrize("font", ["Liberation Sans", "DejaVu Sans"])


@drawings
@fonts
def test_all_text_fits_and_none_meets_another(browser: Browser, path, font: str) -> None:
    assert_text_fits(browser, path.read_text("utf-8"), font)


@pytest.mark.parametrize("lab", notebook_paths(), ids=lambda path: path.stem)
@fonts
def test_so_it_does_in_the_labs_drawings(browser: Browser, lab, font: str) -> None:
    outputs = [output for cell in executed(lab).cells for output in cell.get("outputs", [])]
    pages = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
    found = re.findall(r"<svg .*?</svg>", pages, re.DOTALL)
    assert found
    for svg in found:
        assert_text_fits(browser, svg, font)


def assert_text_fits(browser: Browser, svg: str, font: str) -> None:
    page = browser.new_page()
    page.set_content(on_page(svg, font=font))
    width, height = page.eval_on_selector(
        "svg", "svg => [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height]"
    )
    found = page.eval_on_selector_all(
        "svg text",
        """texts => texts.map(text => {
            const { x, y, width, height } = text.getBBox();
            return [text.textContent, x, y, x + width, y + height];
        })""",
    )
    page.close()
    texts = [Text(*entry) for entry in found]
    assert texts
    for text in texts:
        assert text.left >= 0, text
        assert text.top >= 0, text
        assert text.right <= width, text
        assert text.bottom <= height, text
    for one, other in combinations(texts, 2):
        beside = one.right + 1 < other.left or other.right + 1 < one.left
        assert beside or one.bottom <= other.top + 1 or other.bottom <= one.top + 1, (one, other)


@drawings
def test_type_is_large_enough_on_a_phone(browser: Browser, path) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 640})
    page.set_content(on_page(path.read_text("utf-8")) + "<style>body { margin: 0 }")
    scale = page.eval_on_selector("svg", "svg => svg.getScreenCTM().a")
    sizes = page.eval_on_selector_all(
        "svg text", "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize))"
    )
    page.close()
    assert min(sizes) * scale >= SMALLEST


@drawings
@pytest.mark.parametrize("scheme", SCHEMES)
def test_alone_and_on_a_page_the_colours_are_the_same(browser: Browser, path, scheme: str) -> None:
    colours = """() => [...document.querySelectorAll("path, text")].map(element => {
        const { fill, stroke, fontSize, fontWeight, textAnchor } = getComputedStyle(element);
        return [fill, stroke, fontSize, fontWeight, textAnchor];
    })"""
    page = browser.new_page(color_scheme=scheme)
    page.goto(path.as_uri())
    alone = page.evaluate(colours)
    page.goto("about:blank")
    page.set_content(on_page(path.read_text("utf-8"), SCHEMES[scheme]))
    shown = page.evaluate(colours)
    page.close()
    assert alone == shown
    assert not [fill for fill, stroke, *_ in shown if fill == stroke == "none"]


def test_dark_pages_are_printed_light(browser: Browser) -> None:
    svg = DRAWINGS[0].read_text("utf-8")
    fill = "() => getComputedStyle(document.querySelector('text')).fill"
    page = browser.new_page()
    page.set_content(on_page(svg, "default"))
    light = page.evaluate(fill)
    page.set_content(on_page(svg, "slate"))
    assert page.evaluate(fill) != light
    page.emulate_media(media="print")
    assert page.evaluate(fill) == light
    page.close()


@pytest.mark.parametrize(("window", "least"), [(320, PHONE), (1280, 400)])
def test_a_page_gives_its_drawings_room(open_page: OpenPage, window: int, least: int) -> None:
    lesson = open_page("cnns-from-scratch/", width=window).page
    widths = lesson.eval_on_selector_all(
        "svg.drawing", "drawings => drawings.map(drawing => drawing.getBoundingClientRect().width)"
    )
    assert len(widths) == len(DRAWINGS)
    assert min(widths) >= least

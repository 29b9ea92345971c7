"""What holds for every figure that comes alive: its room, its drawing, and what loads when."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from proof.interactive import InteractiveFigure, read_interactive
from tests.browser.visits import HEIGHTS, ROOT, OpenPage

LESSON = "cnns-from-scratch/"
FIGURES = read_interactive(ROOT / "docs" / LESSON / "interactive-figures.yml").figures
ASLEEP = "window.IntersectionObserver = class { observe() {} unobserve() {} disconnect() {} };"
KERNEL = "slide-the-kernel"


def wake(page: Page) -> None:
    """Scroll to each figure in turn, until all are alive."""
    for one in FIGURES:
        element = page.locator(one.element.text)
        element.scroll_into_view_if_needed()
        expect(element).to_have_class("interactive alive")


def heights(page: Page, selector: str) -> dict[tuple[str, int], float]:
    """Give the heights of the figures' elements, or of what is in them, at each width."""
    found = {}
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        for one in FIGURES:
            found[one.element.text, width] = page.eval_on_selector(
                f"{one.element.text}{selector}", "e => e.getBoundingClientRect().height"
            )
    return found


def test_a_figure_that_comes_alive_moves_nothing(open_page: OpenPage) -> None:
    before = heights(open_page(LESSON, before=ASLEEP).page, "")
    page = open_page(LESSON).page
    wake(page)
    assert heights(page, "") == before
    # And the room is one that the figure fills: not more than a few lines are left over.
    for place, height in heights(page, " > .figure-alive").items():
        assert before[place] - 120 <= height <= before[place], place


@pytest.mark.parametrize("one", FIGURES, ids=lambda one: one.element.text)
def test_the_drawing_is_what_is_printed_and_what_stands_without_scripts(
    one: InteractiveFigure, open_page: OpenPage
) -> None:
    page = open_page(LESSON).page
    element = page.locator(one.element.text)
    element.scroll_into_view_if_needed()
    expect(element).to_have_class("interactive alive")
    expect(element.locator("> svg")).to_be_hidden()
    page.emulate_media(media="print")
    expect(element.locator("> svg")).to_be_visible()
    expect(element.locator("> .figure-alive")).to_be_hidden()
    unscripted = open_page(LESSON, scripts=False).page
    for sheet in (page, unscripted):
        drawn = sheet.locator(f"{one.element.text} > svg").bounding_box()
        kept = sheet.locator(one.element.text).bounding_box()
        assert drawn
        assert kept
        assert kept["height"] == pytest.approx(drawn["height"], abs=1)


def test_nothing_is_loaded_until_a_reader_comes_near(open_page: OpenPage) -> None:
    visit = open_page(LESSON, width=320, until="networkidle")
    ours = [url.rpartition("/")[2] for url in visit.requests if "interactive" in url]
    assert ours == ["loader.js"]


@pytest.mark.parametrize(
    "missing", ["slide-the-kernel.js", "element.js", "interactive.css", "interactive-figures.json"]
)
def test_what_cannot_be_loaded_leaves_the_drawing_until_it_can(
    missing: str, open_page: OpenPage
) -> None:
    visit = open_page(LESSON, width=320)
    page, element = visit.page, visit.page.locator(KERNEL)
    page.route(f"**/{missing}", lambda route: route.abort())
    element.scroll_into_view_if_needed()
    expect(element).to_have_class("interactive still")
    drawn, kept = element.locator("svg").bounding_box(), element.bounding_box()
    assert drawn
    assert kept
    assert kept["height"] == pytest.approx(drawn["height"], abs=1)
    # The browser tells what it could not fetch; nobody else says a word.
    assert [text for text in visit.messages if "net::ERR_FAILED" not in text] == []
    page.unroute(f"**/{missing}")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(element).to_have_class("interactive alive")

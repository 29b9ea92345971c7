"""What a page costs as it opens: it is styled once, and in its own colours."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.test_schemes import SURFACE, surface
from tests.browser.visits import OpenPage

LESSON = "cnns-from-scratch/"
# Each element that is shown once, and once more what scripts add or show. One rule that has all
# of them styled anew when something gets a class, as the theme's has, makes it seven times.
MOST = 1.5


@pytest.mark.parametrize("address", ["", LESSON, "labs/learn_the_kernel/"])
def test_no_element_is_styled_time_and_again(
    browser: Browser, served_site: str, address: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.goto(f"{served_site}{address}", wait_until="networkidle")
    trace = json.loads(browser.stop_tracing())
    elements = page.evaluate("document.querySelectorAll('body *').length")
    page.close()
    styled = sum(
        event["args"]["elementCount"]
        for event in trace["traceEvents"]
        if event["name"] == "UpdateLayoutTree" and "elementCount" in event.get("args", {})
    )
    assert 0 < styled < MOST * elements


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_colours_do_not_wait_for_the_themes_script(open_page: OpenPage, scheme: str) -> None:
    page = open_page(scheme=scheme).page
    page.route("**/theme*.js", lambda route: route.abort())
    page.reload()
    assert surface(page) == SURFACE[scheme]
    assert page.locator("[data-md-component=palette] label:visible").count() == 1
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == scheme


def test_the_browsers_frame_has_the_colour_that_was_chosen(open_page: OpenPage) -> None:
    page = open_page(scheme="light").page
    frame = "[...document.querySelectorAll('meta[name=theme-color]')].map(e => e.outerHTML)"
    assert len(page.evaluate(frame)) == 2
    for _ in range(2):  # light, then dark
        page.locator("[data-md-component=palette] label:visible").click()
    assert surface(page) == SURFACE["dark"]
    page.reload()
    [colour] = page.evaluate(frame)
    assert "media" not in colour
    shown = page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor")
    red, green, blue = (int(part) for part in shown[4:-1].split(", "))
    assert f"#{red:02x}{green:02x}{blue:02x}" in colour.lower()


def test_what_has_a_title_shows_it_to_pointer_and_keyboard(open_page: OpenPage) -> None:
    page = open_page(LESSON, until="networkidle").page
    shown = page.locator(".md-tooltip2[role=tooltip]")
    link = page.locator("h2 .headerlink").first
    link.hover()
    assert shown.inner_text() == "Link to this section"
    page.mouse.move(0, 0)
    shown.wait_for(state="detached")
    link.focus()
    assert shown.inner_text() == "Link to this section"

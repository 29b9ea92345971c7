"""Light and dark: who chooses, how long it lasts, and whether both can be read."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.visits import OpenPage

SURFACE = {"light": "rgb(255, 255, 255)", "dark": "rgb(30, 33, 41)"}
TEXT = 4.5  # WCAG 2.2, 1.4.3
READ = [
    ("--figure-ink", "--figure-surface"),
    ("--figure-ink", "--raised"),
    ("--figure-muted", "--figure-surface"),
    ("--figure-muted", "--raised"),
    ("--figure-window", "--figure-surface"),
    ("--figure-window", "--raised"),
    ("--figure-surface", "--figure-window"),  # the landing's action
    ("--computed", "--figure-surface"),
    ("--computed", "--raised"),
    ("--figure-negative", "--raised"),  # keywords
]


def surface(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_follows_the_system(scheme: str, open_page: OpenPage) -> None:
    assert surface(open_page(scheme=scheme).page) == SURFACE[scheme]


def test_the_keyboard_changes_the_scheme_and_it_lasts(open_page: OpenPage) -> None:
    page = open_page(scheme="dark").page
    page.locator("[data-md-component=palette] input").first.focus()
    page.keyboard.press("ArrowRight")
    assert surface(page) == SURFACE["light"]
    page.get_by_role("link", name="Curriculum").click()
    page.wait_for_url("**/curriculum/")
    assert surface(page) == SURFACE["light"]
    page.locator(".site-nav a").last.focus()
    page.keyboard.press("Tab")
    switch = page.locator("[data-md-component=palette] label:visible")
    assert switch.get_attribute("title") == "Light colours"
    assert switch.evaluate("label => getComputedStyle(label).outlineStyle") == "solid"


def test_without_scripts_no_dead_switch_is_shown(open_page: OpenPage) -> None:
    page = open_page(scripts=False).page
    assert page.locator("[data-md-component=palette] label:visible").count() == 0
    assert page.locator(".md-search:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(scheme: str, open_page: OpenPage) -> None:
    page = open_page(scheme=scheme).page
    weak = {
        pair: ratio
        for pair in READ
        if (ratio := contrast(*(_colour(page, token) for token in pair))) < TEXT
    }
    assert weak == {}


def _colour(page: Page, token: str) -> list[float]:
    """Red, green and blue of a token, each from 0 to 1."""
    painted = page.evaluate(
        """token => {
            const probe = document.body.appendChild(document.createElement("i"));
            probe.style.color = `color-mix(in srgb, var(${token}), var(${token}))`;
            return getComputedStyle(probe).color;
        }""",
        token,
    )
    assert painted.startswith("color(srgb"), f"{token} is no colour"
    return [float(part) for part in re.findall(r"[\d.]+", painted)][:3]


def contrast(one: list[float], other: list[float]) -> float:
    """Contrast of two colours, from 1 to 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

"""An interactive figure in the browser: what it shows, and what its programs compute."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_every_page import AXE_OPTIONS

LESSON = "cnns-from-scratch/"
Alive = Callable[..., Page]
# Whatever was done before is drawn then.
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def link(tag: str, state: Any) -> str:
    """Give the address of the lesson with a figure in a state; a text goes in as it is."""
    text = state if isinstance(state, str) else json.dumps(state)
    return f"{LESSON}?{tag}={quote(text)}"


def wake(page: Page, tag: str) -> Locator:
    """Scroll to a figure, and wait until it is alive."""
    figure = page.locator(tag)
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_class("interactive alive")
    return figure


def follow(page: Page, tag: str, state: Any) -> None:
    """Come back to a state of a figure, as a reader does by Back and Forward."""
    page.evaluate(
        f"address => {{ history.pushState(null, '', address); dispatchEvent(new Event("
        f"'popstate')); return {FRAMES}; }}",
        f"/{link(tag, state)}",
    )


def program(figure: Locator, name: str) -> str:
    """Give one of the programs that compute what a figure shows."""
    code = figure.locator("details.figure-code")
    if code.get_attribute("open") is None:
        code.locator("summary").click()
    block = code.locator(f".figure-program:has(p:text-is('{name}')) + pre")
    expect(block).not_to_be_empty()
    return block.inner_text()


def settle(figure: Locator) -> None:
    """Wait until a figure's words, its programs and the address tell what is on show."""
    # The frame that draws ends what was still to be told of an earlier one.
    figure.evaluate(
        """figure => {
            figure.show();
            const empty = () => figure.querySelector(".figure-words").replaceChildren();
            return new Promise(done => requestAnimationFrame(() => done(empty())));
        }"""
    )
    expect(figure.locator(".figure-words")).not_to_be_empty()


def show_all(figure: Locator) -> None:
    """Make the window so tall that the header covers no part of a figure, which axe would count."""
    page = figure.page
    assert page.viewport_size
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 6000})
    figure.evaluate("it => it.scrollIntoView({ block: 'center', behavior: 'instant' })")


class Figure:
    """A figure that has come alive."""

    def __init__(self, page: Page, tag: str) -> None:
        """Scroll to the figure, and wait until it is alive."""
        self.page, self.tag, self.element = page, tag, wake(page, tag)
        self.words = self.element.locator(".figure-words")
        self.note = self.element.locator(".figure-note")

    def go(self, state: Any) -> None:
        """Come back to a state, as a reader does by Back and Forward."""
        follow(self.page, self.tag, state)

    def settle(self) -> None:
        """Wait until the words, the programs and the address tell what is on show."""
        settle(self.element)

    def change(self, state: Any) -> None:
        """Come to a state, as a reader does by Back and Forward; wait until all tells it."""
        self.go(state)
        self.settle()

    def cell(self, label: str, row: int, column: int) -> Locator:
        """Give a matrix's cell, its rows and columns counted from one."""
        start = f"{label}, row {row}, column {column}"
        return self.element.locator(
            f':is([aria-label="{start}"], [aria-label^="{start}:"], [aria-label^="{start}, "])'
        )

    def rows(self, label: str) -> np.ndarray:
        """Give the numbers that stand in a matrix, once all that was done is drawn."""
        self.page.evaluate(FRAMES)
        texts, columns = self.element.locator(f'.matrix[aria-label="{label}"]').evaluate(
            "matrix => [[...matrix.children].map(cell => cell.value || cell.textContent),"
            " Number(matrix.style.getPropertyValue('--columns'))]"
        )
        return np.array([float(text.replace("−", "-")) for text in texts]).reshape(-1, columns)

    def programs(self) -> dict[str, dict[str, Any]]:
        """Run the programs on show; give the names that each leaves."""
        code = self.element.locator(".figure-code")
        if not code.evaluate("code => code.open"):
            code.locator("summary").click()
        left = {}
        for name, program in zip(
            ("NumPy", "PyTorch"), code.locator("pre code").all_inner_texts(), strict=True
        ):
            left[name] = {}
            with contextlib.redirect_stdout(io.StringIO()):
                exec(program, left[name])
        return left

    def faults(self) -> list[tuple[str, str]]:
        """Give what axe finds wrong with the figure."""
        show_all(self.element)
        found = Axe().run(self.page, [self.tag], AXE_OPTIONS).response["violations"]
        return [(fault["id"], node["html"][:200]) for fault in found for node in fault["nodes"]]

"""The border: how many windows see the lit pixel, by pointer, touch and keyboard, against torch."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, expect
from torch.nn import functional

from tests.browser.figures import LESSON, Figure, link
from tests.browser.visits import OpenPage

TAG = "border-evidence"
COUNTS = ["Valid: windows that see the pixel", "Padded: windows that see the pixel"]
RESPONSES = ["Valid: responses", "Padded: responses"]
LINE = [[-0.6] * 3, [1.1] * 3, [-0.6] * 3]  # the lesson's
STATES: dict[str, Any] = {
    "the lesson's": {},
    "a line detector": {"kernel": LINE, "lit": [0, 2]},
    "all alike": {"size": 6, "kernel": [[1] * 5] * 5, "padding": 4, "lit": [5, 5]},
    "large steps": {"size": 7, "kernel": [[0.5, -0.2], [2, 1]], "stride": 3, "lit": [3, 3]},
    "one weight": {"size": 3, "kernel": [[-2]], "stride": 4, "padding": 0, "lit": [0, 1]},
}
HOSTILE = [
    "{",
    "7",
    '{"size": 10}',
    '{"size": 4.5}',
    '{"size": 3, "kernel": [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]}',
    '{"kernel": []}',
    '{"kernel": [[1, 2]]}',
    '{"kernel": [["</script>"]]}',
    '{"kernel": [[1e9]]}',
    '{"stride": -1}',
    '{"padding": 5}',
    '{"padding": null, "stride": false}',
    '{"lit": [5, 0]}',
    '{"lit": [0, 0, 0]}',
    '{"lit": [0.5, 1]}',
    '{"lit": "0,0"}',
]


def torchs(state: dict[str, Any], padding: int) -> tuple[np.ndarray, np.ndarray]:
    """Compute with torch how many windows see each pixel, and all responses to the lit one."""
    size, stride = state["size"], state["stride"]
    kernel = torch.tensor(state["kernel"], dtype=torch.float64)[None, None]
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    seen = functional.conv2d(image, torch.ones_like(kernel), None, stride, padding)
    (counts,) = torch.autograd.grad(seen.sum(), image)
    lit = image.detach().clone()
    lit[0, 0, state["lit"][0], state["lit"][1]] = 1
    responses = functional.conv2d(lit, kernel, None, stride, padding)
    return counts[0, 0].numpy(), responses[0, 0].numpy()


def table(figure: Figure) -> list[list[float]]:
    """Give how many windows see the pixel, the sum and the largest response; valid and padded."""
    texts = figure.element.locator(".evidence-table tbody td").all_inner_texts()
    numbers = [float(text.replace("−", "-")) for text in texts]
    return [numbers[0:2], numbers[2:4], numbers[4:6]]


def random_state(draw: random.Random) -> dict[str, Any]:
    side = draw.randint(1, 5)
    size = draw.randint(max(3, side), 9)
    weights = [[draw.randint(-90, 90) / 10 for _ in range(side)] for _ in range(side)]
    return {
        "size": size,
        "kernel": weights,
        "stride": draw.randint(1, 4),
        "padding": draw.randint(0, 4),
        "lit": [draw.randrange(size), draw.randrange(size)],
    }


def test_it_starts_with_the_lessons_image_and_shows_what_torch_computes(
    open_page: OpenPage,
) -> None:
    visit = open_page(LESSON)
    figure = Figure(visit.page, TAG)
    assert figure.rows(COUNTS[0])[0].tolist() == [1, 2, 3, 2, 1]
    assert figure.rows(COUNTS[1])[1].tolist() == [6, 9, 9, 9, 6]
    assert table(figure) == [[1, 4], [1, 4], [1, 1]]
    assert "Without padding 1 of 9 windows sees it" in figure.words.inner_text()
    draw = random.Random(2026)
    for _ in range(25):
        state = random_state(draw)
        figure.go(state)
        shown = table(figure)
        for side, padding in enumerate((0, state["padding"])):
            counts, responses = torchs(state, padding)
            assert figure.rows(COUNTS[side]).tolist() == counts.tolist(), state
            np.testing.assert_allclose(figure.rows(RESPONSES[side]), responses, atol=1e-9)
            evidence = [counts[tuple(state["lit"])], responses.sum(), responses.max()]
            np.testing.assert_allclose([row[side] for row in shown], evidence, atol=1e-9)
    assert visit.messages == []


def test_its_programs_compute_what_it_shows_and_axe_finds_nothing(
    open_page: OpenPage,
) -> None:
    figure = Figure(open_page(LESSON).page, TAG)
    for name, state in STATES.items():
        figure.change(state)
        for left in figure.programs().values():
            for side, padding in enumerate((0, left["padding"])):
                counts, responses = (np.asarray(part) for part in left["evidence"](padding))
                assert figure.rows(COUNTS[side]).tolist() == counts.tolist(), name
                np.testing.assert_allclose(figure.rows(RESPONSES[side]), responses, atol=1e-9)
        assert figure.faults() == [], name
    figure.page.emulate_media(color_scheme="dark")
    expect(figure.page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    figure.change(STATES["a line detector"])
    assert figure.faults() == []


def test_by_pointer(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    figure = Figure(page, TAG)

    def middle(side: int, row: int, column: int) -> tuple[float, float]:
        box = figure.cell(COUNTS[side], row, column).bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    # The lit pixel is dragged in one image, and is lit in both.
    page.mouse.move(*middle(0, 1, 1))
    page.mouse.down()
    page.mouse.move(*middle(0, 2, 2), steps=3)
    page.mouse.move(*middle(0, 3, 3), steps=3)
    page.mouse.up()
    figure.settle()
    assert figure.element.locator(".lit").all_inner_texts() == ["9", "9"]
    page.mouse.move(*middle(0, 5, 5))  # no longer dragged
    figure.cell(COUNTS[1], 1, 3).click()
    figure.settle()
    assert table(figure)[0] == [3, 6]
    assert figure.element.locator(".sees").count() == 3 + 6

    figure.element.get_by_role("button", name="line detector").click()
    figure.settle()
    assert figure.rows("Kernel").tolist() == LINE
    assert table(figure) == [[3, 6], [-1.8, 1.5], [0, 1.1]]
    assert figure.element.locator("[data-negative]").count() > 0
    figure.cell("Kernel", 1, 1).fill("−0.5")
    figure.cell("Kernel", 1, 1).press("Enter")
    figure.settle()
    assert table(figure)[1] == [-1.7, 1.6]

    # A response shows its window.
    figure.cell(RESPONSES[1], 5, 5).hover()
    page.evaluate("new Promise(requestAnimationFrame)")
    frame = figure.element.locator(".window-frame").nth(1).bounding_box()
    first = figure.cell(COUNTS[1], 4, 4).bounding_box()
    assert frame
    assert first
    assert [frame["x"], frame["y"]] == pytest.approx([first["x"] - 3, first["y"] - 3], abs=1)

    address = page.url
    again = Figure(open_page(address[address.index(LESSON) :]).page, TAG)
    assert table(again) == table(figure)
    assert again.words.inner_text() == figure.words.inner_text()
    again.element.get_by_role("button", name="Reset").click()
    again.settle()
    assert table(again) == [[1, 4], [1, 4], [1, 1]]
    assert TAG not in again.page.url


def test_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    figure = Figure(page, TAG)
    figure.element.locator("input").first.focus()

    def tab_to(label: str) -> None:
        for _ in range(20):
            if page.evaluate("document.activeElement.ariaLabel ?? ''").startswith(label):
                return
            page.keyboard.press("Tab")
        raise AssertionError(label)

    tab_to("Padding")
    page.keyboard.press("ArrowUp")  # as wide as a kernel of three can see
    figure.settle()
    assert (figure.rows(COUNTS[1]) == 9).all()
    assert "every pixel is seen by 9" in figure.words.inner_text()
    tab_to(COUNTS[0])
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    figure.settle()
    assert table(figure)[0] == [6, 9]
    label = page.evaluate("document.activeElement.ariaLabel")
    assert label == f"{COUNTS[0]}, row 3, column 2, lit: 6"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab_to(COUNTS[1])
    assert page.evaluate("document.activeElement.ariaLabel").endswith("row 3, column 2, lit: 9")
    tab_to("Kernel, row")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    figure.settle()
    assert figure.rows("Kernel")[0, 0] == 2.5


def test_an_image_and_its_kernel_keep_to_sizes_that_fit(open_page: OpenPage) -> None:
    figure = Figure(open_page(link(TAG, {"size": 3, "lit": [2, 2]})).page, TAG)
    kernel = figure.element.get_by_role("spinbutton", name="Kernel’s side")
    kernel.fill("5")
    kernel.press("Enter")
    figure.settle()
    expect(figure.note).to_contain_text("larger than the image fits nowhere")
    assert figure.rows(COUNTS[0]).shape == (5, 5)
    assert (figure.rows("Kernel") == np.ones((5, 5))).all()
    image = figure.element.get_by_role("spinbutton", name="Image’s side")
    image.fill("2")  # three is the least
    image.press("Enter")
    figure.settle()
    assert figure.rows(COUNTS[0]).shape == figure.rows("Kernel").shape == (3, 3)
    figure.element.get_by_role("button", name="line detector").click()
    kernel.fill("5")
    kernel.press("Enter")
    figure.settle()
    assert figure.rows("Kernel")[:, 2].tolist() == [0, -0.6, 1.1, -0.6, 0]


def test_links_that_hold_no_state_are_refused_with_a_reason(open_page: OpenPage) -> None:
    visit = open_page(link(TAG, HOSTILE[0]))
    figure = Figure(visit.page, TAG)
    for text in HOSTILE:
        figure.go({"size": 6})
        assert figure.rows(COUNTS[0]).shape == (6, 6)
        figure.go(text)
        expect(figure.note).to_contain_text("The link's values could not be used")
        assert figure.rows(COUNTS[0]).shape == (5, 5), text
        assert table(figure) == [[1, 4], [1, 4], [1, 1]], text
    assert visit.messages == []


def test_by_touch_on_a_small_phone(browser: Browser, served_site: str) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640},
        has_touch=True,
        is_mobile=True,
        color_scheme="dark",
        reduced_motion="reduce",
        service_workers="block",
    )
    page = context.new_page()
    page.goto(served_site + LESSON)
    figure = Figure(page, TAG)
    figure.cell(COUNTS[1], 3, 2).tap()
    figure.settle()
    assert table(figure)[0] == [6, 9]
    figure.cell(COUNTS[1], 3, 2).evaluate("cell => cell.scrollIntoView({ block: 'center' })")

    # A finger drags the lit pixel; from elsewhere it would scroll the page.
    fingers = context.new_cdp_session(page)
    touched = []
    for row, column in ((3, 2), (4, 2), (5, 1)):
        box = figure.cell(COUNTS[1], row, column).bounding_box()
        assert box
        touched.append({"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2})
    before = page.evaluate("scrollY")
    for kind, points in (
        ("touchStart", touched[:1]),
        ("touchMove", touched[1:2]),
        ("touchMove", touched[2:]),
        ("touchEnd", []),
    ):
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    figure.settle()
    assert table(figure)[0] == [1, 4]
    assert page.evaluate("scrollY") == before
    figure.cell(COUNTS[1], 5, 1).and_(page.locator(".lit")).wait_for()

    for state in ({"kernel": [[-8.5] * 3] * 3}, {"size": 9, "padding": 4}):
        figure.go(state)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        cut = figure.element.locator(".surrounded").evaluate_all(
            "parts => parts.some(part => part.scrollWidth > part.clientWidth + 4)"
        )
        cut |= figure.element.locator(".matrix-cell").evaluate_all(
            "cells => cells.some(cell => cell.scrollWidth > cell.clientWidth)"
        )
        assert not cut
        assert figure.faults() == []
    context.close()

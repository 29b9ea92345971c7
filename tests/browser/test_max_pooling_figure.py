"""Max pooling, there and back: the figure against torch, by pointer, touch and keyboard."""

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

TAG = "max-pooling"
LESSONS = [
    [0.10, 0.42, 0.18, 0.30],
    [0.25, 0.91, 0.44, 0.12],
    [0.08, 0.21, 0.77, 0.55],
    [0.16, 0.14, 0.32, 0.49],
]
NEGATIVE = [[-1, -2], [-9, -1]]
SHOWN = {
    "largest": "Largest value of the window",
    "mean": "Mean of the window",
    "to_winners": "Gradient after max pooling",
    "to_all": "Gradient after average pooling",
}
STATES: dict[str, Any] = {
    "the lesson's": {},
    "padded": {"padding": 1, "stride": 1, "at": [4, 4]},
    "ties": {"map": [[0.5, 0.5], [0.5, 0.1]], "gradient": [[-2]]},
    "shared ties": {"map": [[0.5, 0.5], [0.5, 0.1]], "ties": "shared", "gradient": [[-0.75]]},
    "negative": {"map": NEGATIVE, "window": 3, "stride": 1, "padding": 1},
    "negative ties": {"map": NEGATIVE, "window": 3, "padding": 1, "ties": "shared"},
}
HOSTILE = [
    "{",
    "null",
    "[]",
    '"map"',
    '{"map": 3}',
    '{"map": [[1, 2], [3]]}',
    '{"map": [[1, 2, 3], [4, 5, 6]]}',
    '{"map": [[1, 1e400], [0, 0]]}',
    '{"map": [["<img src=x onerror=alert(1)>", 0], [0, 0]]}',
    '{"map": [[1]]}',
    '{"window": 4}',
    '{"window": 2.5}',
    '{"stride": 0}',
    '{"padding": "1"}',
    '{"ties": "last"}',
    '{"gradient": [[1]]}',
    '{"at": [2, 0]}',
    '{"at": [0.5, 0]}',
    '{"map": [[1, 2], [3, 4]], "window": 3}',
    '{"__proto__": {"window": 3}, "stride": -1}',
    f'{{"map": [[{"1" * 7000}]]}}',
]


def torchs(state: dict[str, Any]) -> dict[str, np.ndarray]:
    """Compute with torch what a state shows."""
    feature_map = torch.tensor(state["map"], dtype=torch.float64, requires_grad=True)
    gradient = torch.tensor(state["gradient"], dtype=torch.float64)
    size, stride, padding = state["window"], state["stride"], state["padding"]
    if state["ties"] == "first":
        largest = functional.max_pool2d(feature_map[None], size, stride, padding)[0]
    else:
        rim = functional.pad(feature_map, 4 * [padding], value=-torch.inf)
        largest = rim.unfold(0, size, stride).unfold(1, size, stride).amax((2, 3))
    mean = functional.avg_pool2d(feature_map[None], size, stride, padding)[0]
    (to_winners,) = torch.autograd.grad(largest, feature_map, gradient)
    (to_all,) = torch.autograd.grad(mean, feature_map, gradient)
    found = {"largest": largest, "mean": mean, "to_winners": to_winners, "to_all": to_all}
    return {name: tensor.detach().numpy() for name, tensor in found.items()}


def random_state(draw: random.Random) -> dict[str, Any]:
    window, padding = draw.choice([2, 3]), draw.choice([0, 1])
    side = draw.randint(max(2, window - 2 * padding), 5)
    stride = draw.randint(1, 3)
    places = (side + 2 * padding - window) // stride + 1
    few = [draw.randint(-900, 900) / 100 for _ in range(4)]  # so that some tie

    def rows(size: int, values: list[float]) -> list[list[float]]:
        return [[draw.choice(values) for _ in range(size)] for _ in range(size)]

    return {
        "map": rows(side, few),
        "gradient": rows(places, [draw.randint(-900, 900) / 100 for _ in range(9)]),
        "window": window,
        "stride": stride,
        "padding": padding,
        "ties": draw.choice(["first", "shared"]),
        "at": [draw.randrange(places), draw.randrange(places)],
    }


def computed(value: Any) -> np.ndarray:
    """Give an array, or a tensor as one."""
    return np.asarray(value.detach() if isinstance(value, torch.Tensor) else value)


def assert_shows(figure: Figure, wanted: dict[str, np.ndarray]) -> None:
    for name, label in SHOWN.items():
        # Two decimals are shown.
        np.testing.assert_allclose(figure.rows(label), wanted[name], rtol=0, atol=0.00501)


def test_it_starts_with_the_lessons_map_and_shows_what_torch_computes(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    figure = Figure(visit.page, TAG)
    assert figure.rows("Feature map").tolist() == LESSONS
    assert figure.rows(SHOWN["largest"]).tolist() == [[0.91, 0.44], [0.21, 0.77]]
    assert figure.rows(SHOWN["to_winners"])[1:3, 1:3].tolist() == [[1, 1], [1, 1]]
    assert figure.rows(SHOWN["to_winners"]).sum() == 4
    assert "Its largest value is 0.91, in row 2, column 2" in figure.words.inner_text()
    draw = random.Random(2026)
    for _ in range(25):
        state = random_state(draw)
        figure.go(state)
        assert_shows(figure, torchs(state))
        winners = figure.element.locator('[aria-label="Feature map"] .winner').count()
        assert winners >= 1
        assert winners == figure.element.locator(".receiver").count()
    assert visit.messages == []


def test_its_programs_compute_what_it_shows_and_axe_finds_nothing(
    open_page: OpenPage,
) -> None:
    figure = Figure(open_page(LESSON).page, TAG)
    for name, state in STATES.items():
        figure.change(state)
        for left in figure.programs().values():
            assert_shows(figure, {key: computed(left[key]) for key in SHOWN})
        assert figure.faults() == [], name
    figure.page.emulate_media(color_scheme="dark")
    expect(figure.page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    figure.change(STATES["shared ties"])
    assert figure.faults() == []


def test_by_pointer(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    page, figure = visit.page, Figure(visit.page, TAG)
    largest = SHOWN["largest"]
    figure.cell("Feature map", 1, 1).fill("−1,5")
    figure.cell("Feature map", 2, 2).fill("0.3")
    figure.cell("Feature map", 2, 2).press("Enter")
    figure.settle()
    assert figure.rows("Feature map")[0, 0] == -1.5
    assert figure.rows(largest)[0, 0] == 0.42
    negative = figure.cell("Feature map", 1, 1)
    assert "repeating" in negative.evaluate("e => getComputedStyle(e).backgroundImage")
    figure.cell("Feature map", 2, 2).fill("much")
    figure.cell("Feature map", 2, 2).press("Tab")
    assert figure.rows("Feature map")[1, 1] == 0.3

    figure.cell("Gradient of the pooled value", 1, 1).hover()
    box = figure.cell("Gradient of the pooled value", 1, 1).bounding_box()
    assert box
    page.mouse.down()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 6 * 40, y, steps=5)  # 40 steps of 0.05
    page.mouse.up()
    figure.settle()
    assert figure.rows("Gradient of the pooled value")[0, 0] == -1
    assert figure.rows(SHOWN["to_winners"])[0, 1] == -1
    assert figure.rows(SHOWN["to_all"])[0, 0] == -0.25

    figure.cell(largest, 2, 2).click()
    page.mouse.move(0, 0)
    figure.settle()
    assert "rows 3 to 4 and columns 3 to 4" in figure.words.inner_text()
    frame = figure.element.locator(".window-frame").first
    corner, first = frame.bounding_box(), figure.cell("Feature map", 3, 3).bounding_box()
    assert corner
    assert first
    assert corner["x"] == pytest.approx(first["x"] - 3, abs=1)
    assert corner["y"] == pytest.approx(first["y"] - 3, abs=1)

    # What the address holds now is what another reader gets.
    figure.element.get_by_role("button", name="Copy link to this state").click()
    expect(figure.note).to_have_text("Link copied.")
    copied = page.evaluate("navigator.clipboard.readText()").removeprefix(visit.site)
    before = {label: figure.rows(label).tolist() for label in ("Feature map", *SHOWN.values())}
    again = Figure(open_page(copied).page, TAG)
    assert {label: again.rows(label).tolist() for label in before} == before
    assert again.words.inner_text() == figure.words.inner_text()
    again.element.get_by_role("button", name="Reset").click()
    again.settle()
    assert again.rows("Feature map").tolist() == LESSONS
    assert TAG not in again.page.url


def test_ties_padding_and_impossible_settings(open_page: OpenPage) -> None:
    figure = Figure(open_page(LESSON).page, TAG)
    received, button = SHOWN["to_winners"], figure.element.get_by_role
    button("button", name="ties").click()
    figure.settle()
    assert figure.rows(received).tolist() == [[1, 0], [0, 0]]
    figure.element.get_by_text("they share").click()
    figure.settle()
    assert figure.rows(received).tolist() == [[0.33, 0.33], [0.33, 0]]
    assert "3 pixels hold it, and each gets 0.33" in figure.words.inner_text()
    button("button", name="negative").click()
    figure.settle()
    assert (figure.rows(SHOWN["largest"]) == -1).all()
    assert set(figure.element.locator(".padded").all_inner_texts()) == {"−∞", ""}
    assert "−∞" in figure.words.inner_text()
    # A window of three fits a map of two only with padding.
    figure.element.locator("fieldset", has_text="Window").get_by_text("3", exact=True).click()
    figure.element.locator("fieldset", has_text="Padding").get_by_text("none").click()
    figure.settle()
    expect(figure.note).to_contain_text("fits this map only with padding")
    assert figure.rows(SHOWN["largest"]).shape == (1, 1)
    button("spinbutton", name="Map’s side").fill("5")
    button("spinbutton", name="Map’s side").press("Enter")
    figure.settle()
    assert figure.rows("Feature map").shape == (5, 5)


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

    page.keyboard.press("ArrowRight")  # a window of three
    tab_to("Stride")
    page.keyboard.press("ArrowDown")
    tab_to("Feature map")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    figure.settle()
    assert figure.rows("Feature map")[:2, 1].tolist() == [0.47, 2.5]
    assert figure.rows(SHOWN["largest"]).tolist() == [[2.5, 2.5], [2.5, 2.5]]
    assert figure.rows(SHOWN["to_winners"])[1, 1] == 4
    tab_to("Gradient of the pooled value")
    page.keyboard.press("PageUp")
    tab_to("Largest value of the window")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    figure.settle()
    assert figure.rows(SHOWN["to_winners"])[1, 1] == 4.5
    assert "rows 2 to 4 and columns 2 to 4" in figure.words.inner_text()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


def test_links_that_hold_no_state_are_refused_with_a_reason(open_page: OpenPage) -> None:
    visit = open_page(link(TAG, HOSTILE[0]))
    figure = Figure(visit.page, TAG)
    for text in HOSTILE:
        figure.go({"stride": 1})
        assert figure.rows(SHOWN["largest"]).shape == (3, 3)
        figure.go(text)
        expect(figure.note).to_contain_text("The link's values could not be used")
        assert figure.rows("Feature map").tolist() == LESSONS, text
        assert figure.rows(SHOWN["largest"]).shape == (2, 2), text
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
    page.goto(served_site + link(TAG, {"map": LESSONS, "padding": 1, "stride": 1}))
    figure = Figure(page, TAG)
    figure.cell(SHOWN["largest"], 2, 3).tap()
    figure.settle()
    assert "rows 1 to 2 and columns 2 to 3" in figure.words.inner_text()
    figure.element.locator("fieldset", has_text="Window").get_by_text("3", exact=True).tap()
    figure.settle()
    assert figure.rows(SHOWN["largest"]).shape == (4, 4)
    widest = {"map": [[-8.25] * 5] * 5, "padding": 1, "stride": 1, "gradient": [[-0.25] * 6] * 6}
    figure.go(widest)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    cut = figure.element.locator(".matrix-cell").evaluate_all(
        "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).length"
    )
    assert cut == 0
    assert figure.faults() == []
    context.close()

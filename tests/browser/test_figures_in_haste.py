"""Figures under quick hands: keys before the next frame, a pointer at rest, links, going back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.figures import FRAMES, LESSON, Figure, link
from tests.browser.visits import OpenPage

KERNEL = "slide-the-kernel"
PIXEL = "pixel-to-logit"
TRACER = "receptive-field-tracer"
DIGIT = "chosen-and-learned"
LESSONS = {KERNEL: "0.05", PIXEL: "0.05"}  # the first pixel, as it stands in the lesson


def press(figure: Figure, *keys: str) -> None:
    """Press keys so quickly that no frame is drawn between them."""
    figure.page.evaluate(
        """keys => keys.forEach(key => {
            const { activeElement } = document;
            const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
            activeElement.dispatchEvent(event);
            if (key === "Enter") activeElement.click();
        })""",
        list(keys),
    )


def spin(figure: Figure, name: str) -> Any:
    return figure.element.get_by_role("spinbutton", name=name, exact=True)


def first_pixel(figure: Figure) -> Any:
    return figure.cell("Patch", 1, 1)


@pytest.mark.parametrize(
    ("label", "cell", "setting", "keys", "told"),
    [
        ("Feature map", 4, "Stride", ["ArrowUp"], "Window 1 of 1: 9 products"),
        ("Products", 9, "Kernel size", ["ArrowDown"] * 2, "Window 1 of 16: 1 product"),
        ("Kernel", 9, "Kernel size", ["ArrowDown"] * 2, "Window 1 of 16: 1 product"),
        ("Patch", 16, "Patch size", ["ArrowDown"], "Window 1 of 1: 9 products"),
    ],
)
def test_the_pointer_may_rest_on_what_a_key_takes_away(
    label: str, cell: int, setting: str, keys: list[str], told: str, open_page: OpenPage
) -> None:
    visit = open_page(LESSON)
    figure = Figure(visit.page, KERNEL)
    spin(figure, setting).focus()
    figure.element.locator(f'[aria-label="{label}"] > :nth-child({cell})').hover()
    press(figure, *keys)
    expect(figure.words).to_contain_text(told)
    assert visit.messages == []


def test_layers_go_and_come_within_their_limits(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    figure = Figure(visit.page, TRACER)
    heading = figure.element.locator(".figure-heading")
    buttons = {
        name: figure.element.get_by_role("button", name=name, exact=True)
        for name in ("Add", "Remove", "Earlier", "Later")
    }
    # The pointer rests on the last layer's value, which goes.
    box = figure.element.locator(".stack > svg").first.bounding_box()
    assert box
    visit.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 14)
    buttons["Remove"].focus()
    press(figure, *["Enter"] * 9)
    expect(heading).to_have_text("Layer 1 of 1: conv 3 × 3")
    expect(figure.element.locator(".stack-value")).to_contain_text("Value 0: pixels 0 to 2")
    for name in ("Remove", "Earlier", "Later"):
        expect(buttons[name]).to_be_disabled()
    expect(buttons["Remove"]).to_be_focused()
    for name, told in (
        ("Later", "Layer 1 of 1"),
        ("Add", "Layer 24 of 24"),
        ("Later", "Layer 24 of 24"),
        ("Earlier", "Layer 1 of 24"),
    ):
        buttons[name].focus()
        press(figure, *["Enter"] * 30)
        expect(heading).to_contain_text(told)
        expect(buttons[name]).to_be_focused()
    assert visit.messages == []


def test_who_steps_to_the_end_can_step_back(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    figure = Figure(page, KERNEL)
    for name, told in (("Step", "Window 4 of 4"), ("Back", "Window 1 of 4")):
        button = figure.element.get_by_role("button", name=name, exact=True)
        button.focus()
        press(figure, *["Enter"] * 9)
        expect(figure.words).to_contain_text(told)
        expect(button).to_be_disabled()
        expect(button).to_be_focused()


def test_an_offer_hands_the_focus_to_what_it_changed(open_page: OpenPage) -> None:
    page = open_page(link(KERNEL, {"kernel": [[1] * 5] * 5})).page
    figure = Figure(page, KERNEL)
    offers = figure.element.locator(".impossible button")
    spin(figure, "Kernel size").focus()
    offers.filter(has_text="Patch size").focus()
    page.keyboard.press("Enter")
    expect(spin(figure, "Patch size")).to_be_focused()
    expect(figure.words).to_contain_text("Window 1 of 1")
    # A tap must not bring a keyboard onto the screen.
    figure.change({"kernel": [[1] * 5] * 5, "stride": 2})
    offers.filter(has_text="Patch size").click()
    expect(figure.words).to_contain_text("Window 1 of 1")
    expect(spin(figure, "Patch size")).not_to_be_focused()


@pytest.mark.parametrize("tag", [KERNEL, PIXEL])
def test_a_change_outlives_a_link_and_a_way_back(tag: str, open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    figure = Figure(page, tag)
    cell = first_pixel(figure)
    cell.fill("0.5")
    cell.press("Enter")
    page.wait_for_url(f"**?{tag}=*")
    earlier = page.url

    # Within the page, before the change is written into the address.
    page.evaluate(
        """([name, follow]) => {
            const cell = document.querySelector(name);
            cell.value = "0.9";
            cell.dispatchEvent(new Event("input", { bubbles: true }));
            const key = { key: "Enter", bubbles: true };
            cell.dispatchEvent(new KeyboardEvent("keydown", key));
            location.hash = follow;
        }""",
        [f'{tag} [aria-label="Patch, row 1, column 1"]', "pooling"],
    )
    page.wait_for_url(lambda url: url.endswith("#pooling") and earlier not in url)
    expect(cell).to_have_value("0.90")
    page.go_back()
    expect(cell).to_have_value("0.50")
    page.go_forward()
    expect(cell).to_have_value("0.90")

    # Away from it, just as quickly.
    page.evaluate(
        """name => {
            const cell = document.querySelector(name);
            cell.value = "0.7";
            cell.dispatchEvent(new Event("input", { bubbles: true }));
            const key = { key: "Enter", bubbles: true };
            cell.dispatchEvent(new KeyboardEvent("keydown", key));
            location.href = "../glossary/";
        }""",
        f'{tag} [aria-label="Patch, row 1, column 1"]',
    )
    page.wait_for_url("**/glossary/")
    page.go_back()
    expect(first_pixel(Figure(page, tag))).to_have_value("0.70")


@pytest.mark.parametrize("tag", [KERNEL, PIXEL])
def test_an_address_without_a_state_is_the_lessons(tag: str, open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    figure = Figure(page, tag)
    page.evaluate("location.hash = 'pooling'")
    cell = first_pixel(figure)
    cell.fill("0.5")
    cell.press("Enter")
    page.wait_for_url(f"**?{tag}=*")
    page.go_back()
    expect(cell).to_have_value(LESSONS[tag])
    # What came by an address is not called the reader's edit.
    expect(figure.words).not_to_contain_text("Your edit")
    page.go_forward()
    expect(cell).to_have_value("0.50")


def test_a_number_out_of_reach_says_what_is_within(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    figure = Figure(page, KERNEL)
    weight = figure.cell("Kernel", 1, 1)
    for typed, shown in (("99", "10.0"), ("−99", "−10.0"), ("much", "−10.0")):
        weight.fill(typed)
        weight.press("Enter")
        expect(weight).to_have_value(shown)
        expect(figure.note).to_have_text("Kernel: a number from −10 to 10.")
    weight.fill("1")
    weight.press("Enter")
    expect(figure.note).to_be_empty()
    stride = spin(figure, "Stride")
    for typed, shown in (("9", "4"), ("1.5", "2"), ("many", "2")):
        stride.fill(typed)
        stride.press("Enter")
        expect(stride).to_have_value(shown)
        expect(figure.note).to_have_text("Stride: a whole number from 1 to 4.")


def test_what_is_typed_stays_while_the_figure_is_drawn(open_page: OpenPage) -> None:
    figure = Figure(open_page(LESSON).page, TRACER)
    size = spin(figure, "Input")
    for typed, key, value in (
        ("30", "Enter", "30"),
        ("40", "ArrowUp", "41"),
        ("5", "Escape", "41"),
    ):
        size.fill(typed)
        figure.element.evaluate(f"figure => {{ figure.show(); return {FRAMES}; }}")
        expect(size).to_have_value(typed)
        size.press(key)
        expect(size).to_have_value(value)
    expect(figure.words).to_contain_text("has 16 values")


def inked(page: Page) -> int:
    drawn = page.locator(f"{DIGIT} .pad path").first.get_attribute("d") or ""
    return drawn.count("M")


def test_a_finger_can_erase_and_a_second_one_draws_nothing(
    browser: Browser, served_site: str
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(served_site + LESSON)
    figure = Figure(page, DIGIT)
    figure.element.get_by_role("button", name="Clear").tap()
    pad = figure.element.locator(".pad")
    pad.evaluate("pad => pad.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = pad.bounding_box()
    assert box
    touch = context.new_cdp_session(page)

    def send(kind: str, *places: tuple[float, float]) -> None:
        points = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": finger}
            for finger, (x, y) in enumerate(places)
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def draw() -> None:
        send("touchStart", (0.2, 0.2))
        for step in range(1, 7):
            send("touchMove", (0.2 + step / 10, 0.2))
        send("touchEnd")
        page.evaluate(FRAMES)

    draw()
    line = inked(page)
    assert line > 50
    send("touchStart", (0.5, 0.8))
    send("touchStart", (0.5, 0.8), (0.9, 0.9))
    send("touchEnd")
    page.evaluate(FRAMES)
    assert inked(page) - line < 20  # a dot, and no line to the other finger
    erase = figure.element.get_by_role("button", name="Erase")
    erase.tap()
    expect(erase).to_have_attribute("aria-pressed", "true")
    draw()
    assert inked(page) < line / 2
    context.close()


WIDEST: dict[str, list[dict[str, Any]]] = {
    KERNEL: [
        {},
        {"patch": [[1] * 4] * 4, "kernel": [[-10] * 3] * 3},
        {"patch": [[1] * 6] * 6, "kernel": [[-9.75] * 5] * 5, "padding": [2] * 4},
    ],
    "max-pooling": [
        {},
        {"map": [[-8.95] * 4] * 4, "stride": 1, "gradient": [[-8.95] * 3] * 3},
    ],
    "border-evidence": [{}],
    PIXEL: [
        {},
        {"patch": [[1] * 4] * 4, "kernel": [[9] * 3] * 3, "weights": [[-9], [9]], "bias": [-9, 9]},
    ],
}
BROKEN = """figure => [...figure.querySelectorAll(".matrix-cell")].flatMap(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getClientRects().length > 1 ? [cell.getAttribute("aria-label")] : [];
})"""


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_number_is_broken_over_two_lines(width: int, open_page: OpenPage) -> None:
    page = open_page(LESSON, width=width).page
    for tag, states in WIDEST.items():
        figure = Figure(page, tag)
        for state in states:
            if state:
                figure.change(state)
            assert figure.element.evaluate(BROKEN) == [], state

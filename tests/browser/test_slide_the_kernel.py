"""The kernel over the patch, by pointer, touch and keyboard, from links, and as programs."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.figures import FRAMES, LESSON, Alive, follow, link, show_all, wake
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import OpenPage

ELEMENT = "slide-the-kernel"
START = ["0.852", "0.789", "0.817", "0.874"]
SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
STATES: dict[str, dict[str, object]] = {
    "padded": {"padding": [1, 2, 0, 1], "mode": "reflect", "stride": 2, "place": 1, "pinned": True},
    "spread": {"padding": [2, 2, 2, 2], "dilation": 3, "mode": "replicate", "kernel": SOBEL},
    "convolved": {"operation": "convolution", "kernel": [[1, 2], [3, -4.5]], "padding": [1] * 4},
    "larger": {
        "patch": [[(row * 7 + column * 3) % 11 / 10 for column in range(6)] for row in range(6)],
        "kernel": [[0.1] * 5] * 5,
    },
    "one weight": {"kernel": [[-2]], "stride": 3},
}
IMPOSSIBLE = {"kernel": [[1] * 5] * 5}


def cells(page: Page, label: str) -> Locator:
    return page.locator(f'{ELEMENT} [aria-label="{label}"] > *')


def cell(page: Page, label: str, row: int, column: int) -> Locator:
    name = f"{label}, row {row}, column {column}"
    return page.locator(f'{ELEMENT} :is([aria-label="{name}"], [aria-label^="{name}:"])')


def shown(page: Page) -> list[str]:
    """Give the responses on show, in reading order."""
    page.evaluate(FRAMES)
    return cells(page, "Feature map").all_inner_texts()


def named(page: Page, name: str) -> Locator:
    return page.locator(ELEMENT).get_by_role("button", name=name, exact=True)


def words(page: Page) -> Locator:
    return page.locator(f"{ELEMENT} .figure-words")


def rings(page: Page, label: str) -> int:
    page.evaluate(FRAMES)
    return page.locator(f'{ELEMENT} [aria-label="{label}"] > .seen').count()


def test_it_starts_with_the_lessons_own_numbers(alive: Alive) -> None:
    page = alive()
    assert shown(page) == START
    assert cells(page, "Products").all_inner_texts()[:4] == ["−0.030", "−0.048", "−0.036", "0.132"]
    expect(words(page)).to_contain_text("Window 1 of 4: 9 products, together 0.852.")
    expect(words(page)).to_contain_text("2 × 2 responses, the strongest 0.874 in row 2, column 2.")
    negative = page.locator(f"{ELEMENT} [data-negative]")
    assert negative.count() == 6 + 6  # weights and products
    hatched = "e => getComputedStyle(e).backgroundImage.includes('repeating-linear-gradient')"
    assert all(negative.nth(index).evaluate(hatched) for index in range(negative.count()))
    assert ELEMENT not in page.url


def test_by_pointer(alive: Alive) -> None:
    page = alive()
    pixel, weight = cell(page, "Patch", 2, 2), cell(page, "Kernel", 1, 1)
    pixel.fill("0.5")
    pixel.press("Enter")
    assert shown(page)[0] == "0.390"
    weight.fill("−1,25")
    weight.press("Tab")
    expect(weight).to_have_value("−1.25")
    pixel.fill("bright")
    pixel.press("Enter")
    expect(pixel).to_have_value("0.50")
    named(page, "Reset").click()
    expect(cells(page, "Feature map").first).to_have_text("0.852")

    weight.hover()
    expect(page.locator(f'{ELEMENT} [aria-label="Patch"] > .seen')).to_have_count(4)
    expect(words(page)).to_contain_text("This weight touches 4 pixels.")
    cell(page, "Patch", 1, 1).hover()
    expect(page.locator(f'{ELEMENT} [aria-label="Feature map"] > .seen')).to_have_count(1)
    pixel.hover()
    expect(page.locator(f'{ELEMENT} [aria-label="Feature map"] > .seen')).to_have_count(4)
    assert (rings(page, "Kernel"), rings(page, "Products")) == (1, 1)
    expect(words(page)).to_contain_text("This pixel reaches 4 responses.")
    cell(page, "Products", 2, 2).hover()
    expect(words(page)).to_contain_text("This product is 0.92 × 1.1.")

    cell(page, "Feature map", 2, 2).hover()
    expect(words(page)).to_contain_text("Window 4 of 4: 9 products, together 0.874.")
    cell(page, "Feature map", 1, 2).click()
    expect(named(page, "Pin")).to_have_attribute("aria-pressed", "true")
    cell(page, "Feature map", 2, 2).hover()
    expect(words(page)).to_contain_text("Window 2 of 4: 9 products, together 0.789.")
    named(page, "Back").click()
    expect(named(page, "Pin")).to_have_attribute("aria-pressed", "false")
    expect(words(page)).to_contain_text("Window 1 of 4")

    box = weight.bounding_box()
    assert box
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10 + 6 * 16, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(weight).to_have_value("1.0")

    page.get_by_label("Example kernel").select_option("edge upright")
    expect(cell(page, "Kernel", 2, 1)).to_have_value("−2")
    page.get_by_label("Example patch").select_option("one bright pixel")
    assert shown(page) == ["1.000", "0.000", "2.000", "0.000"]
    page.locator(f"{ELEMENT} label", has_text="true convolution").click()
    expect(words(page)).to_contain_text("the kernel flipped")


def test_convolution_writes_the_kernel_and_correlation_writes_it_backwards(alive: Alive) -> None:
    impulse = [[float((row, column) == (1, 1)) for column in range(3)] for row in range(3)]
    lopsided = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    state = {"patch": impulse, "kernel": lopsided, "padding": [1] * 4}
    written = [f"{number}.000" for number in range(1, 10)]
    assert shown(alive({**state, "operation": "convolution"})) == written
    assert shown(alive(state)) == written[::-1]


def test_by_keyboard(alive: Alive) -> None:
    page = alive()
    page.get_by_label("Example patch").focus()
    page.keyboard.press("Tab")
    expect(cell(page, "Patch", 1, 1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+ArrowDown")
    expect(cell(page, "Patch", 2, 2)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, "Patch", 2, 2)).to_have_value("0.87")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(cell(page, "Kernel", 1, 1)).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(cell(page, "Kernel", 1, 1)).to_have_value("2.0")
    page.keyboard.press("Tab")
    expect(cell(page, "Products", 1, 1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(cell(page, "Patch", 2, 1)).to_be_focused()
    slider = page.get_by_label("Place of the window")
    slider.focus()
    page.keyboard.press("End")
    expect(words(page)).to_contain_text("Window 4 of 4")
    expect(slider).to_have_attribute("aria-valuetext", "row 2, column 2")
    page.keyboard.press("Tab")
    expect(cell(page, "Feature map", 1, 1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(words(page)).to_contain_text("Window 2 of 4")
    page.keyboard.press("Enter")
    expect(named(page, "Pin")).to_have_attribute("aria-pressed", "true")
    above = page.locator(ELEMENT).get_by_role("spinbutton", name="above")
    above.focus()
    page.keyboard.press("ArrowUp")
    expect(words(page)).to_contain_text("1 padded above")
    assert len(shown(page)) == 6
    # What is padding cannot be changed.
    padding = page.locator(f'{ELEMENT} [aria-label^="Patch, padding"]').first
    padding.focus()
    page.keyboard.press("ArrowUp")
    expect(padding).to_have_value("0.00")


def test_by_touch(browser: Browser, served_site: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(served_site + LESSON)
    wake(page, ELEMENT)
    cell(page, "Feature map", 2, 2).tap()
    expect(words(page)).to_contain_text("Window 4 of 4")
    cell(page, "Kernel", 1, 1).tap()
    expect(page.locator(f'{ELEMENT} [aria-label="Patch"] > .seen')).to_have_count(4)
    named(page, "Step").scroll_into_view_if_needed()
    named(page, "Back").tap()
    expect(words(page)).to_contain_text("Window 3 of 4")
    weight = cell(page, "Kernel", 2, 2)
    weight.scroll_into_view_if_needed()
    box = weight.bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for step in range(1, 6):
        point = {"x": x - 12 * step, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(weight).not_to_have_value("1.1")
    small = page.eval_on_selector_all(
        f"{ELEMENT} :is(button, input:not([type=radio], [type=range]), select, .choice label)",
        """found => found.map(e => e.getBoundingClientRect())
            .filter(({ width, height }) => width && (width < 24 || height < 24))""",
    )
    assert small == []
    context.close()


def test_it_plays_to_the_last_place(alive: Alive) -> None:
    page = alive({"place": 1})
    named(page, "Play").click()
    expect(named(page, "Pause")).to_be_visible()
    expect(words(page)).to_contain_text("Window 4 of 4")
    expect(named(page, "Play")).to_be_visible()
    named(page, "Play").click()  # from the start again
    expect(words(page)).to_contain_text("Window 1 of 4")
    named(page, "Step").click()
    expect(named(page, "Play")).to_be_visible()
    expect(words(page)).to_contain_text("Window 2 of 4")
    # `open_page` asks for reduced motion.
    frame = page.locator(f"{ELEMENT} .kernel-frame").first
    assert frame.evaluate("e => getComputedStyle(e).transitionDuration") == "0s"


def test_what_fits_nowhere_says_why_and_what_would_fit(alive: Alive) -> None:
    page = alive()
    more = page.locator(ELEMENT).get_by_role("button", name="Kernel size: one more")
    more.click()
    more.click()
    why = "The kernel spans 5 pixels, and the patch has 4 × 4: it fits nowhere."
    expect(words(page)).to_have_text(why)
    assert shown(page) == []
    for name in ("Play", "Step", "Back", "Pin"):
        expect(named(page, name)).to_be_disabled()
    remedies = page.locator(f"{ELEMENT} .impossible button")
    assert remedies.all_inner_texts() == [
        "Kernel size = 4",
        "Patch size = 5",
        "above = 1, right = 1, below = 1, left = 1",
    ]
    for remedy, count in zip(remedies.all_inner_texts(), (1, 1, 4), strict=True):
        follow(page, ELEMENT, IMPOSSIBLE)
        named(page, remedy).click()
        expect(words(page)).to_contain_text(f"Window 1 of {count}")
        # The same address means the same state, until what was changed is written.
        page.wait_for_url(lambda url: quote(json.dumps(IMPOSSIBLE)) not in url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(scheme: str, alive: Alive) -> None:
    page = alive(scheme=scheme)
    page.locator(f"{ELEMENT} .figure-code summary").click()
    for state in ({}, STATES["padded"], STATES["larger"], IMPOSSIBLE):
        follow(page, ELEMENT, state)
        show_all(page.locator(ELEMENT))
        found = Axe().run(page, context=ELEMENT, options=AXE_OPTIONS).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], state


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_link_restores_what_was_shown_and_its_programs_compute_it(
    state: dict[str, object], alive: Alive
) -> None:
    page = alive(state)
    responses, told = shown(page), words(page).inner_text()
    named(page, "Copy link to this state").click()
    expect(page.locator(f"{ELEMENT} .figure-note")).to_have_text("Link copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("#figure-kernel_over_patch")
    page.goto("about:blank")
    page.goto(copied)
    wake(page, ELEMENT)
    assert (shown(page), words(page).inner_text()) == (responses, told)

    page.locator(f"{ELEMENT} .figure-code summary").click()
    programs = page.locator(f"{ELEMENT} .figure-code code").all_inner_texts()
    assert len(programs) == 2
    for program in programs:
        names: dict[str, object] = {}
        with redirect_stdout(StringIO()):
            exec(program, names)
        computed = [float(value) for row in names["feature_map"].tolist() for value in row]
        decimals = len(responses[0].partition(".")[2])
        assert [float(text.replace("−", "-")) for text in responses] == pytest.approx(
            computed, abs=0.5001 * 10**-decimals
        )


HOSTILE = [
    "{",
    "null",
    "[]",
    "3",
    '{"patch": 1}',
    '{"patch": [[1]]}',
    '{"patch": [[1, 2, 0], [0, 0, 0], [0, 0, 0]]}',
    '{"patch": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]}',
    '{"patch": [["<b>", 0, 0], [0, 0, 0], [0, 0, 0]]}',
    '{"kernel": [[1e999]]}',
    '{"kernel": []}',
    '{"kernel": [[0, 0], [0]]}',
    '{"stride": 0}',
    '{"stride": 1.5}',
    '{"stride": "2"}',
    '{"dilation": 1e9}',
    '{"padding": 1}',
    '{"padding": [1, 1, 1]}',
    '{"padding": [1, 1, 1, -1]}',
    '{"mode": "<script>alert(1)</script>"}',
    '{"operation": "constructor"}',
    '{"place": 4}',
    '{"place": -1}',
    '{"pinned": "<b>"}',
    '{"__proto__": {"stride": 2}, "place": 9}',
    '{"patch": ' + "[" * 900 + "]" * 900 + "}",
    "9" * 7000,
]


def test_a_link_that_cannot_be_used_says_so_and_starts_anew(open_page: OpenPage) -> None:
    visit = open_page(link(ELEMENT, {"stride": 0}))
    page = visit.page
    wake(page, ELEMENT)
    note = page.locator(f"{ELEMENT} .figure-note")
    told = (
        "The link's values could not be used: Stride must be a number from 1 to 4. "
        "These are the lesson's own."
    )
    expect(note).to_have_text(told)
    for text in HOSTILE:
        follow(page, ELEMENT, {"place": 3})
        expect(words(page)).to_contain_text("Window 4 of 4")
        follow(page, ELEMENT, text)
        expect(note).to_contain_text("The link's values could not be used: ")
        expect(words(page)).to_contain_text("Window 1 of 4: 9 products, together 0.852.")
        assert shown(page) == START, text
    assert visit.messages == []

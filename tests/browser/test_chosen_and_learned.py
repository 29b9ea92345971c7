"""The network that reads drawn digits: its scores against torch's; by pointer, touch, keyboard."""

from __future__ import annotations

import json
import shutil
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from labs.network_file import load
from tests.browser.figures import (
    FRAMES,
    LESSON,
    Alive,
    follow,
    link,
    settle,
    show_all,
    wake,
)
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import HEIGHTS, ROOT, OpenPage

ELEMENT = "chosen-and-learned"
MODULE = "/assets/javascripts/interactive/chosen-and-learned.js"
KEPT = ROOT / "docs/labs/digits_network.json"
FACTS, NETWORK = load(KEPT.read_text("utf-8"))
DRAWINGS = 250
EMPTY = "0" * 256


def drawing(generator: np.random.Generator) -> np.ndarray:
    """Draw a few strokes at random: 32 × 32 points, inked or not."""
    points = np.zeros((32, 32), dtype=np.uint8)
    rows, columns = np.mgrid[:32, :32]
    corners = generator.uniform(2, 30, (generator.integers(2, 7), 2))
    for start, end in pairwise(corners):
        for share in np.linspace(0, 1, 40):
            row, column = start + share * (end - start)
            points |= (rows - row) ** 2 + (columns - column) ** 2 < 3
    return points


def ink(points: np.ndarray) -> str:
    """Write a drawing as a link holds it."""
    return np.packbits(points).tobytes().hex()


def counted(points: np.ndarray) -> np.ndarray:
    """Count the inked points of each square of four by four: 8 × 8 pixels from 0 to 16."""
    return points.reshape(8, 4, 8, 4).sum(axis=(1, 3))


def scores(images: np.ndarray) -> np.ndarray:
    """Let torch read images of 8 × 8 pixels from 0 to 1."""
    with torch.no_grad():
        return NETWORK(torch.tensor(images, dtype=torch.float32)[:, None]).numpy()


def shown(page: Page) -> list[float]:
    page.evaluate(FRAMES)
    texts = page.locator(f"{ELEMENT} .scores li > span:last-child").all_inner_texts()
    return [float(text.replace("−", "-")) for text in texts]


def drawn(page: Page) -> np.ndarray:
    """Give the points of the drawing on show, once its scores are; torch gives the same scores."""
    settle(page.locator(ELEMENT))
    expect(words(page)).to_contain_text(f"{max(shown(page)):.2f}")
    state = page.evaluate(f"document.querySelector('{ELEMENT}').state.ink")
    points = np.unpackbits(np.frombuffer(bytes.fromhex(state), np.uint8)).reshape(32, 32)
    expected = scores(counted(points)[np.newaxis] / 16)[0]
    assert shown(page) == pytest.approx(expected, abs=0.00501)
    expect(page.locator(f"{ELEMENT} .answer")).to_contain_text(f" reads a {expected.argmax()}.")
    return points


def words(page: Page) -> Locator:
    return page.locator(f"{ELEMENT} .figure-words")


def pad(page: Page) -> Locator:
    return page.get_by_role("application", name="Paper to draw a digit on")


def placed(page: Page) -> FloatRect:
    """Bring the paper to where nothing covers it; give its box."""
    pad(page).evaluate("pad => pad.scrollIntoView({ block: 'center' })")
    box = pad(page).bounding_box()
    assert box
    return box


def named(page: Page, name: str) -> Locator:
    return page.locator(ELEMENT).get_by_role("button", name=name, exact=True)


def test_its_scores_are_those_of_torch(alive: Alive) -> None:
    generator = np.random.default_rng(6)
    drawings = [drawing(generator) for _ in range(DRAWINGS - 2)]
    drawings += [np.zeros((32, 32), np.uint8), np.ones((32, 32), np.uint8)]
    page = alive()
    found = page.evaluate(
        f"""async (drawings) => {{
            const {{ reduced, scoresOf }} = await import("{MODULE}");
            const response = await fetch("/labs/digits_network.json");
            const {{ layers }} = await response.json();
            return drawings.map((ink) => [reduced(ink), scoresOf(layers, reduced(ink))]);
        }}""",
        [ink(points) for points in drawings],
    )
    images = np.array([image for image, _ in found])
    assert (images * 16 == [counted(points) for points in drawings]).all()
    expected = scores(images)
    assert abs(expected - [values for _, values in found]).max() < 1e-4
    assert len(set(expected.argmax(axis=1))) >= 8  # of ten answers


def test_it_starts_with_the_example_that_is_kept(alive: Alive) -> None:
    page = alive()
    example = FACTS["example"]
    assert shown(page) == pytest.approx(example["scores"], abs=0.00501)
    expect(page.get_by_text(f"It reads a {example['shows']}.")).to_be_visible()
    expect(words(page)).to_contain_text("trained on handwritten digits of 8 × 8 pixels")
    tested = FACTS["test_images"]
    expect(words(page)).to_contain_text(
        f"Of {tested['of']} such digits that it had not seen, it read"
        f" {tested['of'] - tested['right']} wrong."
    )
    assert ELEMENT not in page.url
    # The drawing made of the example is reduced to just the example again.
    again = page.evaluate(
        f"""async (image) => {{
            const {{ drawingOf, reduced }} = await import("{MODULE}");
            return reduced(drawingOf(image));
        }}""",
        example["image"],
    )
    assert again == example["image"]
    # Negative weights are striped: as many as there are.
    kernels = [
        [[-0.6] * 3, [1.1] * 3, [-0.6] * 3],
        *NETWORK[0].weight.detach()[:, 0].tolist(),
    ]
    cards = page.locator(f"{ELEMENT} .card")
    assert cards.count() == len(kernels)
    for index, kernel in enumerate(kernels):
        stripes = (
            cards.nth(index)
            .locator("svg")
            .first.locator("path")
            .evaluate_all("paths => paths.map(path => path.getAttribute('d')).join('')")
        )
        assert stripes.count("M") == (np.array(kernel) < 0).sum()


def test_by_pointer(alive: Alive) -> None:
    page = alive()
    named(page, "Clear").click()
    expect(page.get_by_text("Nothing is drawn, and yet it reads")).to_be_visible()
    box = placed(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.9 * box["height"], steps=8)
    page.mouse.up()
    line = drawn(page)
    assert line[4:28, 15:17].all()
    assert not line[:, :13].any()
    assert not line[:, 19:].any()
    named(page, "Move right").click()
    assert (drawn(page) == np.roll(line, 4, axis=1)).all()
    for move in ("Move left", "Move up", "Move up"):
        named(page, move).click()
    moved = drawn(page)
    assert (moved[:20] == line[8:28]).all()
    assert not moved[24:].any()
    page.get_by_text("Learned 3", exact=True).click()
    weights = page.locator(f"{ELEMENT} .weights")
    expect(weights).to_contain_text("Learned 3: −0.8495, −0.9743, 0.1756;")
    named(page, "Reset").click()
    expect(weights).to_contain_text("Chosen: −0.6, −0.6, −0.6; 1.1")
    assert shown(page) == pytest.approx(FACTS["example"]["scores"], abs=0.00501)


def test_by_keyboard(alive: Alive) -> None:
    page = alive()
    pad(page).focus()
    note = page.locator(f"{ELEMENT} .figure-note")
    page.keyboard.press("Delete")
    expect(note).to_have_text("Cleared.")
    expect(page.locator(f"{ELEMENT} .pen")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(note).to_have_text("Pen down.")
    for _ in range(24):
        page.keyboard.press("ArrowDown")
    line = drawn(page)
    assert line[4:28, 15:17].all()
    page.keyboard.press("e")
    for _ in range(26):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_text("Nothing is drawn, and yet it reads")).to_be_visible()
    page.keyboard.press("Space")
    expect(note).to_have_text("Pen up.")
    page.keyboard.press("Tab")
    expect(named(page, "Clear")).to_be_focused()
    page.get_by_role("radio", name="Chosen").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"{ELEMENT} .weights")).to_contain_text("Learned 1:")


def test_by_touch(browser: Browser, served_site: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(served_site + link(ELEMENT, {"ink": EMPTY}))
    wake(page, ELEMENT)
    page.get_by_text("Learned 8", exact=True).tap()
    expect(page.locator(f"{ELEMENT} .weights")).to_contain_text("Learned 8:")
    box = placed(page)
    touch = context.new_cdp_session(page)
    for kind, down in (("Start", 0.1), ("Move", 0.3), ("Move", 0.6), ("Move", 0.9)):
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + down * box["height"]}
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert drawn(page)[4:28, 15:17].all()
    assert pad(page).bounding_box() == box, "drawing scrolls the page"
    small = page.eval_on_selector_all(
        f"{ELEMENT} :is(button, .card)",
        """found => found.map(e => e.getBoundingClientRect())
            .filter(({ width, height }) => width && (width < 24 || height < 24))""",
    )
    assert small == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(scheme: str, alive: Alive) -> None:
    page = alive(scheme=scheme)
    page.locator(f"{ELEMENT} .figure-code summary").click()
    show_all(page.locator(ELEMENT))
    for act in ("Copy link to this state", "Erase", "Clear"):
        named(page, act).click()
        found = Axe().run(page, context=ELEMENT, options=AXE_OPTIONS).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], act


def test_a_link_restores_a_drawing_and_its_programs_read_it(
    alive: Alive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(KEPT, tmp_path)
    generator = np.random.default_rng(2)
    page = alive()
    page.locator(f"{ELEMENT} .figure-code summary").click()
    for number in range(3):
        points = drawing(generator)
        follow(page, ELEMENT, {"ink": ink(points), "kernel": number})
        expected = scores(counted(points)[np.newaxis] / 16)[0]
        expect(words(page)).to_contain_text(f"The highest scores: {expected.argmax()} (")
        assert (drawn(page) == points).all()
        programs = page.locator(f"{ELEMENT} .figure-code code").all_inner_texts()
        assert len(programs) == 2
        for program in programs:
            names: dict[str, object] = {}
            with redirect_stdout(StringIO()):
                exec(program, names)
            assert np.allclose(np.ravel(names["values"]), expected, rtol=0, atol=1e-4)
    named(page, "Copy link to this state").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.goto("about:blank")
    page.goto(copied)
    wake(page, ELEMENT)
    assert (drawn(page) == points).all()
    expect(page.locator(f"{ELEMENT} .weights")).to_contain_text("Learned 2:")


HOSTILE = [
    "[",
    "null",
    '{"ink": 7}',
    '{"ink": ""}',
    json.dumps({"ink": EMPTY[1:]}),
    json.dumps({"ink": EMPTY[1:] + "G"}),
    json.dumps({"ink": EMPTY[1:] + "\u0661"}),
    json.dumps({"ink": [EMPTY]}),
    '{"kernel": 9}',
    '{"kernel": -1}',
    '{"kernel": "__proto__"}',
    "1" * 7000,
]


def test_a_link_that_cannot_be_used_says_so_and_starts_anew(open_page: OpenPage) -> None:
    visit = open_page(link(ELEMENT, HOSTILE[0]))
    page = visit.page
    wake(page, ELEMENT)
    note = page.locator(f"{ELEMENT} .figure-note")
    for text in HOSTILE:
        follow(page, ELEMENT, text)
        expect(note).to_contain_text("The link's values could not be used: ")
        assert shown(page) == pytest.approx(FACTS["example"]["scores"], abs=0.00501), text
        named(page, "Clear").click()
        expect(note).to_have_text("")
    assert visit.messages == []


def test_without_its_network_the_drawing_stays(open_page: OpenPage) -> None:
    page = open_page().page
    page.route("**/digits_network.json", lambda route: route.abort())
    page.goto(page.url + LESSON)
    page.locator(ELEMENT).scroll_into_view_if_needed()
    expect(page.locator(ELEMENT)).to_have_class("interactive still")
    assert page.locator(f"{ELEMENT} > svg").is_visible()


def test_nothing_jumps_when_it_comes_alive(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    height = f"() => document.querySelector('{ELEMENT}').getBoundingClientRect().height"
    for width, tall in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": tall})
        page.reload()
        before = page.evaluate(height)
        wake(page, ELEMENT)
        assert page.evaluate(height) == before
        assert page.evaluate("document.documentElement.scrollWidth") == width

"""The shape calculator: its numbers against torch, its offers, its programs, its uses."""

from __future__ import annotations

import random
import re
from contextlib import redirect_stdout
from io import StringIO
from itertools import count
from typing import Any

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect
from torch import nn

from tests.browser.figures import LESSON, follow, link, program, show_all, wake
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import OpenPage

ELEMENT = "shape-calculator"
SEED = 6
SETTINGS = 260
Setting = dict[str, Any]
START: Setting = {
    "size": 224,
    "kernel": 3,
    "padding": 0,
    "stride": 1,
    "dilation": 1,
    "channels": 3,
    "filters": 16,
    "groups": 1,
    "bias": True,
    "units": 256,
}
STATES: list[Setting] = [
    {},
    {"size": 31, "kernel": 5, "padding": 2, "stride": 3, "dilation": 2, "bias": False},
    {"size": 10, "kernel": 2, "stride": 4, "channels": 8, "groups": 4, "units": 7},
    {"size": 4, "kernel": 5},
    {"channels": 6, "groups": 4},
]
LOOK = """(figure, settings) => settings.map(setting => {
    figure.set(setting);
    figure.draw(figure.state);
    const lines = [...figure.querySelectorAll("dl > div")];
    return {
        shown: Object.fromEntries(lines.map(line => [...line.children].map(e => e.textContent))),
        offers: [...figure.querySelectorAll(".impossible")].map(one =>
            [...one.querySelectorAll("button")].map(button => button.textContent)),
        floor: figure.querySelector(".shape-formula p").textContent,
        formula: [...figure.querySelectorAll(".shape-formula mtr")].map(row => row.textContent),
        words: figure.words(figure.state),
    };
})"""
LIMITS = {"size": (1, 999), "kernel": (1, 99), "padding": (0, 99), "dilation": (1, 99)}
NAMES = {
    "Size N": "size",
    "Kernel K": "kernel",
    "Padding P": "padding",
    "Dilation": "dilation",
    "Channels": "channels",
    "Filters": "filters",
    "Groups": "groups",
}


def shown(figure: Locator, name: str) -> Locator:
    return figure.locator("dl > div", has_text=name).locator(".shape-value")


def box(figure: Locator, name: str) -> Locator:
    return figure.get_by_role("spinbutton", name=name, exact=True)


def number(text: str) -> int:
    return int(text.replace(",", ""))


def settings() -> list[Setting]:
    """Give random settings; about one in four is impossible."""
    draw = random.Random(SEED)
    drawn = []
    for _ in range(SETTINGS):
        groups = draw.choice([1, 1, 1, 2, 3, 4])
        deep = groups * draw.randint(1, 4) + draw.choice([0, 0, 0, 0, 1])
        wide = groups * draw.randint(1, 4) + draw.choice([0, 0, 0, 0, 1])
        drawn.append(
            {
                "size": draw.randint(1, 24),
                "kernel": draw.randint(1, 6),
                "padding": draw.randint(0, 3),
                "stride": draw.randint(1, 7),
                "dilation": draw.randint(1, 3),
                "channels": deep,
                "filters": wide,
                "groups": groups,
                "bias": draw.random() < 0.6,
                "units": draw.randint(1, 9),
            }
        )
    return drawn


def computed(setting: Setting) -> dict[str, Any] | None:
    """Let torch compute a layer; None where it refuses to."""
    image = torch.zeros(setting["channels"], setting["size"], setting["size"])
    options = {name: setting[name] for name in ("stride", "padding", "dilation")}
    try:
        layer = nn.Conv2d(
            setting["channels"],
            setting["filters"],
            setting["kernel"],
            groups=setting["groups"],
            bias=setting["bias"],
            **options,
        )
        shape = layer(image).shape
    except (RuntimeError, ValueError):
        return None
    dense = nn.Linear(image.numel(), setting["units"], bias=setting["bias"])
    side = torch.zeros(1, setting["size"], requires_grad=True)
    windows = torch.conv1d(side, torch.ones(1, 1, setting["kernel"]), **options)
    windows.sum().backward()
    parameters = [sum(one.numel() for one in made.parameters()) for made in (layer, dense)]
    assert side.grad is not None
    return {
        "Output": " × ".join(map(str, shape)),
        "Parameters": parameters[0],
        "Multiply-adds": layer.weight.numel() * shape[1] * shape[2],
        "Dense layer": parameters[1],
        "unseen": int((side.grad == 0).sum()),
    }


def fits(setting: Setting) -> bool:
    span = setting["dilation"] * (setting["kernel"] - 1) + 1
    return bool(span <= setting["size"] + 2 * setting["padding"])


def test_its_numbers_are_torchs_and_what_torch_refuses_is_impossible(open_page: OpenPage) -> None:
    figure = wake(open_page(LESSON).page, ELEMENT)
    drawn = settings()
    impossible = 0
    for setting, found in zip(drawn, figure.evaluate(LOOK, drawn), strict=True):
        wanted = computed(setting)
        assert (wanted is None) == bool(found["offers"]), setting
        if wanted is None:
            impossible += 1
            assert found["shown"]["Output"] == "\N{EN DASH}"
            assert found["words"].startswith("Impossible. ")
            continue
        for name in ("Parameters", "Multiply-adds", "Dense layer"):
            assert number(found["shown"][name]) == wanted[name], setting
        assert found["shown"]["Output"] == wanted["Output"], setting
        unseen = re.search(r"(\d+) of \d+ pixels a side are never seen", found["floor"])
        assert int(unseen[1] if unseen else 0) == wanted["unseen"], setting
        assert found["formula"][2].endswith(f"+1={wanted['Output'].split()[-1]}"), setting
    assert SETTINGS / 8 < impossible < SETTINGS / 2


def test_the_first_offer_is_the_nearest_and_all_are_possible(open_page: OpenPage) -> None:
    figure = wake(open_page(LESSON).page, ELEMENT)
    wrong = [setting for setting in settings() if computed(setting) is None]
    mended = []
    for setting, found in zip(wrong, figure.evaluate(LOOK, wrong), strict=True):
        offers = iter(found["offers"])
        if not fits(setting):
            first = next(offers)
            nearest = next(
                far
                for far in count(1)
                for name, (low, high) in LIMITS.items()
                for value in (setting[name] - far, setting[name] + far)
                if low <= value <= high and fits(setting | {name: value})
            )
            for place, offer in enumerate(first):
                name, value = re.fullmatch(r"(.+) = (\d+)", offer).groups()
                assert fits(setting | {NAMES[name]: int(value)}), (setting, offer)
                if place == 0:
                    assert abs(int(value) - setting[NAMES[name]]) == nearest, (setting, first)
        for group in offers:
            for offer in group:
                changes = {NAMES[n]: int(v) for n, v in re.findall(r"([A-Z]\w+) = (\d+)", offer)}
                mended.append(setting | {"size": 99} | changes)
    assert mended
    assert all(computed(setting) for setting in mended)


def test_it_starts_with_the_lessons_photo_and_knows_its_examples(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    figure = wake(visit.page, ELEMENT)
    examples = {
        "The photo": ("16 × 222 × 222", "448", "86,017 ×"),
        "The patch": ("1 × 2 × 2", "10", "435 ×"),
        "Same size": ("1 × 4 × 4", "10", "435 ×"),
        "Strided photo": ("16 × 112 × 112", "448", "86,017 ×"),
        "Depthwise": ("16 × 224 × 224", "160", "642,254 ×"),
    }
    for name, (output, parameters, ratio) in examples.items():
        if name != "The photo":
            figure.get_by_text(name, exact=True).click()
        expect(shown(figure, "Output")).to_have_text(output)
        expect(shown(figure, "Parameters")).to_have_text(parameters)
        expect(figure.locator(".figure-stage text.large")).to_have_text(ratio)
        expect(figure.get_by_label(name, exact=True)).to_be_checked()
    expect(figure.locator(".figure-words")).to_contain_text("becomes 16 × 224 × 224")
    figure.get_by_text("Strided photo").click()
    expect(figure.locator(".shape-formula p")).to_have_text(
        "223 = 111 · 2 + 1: 1 pixel left over, too few for another step. Every pixel is seen."
    )
    figure.get_by_role("button", name="Reset").click()
    expect(shown(figure, "Dense layer")).to_have_text("38,535,424")
    assert visit.messages == []


def test_the_picture_shows_each_window_and_the_one_without_room(open_page: OpenPage) -> None:
    figure = wake(open_page(link(ELEMENT, {"size": 10, "stride": 2})).page, ELEMENT)
    picture = figure.get_by_role(
        "img", name="The windows along one side: 4 windows over 10 pixels."
    )
    texts = ["10", "pixels", "window 1", "window 2", "window 3", "window 4", "no room"]
    for text in texts:
        expect(picture.get_by_text(text, exact=True)).to_be_visible()
    # The last pixel is crossed out; four windows of three filled pixels; the fifth is dashed.
    assert picture.locator("path.line-gradient").first.get_attribute("d").count("l6 6") == 1
    filled = picture.locator("path.fill-window").evaluate_all(
        "all => all.map(e => e.getAttribute('d'))"
    )
    assert [path.count("M") for path in filled] == [3, 3, 3, 3]
    assert picture.locator("path.line-gradient[stroke-dasharray]").count() == 1
    long = wake(open_page(link(ELEMENT, {"size": 9, "kernel": 12})).page, ELEMENT)
    expect(long.get_by_text("no room")).to_be_visible()
    expect(long.locator(".figure-stage path.fill-window")).to_have_count(0)


def printed(source: str) -> dict[str, str]:
    told = StringIO()
    with redirect_stdout(told):
        exec(source, {})
    return dict(line.split(": ") for line in told.getvalue().splitlines())


@pytest.mark.parametrize("state", STATES, ids=str)
def test_its_programs_compute_what_it_shows(state: Setting, open_page: OpenPage) -> None:
    figure = wake(open_page(link(ELEMENT, state)).page, ELEMENT)
    programs = [program(figure, name) for name in ("NumPy", "PyTorch")]
    wanted = computed(START | state)
    if wanted is None:
        for source in programs:
            with pytest.raises((ValueError, RuntimeError, AssertionError)):
                printed(source)
        return
    for found in map(printed, programs):
        assert found["output"] == f"({wanted['Output'].replace(' ×', ',')})"
        assert int(found["parameters"]) == wanted["Parameters"]
        assert found.get("multiply-adds") in (None, str(wanted["Multiply-adds"]))
        assert found.get("rows never seen") in (None, str(wanted["unseen"]))
        assert found.get("dense parameters") in (None, str(wanted["Dense layer"]))


def test_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page(LESSON, width=320).page
    figure = wake(page, ELEMENT)
    figure.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    expect(shown(figure, "Output")).to_have_text("1 × 2 × 2")
    page.keyboard.press("Tab")
    expect(box(figure, "Size N")).to_be_focused()
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowDown")
    expect(shown(figure, "Output")).to_have_text("1 × 11 × 11")
    page.keyboard.press("Tab")
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    expect(box(figure, "Kernel K")).to_have_attribute("aria-invalid", "true")
    expect(figure.locator(".impossible")).to_contain_text("15 pixels wide, the padded side only 13")
    offer = figure.locator(".impossible button").first
    while not offer.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(figure.locator(".impossible")).to_have_count(0)
    expect(shown(figure, "Output")).to_have_text("1 × 1 × 1")


def test_by_touch(browser: Browser, served_site: str) -> None:
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(served_site + LESSON)
        figure = wake(page, ELEMENT)
        figure.get_by_text("The patch").tap()
        figure.get_by_role("button", name="Padding P: one more").tap()
        expect(shown(figure, "Output")).to_have_text("1 × 4 × 4")
        expect(figure.get_by_label("Same size")).to_be_checked()
        figure.get_by_text("no", exact=True).tap()
        expect(shown(figure, "Parameters")).to_have_text("9")
        small = figure.locator("button, input:not([type=radio]), .choice label").evaluate_all(
            """all => all.map(e => e.getBoundingClientRect())
                .filter(box => box.width && Math.min(box.width, box.height) < 24)"""
        )
        assert small == []


def test_a_link_restores_it_and_back_too(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    figure = wake(page, ELEMENT)
    box(figure, "Stride S").fill("3")
    box(figure, "Stride S").press("Enter")
    figure.get_by_text("no", exact=True).click()
    expect(shown(figure, "Output")).to_have_text("16 × 74 × 74")
    page.wait_for_url(f"**{ELEMENT}=*bias*")
    page.reload()
    figure = wake(page, ELEMENT)
    expect(shown(figure, "Output")).to_have_text("16 × 74 × 74")
    expect(shown(figure, "Parameters")).to_have_text("432")
    figure.get_by_role("button", name="Reset").click()
    page.wait_for_url(f"**/{LESSON}")


HOSTILE = [
    "{",
    "[]",
    "null",
    '"9"',
    '{"size": 0}',
    '{"size": 1e9}',
    '{"kernel": 2.5}',
    '{"stride": "2"}',
    '{"padding": -1}',
    '{"bias": 1}',
    '{"groups": [2]}',
    '{"filters": {"valueOf": 3}}',
    '{"units": "<img src=x onerror=alert(1)>"}',
    '{"size": 9' + " " * 7000 + "}",
]


def test_hostile_links_leave_the_lessons_values(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    figure = wake(visit.page, ELEMENT)
    for text in HOSTILE:
        follow(visit.page, ELEMENT, text)
        expect(figure.locator(".figure-note")).to_contain_text("could not be used")
        expect(shown(figure, "Output")).to_have_text("16 × 222 × 222")
        figure.get_by_role("button", name="Reset").click()
        expect(figure.locator(".figure-note")).not_to_contain_text("could not be used")
    figure = wake(open_page(link(ELEMENT, '{"__proto__": {"size": 9}, "other": 1}')).page, ELEMENT)
    expect(shown(figure, "Output")).to_have_text("16 × 222 × 222")
    assert visit.messages == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing(width: int, scheme: str, open_page: OpenPage) -> None:
    page = open_page(LESSON, width=width, scheme=scheme).page
    figure = wake(page, ELEMENT)
    for state in STATES:
        figure.evaluate("(figure, state) => figure.set(state)", START | state)
        program(figure, "NumPy")
        show_all(figure)
        found = Axe().run(page, "#figure-output_shape_and_savings", AXE_OPTIONS)
        faults = [(f["id"], f["nodes"][0]["html"]) for f in found.response["violations"]]
        assert faults == [], state
        assert page.evaluate("document.documentElement.scrollWidth") == width

"""The receptive-field tracer: against torch's gradients, as published, and all its uses."""

from __future__ import annotations

import json
import random
import re
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect
from torch import nn

from tests.browser.figures import FRAMES, LESSON, follow, link, program, show_all, wake
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import OpenPage

ELEMENT = "receptive-field-tracer"
SEED = 212
STACKS = 120
Layer = dict[str, Any]
COMPUTE = """async ([modules, stacks]) => {
    const { dependence, receptiveField } = await import(`${modules}arithmetic.js`);
    return stacks.map(([size, layers, values]) => [
        receptiveField(size, layers),
        values.map(value => dependence(size, layers, value)[0].filter(p => p >= 0 && p < size)),
    ]);
}"""
SHOW = """(figure, states) => states.map(state => {
    figure.set(state);
    figure.draw(figure.state);
    return [
        figure.querySelector(".stack-value").textContent,
        [...figure.querySelectorAll("tr:has([aria-pressed=true]) td")].map(e => e.textContent),
        figure.querySelectorAll(".impossible").length,
    ];
})"""


def layer(kind: str, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> Layer:
    return {
        "kind": kind,
        "kernel": kernel,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
    }


LESSONS = [layer("conv", 3), layer("conv", 3), layer("pool", 2, 2), layer("conv", 3)]
STATES: list[dict[str, Any]] = [
    {},
    {"size": 20, "layer": 2, "value": 7},
    {
        "size": 25,
        "layers": [layer("conv", 3, 2, 1), layer("pool", 3, 2, 1), layer("conv", 3, 1, 2, 2)],
        "layer": 3,
        "value": 1,
    },
    {"size": 6, "layers": [layer("conv", 5, 1, 4), layer("conv", 5, 1, 4)], "layer": 2, "value": 3},
    {"size": 9},
    {"size": 12, "layers": [layer("conv", 3), layer("pool", 3, 2, 2)], "layer": 2},
]


def row(figure: Locator, place: int) -> list[str]:
    """Give what the table says of a layer: its size, field, jump and start."""
    figure.page.evaluate(FRAMES)
    return figure.locator("tbody tr").nth(place).locator("td").all_inner_texts()


def stack_of(layers: list[Layer]) -> nn.Sequential:
    """Make a torch stack whose gradients are positive wherever there is any influence."""
    made: list[nn.Module] = []
    for one in layers:
        options = {"stride": one["stride"], "padding": one["padding"]}
        if one["kind"] == "pool":
            made.append(nn.AvgPool1d(one["kernel"], **options))
        else:
            made.append(nn.Conv1d(1, 1, one["kernel"], dilation=one["dilation"], **options))
            nn.init.ones_(made[-1].weight)  # type: ignore[arg-type]
    return nn.Sequential(*made).double()


def influence(stack: nn.Module, size: int, value: int) -> list[int]:
    """Give the pixels with a gradient."""
    pixels = torch.zeros(1, size, dtype=torch.float64, requires_grad=True)
    stack(pixels)[0, value].backward()
    assert pixels.grad is not None
    return [int(pixel) for pixel in pixels.grad[0].nonzero().flatten()]


def random_layers(draw: random.Random) -> list[Layer]:
    layers = []
    for _ in range(draw.randint(1, 5)):
        kernel = draw.randint(1, 5)
        if draw.random() < 0.35:
            layers.append(layer("pool", kernel, draw.randint(1, 3), draw.randint(0, kernel // 2)))
        else:
            stride, padding, dilation = draw.randint(1, 3), draw.randint(0, 4), draw.randint(1, 3)
            layers.append(layer("conv", kernel, stride, padding, dilation))
    return layers


def test_it_agrees_with_the_gradient_of_torch_stacks(open_page: OpenPage) -> None:
    draw = random.Random(SEED)
    asked, wanted = [], []
    while len(asked) < STACKS:
        layers = random_layers(draw)
        size = draw.randint(6, 400)
        try:
            stack = stack_of(layers)
            length = stack(torch.zeros(1, size, dtype=torch.float64)).shape[1]
        except RuntimeError:
            continue  # a window that does not fit
        values = sorted({0, length // 3, length // 2, length - 1})
        asked.append([size, layers, values])
        wanted.append((length, [influence(stack, size, value) for value in values]))
    visit = open_page(LESSON)
    modules = visit.site + "assets/javascripts/interactive/"
    inside = padded = 0
    for (size, layers, values), (length, pixels), (reaches, found) in zip(
        asked, wanted, visit.page.evaluate(COMPUTE, [modules, asked]), strict=True
    ):
        assert [sorted(one) for one in found] == pixels, (size, layers, values)
        reach = reaches[-1]
        assert reach["size"] == length
        for value, seen in zip(values, pixels, strict=True):
            first = reach["start"] + value * reach["jump"]
            last = first + reach["field"] - 1
            if seen:
                assert first <= seen[0]
                assert seen[-1] <= last
            if first >= 0 and last < size and not wholly_padded(reaches, layers, value):
                # No padding comes into it: the field's ends are pixels with a gradient.
                assert (seen[0], seen[-1]) == (first, last), (size, layers, value)
                inside += 1
            elif first < 0 and last < size and seen:
                padded += 1
    assert inside > STACKS / 2
    assert padded > STACKS / 4


def wholly_padded(reaches: list[dict[str, int]], layers: list[Layer], value: int) -> bool:
    """Say whether the first or the last value behind a value is padding of a middle layer."""
    first = last = value
    for one, before in zip(layers[:0:-1], reaches[-2::-1], strict=True):
        first = first * one["stride"] - one["padding"]
        last = last * one["stride"] - one["padding"] + one["dilation"] * (one["kernel"] - 1)
        if first < 0 or last >= before["size"]:
            return True
    return False


def test_the_padded_part_is_what_torch_finds_beyond_the_image(open_page: OpenPage) -> None:
    """Padding the input alone by as much as all layers together makes padded places pixels."""
    draw = random.Random(SEED + 1)
    states, wanted = [], []
    while len(states) < 40:
        layers = [one | {"dilation": 1} for one in random_layers(draw)]
        if any(one["stride"] > one["kernel"] for one in layers):
            continue  # pixels between the windows
        size = draw.randint(20, 120)
        try:
            length = stack_of(layers)(torch.zeros(1, size, dtype=torch.float64)).shape[1]
        except RuntimeError:
            continue
        value = draw.randrange(length)
        bare = stack_of([one | {"padding": 0} for one in layers])
        around, jump = 0, 1
        for one in layers:
            around += one["padding"] * jump
            jump *= one["stride"]
        seen = [pixel - around for pixel in influence(bare, size + 2 * around + jump * 9, value)]
        states.append({"size": size, "layers": layers, "layer": len(layers), "value": value})
        wanted.append((seen, sum(0 <= pixel < size for pixel in seen)))
    figure = wake(open_page(LESSON).page, ELEMENT)
    for state, (seen, inside), (text, _, impossible) in zip(
        states, wanted, figure.evaluate(SHOW, states), strict=True
    ):
        assert impossible == 0
        told = f"Value {state['value']}: pixels {seen[0]} to {seen[-1]}, {inside} in the image"
        plain = text.replace("−", "-")
        assert plain.startswith(told), (state, text)
        padded = re.search(r", (\d+) in the padding", plain)
        assert int(padded[1] if padded else 0) == len(seen) - inside, state


PUBLISHED = {
    # Size, field, jump and start of each layer: LeCun et al. 1998, figure 2; Araujo et al. 2019.
    "LeNet-5": {1: "28 5 1 0", 2: "14 6 2 0", 3: "10 14 2 0", 4: "5 16 4 0", 5: "1 32 4 0"},
    "AlexNet": {1: "55 11 4 0", 5: "13 99 16 −32", 8: "6 195 32 −64"},
    "VGG-16": {2: "224 5 1 −2", 18: "7 212 32 −90"},
}


def test_it_starts_with_the_lessons_stack_and_knows_published_ones(open_page: OpenPage) -> None:
    visit = open_page(LESSON, width=390)
    page, figure = visit.page, wake(visit.page, ELEMENT)
    lesson = ["10 1 1 0", "8 3 1 0", "6 5 1 0", "3 6 2 0", "1 10 2 0"]
    assert [" ".join(row(figure, place)) for place in range(5)] == lesson
    expect(figure.get_by_label("The lesson’s")).to_be_checked()
    expect(figure.locator(".stack-value")).to_have_text("Value 0: pixels 0 to 9, 10 in the image")
    for name, layers in PUBLISHED.items():
        figure.get_by_text(name).click()
        expect(figure.locator("tbody tr")).to_have_count(max(layers) + 1)
        for place, values in layers.items():
            assert " ".join(row(figure, place)) == values, name
    expect(figure.locator(".stack-value")).to_have_text(
        "Value 0: pixels −90 to 121, 122 in the image, 90 in the padding"
    )
    scroller = figure.locator(".stack")
    assert scroller.evaluate("e => e.scrollWidth > 1.4 * e.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    # What was traced is in view, and the names stay where they are.
    before = scroller.evaluate("e => e.scrollLeft")
    figure.get_by_role("slider").press("End")
    expect(figure.locator(".stack-value")).to_contain_text("Value 6: pixels 102 to 313")
    assert scroller.evaluate("e => e.scrollLeft") > before
    names = figure.locator(".stack-names").bounding_box()
    assert names == pytest.approx(scroller.bounding_box(), abs=2)
    expect(figure.locator(".figure-words")).to_contain_text("has 7 values")
    assert visit.messages == []


def point(figure: Locator, from_top: int, pixel: float, act: str = "hover") -> None:
    """Point at a row of the lesson's stack, counted from the top, over a pixel of the input."""
    drawing = figure.locator(".stack > svg").first
    box, view = drawing.bounding_box(), drawing.get_attribute("viewBox")
    assert box
    assert view
    scale = box["width"] / float(view.split()[2])
    place = {"x": (88 + 25 * pixel) * scale, "y": (14 + 40 * from_top) * scale}
    getattr(drawing, act)(position=place)


def test_a_click_holds_though_all_is_drawn_anew_before_it_ends(open_page: OpenPage) -> None:
    figure = wake(open_page(LESSON).page, ELEMENT)
    mouse = figure.page.mouse
    point(figure, 3, 8.5)
    mouse.down()
    figure.evaluate(f"figure => {{ figure.show(); return {FRAMES}; }}")
    mouse.up()
    mouse.move(0, 0)
    figure.evaluate(f"() => {FRAMES}")
    expect(figure.locator(".stack-value")).to_have_text("Value 7: pixels 7 to 9, 3 in the image")


def test_by_pointer_hovering_shows_and_clicking_keeps(open_page: OpenPage) -> None:
    figure = wake(open_page(LESSON).page, ELEMENT)
    label = figure.locator(".stack-value")
    point(figure, 2, 4.5)
    expect(label).to_have_text("Value 2: pixels 2 to 6, 5 in the image")
    expect(figure.locator(".stack text")).to_have_text(
        ["field 5", "input", "conv 3 × 3", "conv 3 × 3", "pool 2 × 2", "conv 3 × 3"]
    )
    point(figure, 1, 5)
    expect(label).to_have_text("Value 1: pixels 2 to 7, 6 in the image")
    figure.page.mouse.move(0, 0)
    expect(label).to_have_text("Value 0: pixels 0 to 9, 10 in the image")
    point(figure, 3, 8.5, "click")
    figure.page.mouse.move(0, 0)
    expect(label).to_have_text("Value 7: pixels 7 to 9, 3 in the image")
    expect(figure.locator(".figure-heading")).to_have_text("Layer 1 of 4: conv 3 × 3")
    figure.get_by_role("button", name="Padding: one more").click()
    figure.get_by_role("slider").press("Home")
    expect(label).to_have_text("Value 0: pixels −1 to 1, 2 in the image, 1 in the padding")
    expect(figure.locator(".stack-sums")).to_contain_text("Start 0 − 1 · 1 = −1")
    dashed = figure.locator(".stack path.line-window.fill-surface[stroke-dasharray]")
    assert [(path.get_attribute("d") or "").count("M") for path in dashed.all()] == [1, 0]


def test_by_keyboard_alone_layers_are_changed_and_moved(open_page: OpenPage) -> None:
    page = open_page(LESSON, width=320).page
    figure = wake(page, ELEMENT)
    heading = figure.locator(".figure-heading")

    def press(name: str) -> None:
        figure.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")

    figure.locator("tbody button").nth(2).focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_text("Layer 3 of 4: pool 2 × 2")
    press("Earlier")
    expect(heading).to_have_text("Layer 2 of 4: pool 2 × 2")
    assert row(figure, 2) == ["4", "4", "2", "0"]
    expect(figure.locator(".impossible")).to_contain_text(
        "Layer 4, conv 3 × 3, is 3 wide, what it gets only 2"
    )
    figure.locator(".impossible button").first.focus()
    page.keyboard.press("Enter")
    expect(figure.locator(".impossible")).to_have_count(0)
    # What was changed is on show, and the focus on it.
    expect(heading).to_have_text("Layer 4 of 4: conv 2 × 2")
    expect(figure.get_by_role("spinbutton", name="Kernel")).to_be_focused()
    figure.locator("tbody button").nth(1).focus()
    page.keyboard.press("Enter")
    press("Later")
    press("Later")
    expect(heading).to_have_text("Layer 4 of 4: pool 2 × 2")
    press("Add")
    expect(heading).to_have_text("Layer 5 of 5: pool 2 × 2")
    figure.get_by_role("radio", name="pool").focus()
    page.keyboard.press("ArrowLeft")
    expect(heading).to_have_text("Layer 5 of 5: conv 2 × 2")
    figure.get_by_role("spinbutton", name="Dilation").focus()
    page.keyboard.press("ArrowUp")
    expect(figure.locator(".impossible")).to_contain_text("Layer 5, conv 2 × 2, is 3 wide")
    press("Remove")
    expect(heading).to_have_text("Layer 4 of 4: pool 2 × 2")
    for _ in range(3):
        press("Remove")
    expect(heading).to_have_text("Layer 1 of 1: conv 3 × 3")
    expect(figure.get_by_role("button", name="Remove", exact=True)).to_be_disabled()
    figure.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(figure.locator(".stack-value")).to_contain_text("Value 2: pixels 2 to 4")


def test_by_touch(browser: Browser, served_site: str) -> None:
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(served_site + LESSON)
        figure = wake(page, ELEMENT)
        point(figure, 2, 4.5, "tap")
        expect(figure.locator(".figure-heading")).to_have_text("Layer 2 of 4: conv 3 × 3")
        expect(figure.locator(".stack-value")).to_contain_text("Value 2: pixels 2 to 6")
        figure.get_by_role("button", name="Kernel: one more").tap()
        expect(figure.locator(".impossible")).to_have_count(1)
        figure.get_by_role("button", name="Input = 11").tap()
        expect(figure.locator(".impossible")).to_have_count(0)
        small = figure.locator("button, input:not([type=radio]), .choice label").evaluate_all(
            """all => all.map(e => e.getBoundingClientRect())
                .filter(box => box.width && Math.min(box.width, box.height) < 24)"""
        )
        assert small == []


def test_what_is_impossible_offers_what_is_possible(open_page: OpenPage) -> None:
    figure = wake(open_page(LESSON).page, ELEMENT)
    for state, words, offers in [
        (
            {"size": 9},
            "is 3 wide, what it gets only 2",
            ["Kernel = 2", "Padding = 1", "Input = 10"],
        ),
        (STATES[-1], "takes at most half its window", ["Padding = 1", "Kernel = 4"]),
        (
            {"size": 5, "layers": [layer("conv", 3, 1, 0, 4)], "layer": 1},
            "is 9 wide, what it gets only 5",
            ["Kernel = 2", "Padding = 2", "Dilation = 2", "Input = 9"],
        ),
    ]:
        start = {"size": 10, "layers": LESSONS, "layer": 4, "value": 0}
        for offer in offers:
            figure.evaluate("(figure, state) => figure.set(state)", start | state)
            box = figure.locator(".impossible")
            expect(box).to_contain_text(words)
            expect(box.get_by_role("button")).to_have_text(offers)
            expect(figure.locator(".figure-words")).to_contain_text("Impossible")
            box.get_by_role("button", name=offer).click()
            expect(box).to_have_count(0)
            expect(figure.locator(".figure-words")).not_to_contain_text("Impossible")


def printed(source: str) -> dict[str, str]:
    told = StringIO()
    with redirect_stdout(told):
        exec(source, {})
    return dict(re.findall(r"([a-z ]+?): (-?\d+)\s?", told.getvalue()))


@pytest.mark.parametrize("state", STATES, ids=lambda state: str(len(str(state))))
def test_its_programs_compute_what_it_shows(state: dict[str, Any], open_page: OpenPage) -> None:
    figure = wake(open_page(link(ELEMENT, state)).page, ELEMENT)
    numpy, pytorch = (program(figure, name) for name in ("NumPy", "PyTorch"))
    if figure.locator(".impossible").count():
        assert numpy.startswith("# Layer ")
        with pytest.raises(RuntimeError):
            printed(pytorch)
        return
    size, field, jump, start = row(figure, state.get("layer", 4))
    told = figure.locator(".stack-value").inner_text()
    pixels = re.search(r"(\d+) have an influence", told) or re.search(r"(\d+) in the image", told)
    assert pixels
    found = printed(numpy)
    minus = start.replace("−", "-")
    assert found == {
        "size": size,
        "field": field,
        "jump": jump,
        "start": minus,
        "depends on pixels of the image": pixels[1],
    }
    assert printed(pytorch) == {"size": size, "depends on pixels of the image": pixels[1]}


def test_a_link_restores_it(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    figure = wake(page, ELEMENT)
    figure.get_by_text("AlexNet").click()
    figure.locator("tbody button").nth(4).click()
    figure.get_by_role("slider").press("ArrowRight")
    page.wait_for_url(f"**{ELEMENT}=*value*")
    told = figure.locator(".figure-words").inner_text()
    assert "Layer 5 of 8" in told
    page.reload()
    figure = wake(page, ELEMENT)
    expect(figure.locator(".figure-words")).to_have_text(told)
    expect(figure.get_by_label("AlexNet")).to_be_checked()
    figure.get_by_role("button", name="Reset").click()
    page.wait_for_url(f"**/{LESSON}")


HOSTILE = [
    "{",
    "[1]",
    '{"size": 513}',
    '{"size": "10"}',
    '{"layers": []}',
    '{"layers": {"length": 1}}',
    '{"layers": [null]}',
    '{"layers": [{"kind": "conv"}]}',
    '{"layers": [{"kind":"<b>","kernel":3,"stride":1,"padding":0,"dilation":1}]}',
    '{"layers": [{"kind":"conv","kernel":3,"stride":0,"padding":0,"dilation":1}]}',
    '{"layers": [{"kind":"pool","kernel":3,"stride":1,"padding":0,"dilation":2}]}',
    '{"layers": [{"kind":"conv","kernel":1e3,"stride":1,"padding":0,"dilation":1}]}',
    json.dumps({"layers": [layer("conv", 1)] * 25}),
    '{"layer": 5}',
    '{"layer": 0}',
    '{"value": -1}',
    '{"value": 0.5}',
]


def test_hostile_links_leave_the_lessons_values(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    figure = wake(visit.page, ELEMENT)
    for text in HOSTILE:
        follow(visit.page, ELEMENT, text)
        expect(figure.locator(".figure-note")).to_contain_text("could not be used")
        assert row(figure, 4) == ["1", "10", "2", "0"]
        figure.get_by_role("button", name="Reset").click()
        expect(figure.locator(".figure-note")).not_to_contain_text("could not be used")
    far = {"size": 512, "layers": [layer("conv", 31, 1, 31)] * 24, "layer": 24, "value": 9999}
    figure = wake(open_page(link(ELEMENT, far)).page, ELEMENT)
    expect(figure.locator(".stack-value")).to_contain_text("Value ")
    assert visit.messages == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing(width: int, scheme: str, open_page: OpenPage) -> None:
    page = open_page(LESSON, width=width, scheme=scheme).page
    figure = wake(page, ELEMENT)
    start = {"size": 10, "layers": LESSONS, "layer": 4, "value": 0}
    for state in STATES:
        figure.evaluate("(figure, state) => figure.set(state)", start | state)
        program(figure, "NumPy")
        show_all(figure)
        found = Axe().run(page, "#figure-receptive_field_growth", AXE_OPTIONS)
        faults = [(f["id"], f["nodes"][0]["html"]) for f in found.response["violations"]]
        assert faults == [], state
        assert page.evaluate("document.documentElement.scrollWidth") == width

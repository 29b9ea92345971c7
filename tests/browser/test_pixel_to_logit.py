"""The forward pass, and kernels over a photo: by pointer, touch and keyboard, and from links."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.figures import FRAMES, LESSON, Alive, follow, link, show_all, wake
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import HEIGHTS, OpenPage

ELEMENT = "pixel-to-logit"
MAP = ["0.852", "0.789", "0.817", "0.874"]
LOGITS = ["1.024", "−0.687"]
STATES: dict[str, dict[str, object]] = {
    "other patch": {"patch": [[(3 * r + 5 * c) % 7 / 6 for c in range(4)] for r in range(4)]},
    "negative": {"kernel": [[-1, -2, -1], [0, 0.5, 0], [-1, 0, -9]], "bias": [-3.5, 2]},
    "equal": {"weights": [[0], [0]], "bias": [1.5, 1.5]},
}
PHOTO = {"filter": 9, "turn": 33, "threshold": 20}
MODULE = "/assets/javascripts/interactive/photo.js"


def cells(page: Page, label: str) -> Locator:
    return page.locator(f'{ELEMENT} .pass [aria-label="{label}"] > *')


def texts(page: Page, label: str) -> list[str]:
    page.evaluate(FRAMES)
    return cells(page, label).all_inner_texts()


def named(page: Page, name: str) -> Locator:
    return page.locator(ELEMENT).get_by_role("button", name=name, exact=True)


def words(page: Page) -> Locator:
    return page.locator(f"{ELEMENT} .figure-words")


def value(text: str) -> float:
    return float(text.replace("−", "-"))


def open_photo(page: Page) -> Locator:
    page.get_by_text("Try kernels on your own photo").click()
    part = page.locator(f"{ELEMENT} .photo-part")
    part.wait_for()
    return part


def png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "png")
    return file.getvalue()


def test_it_starts_with_the_lessons_own_numbers(alive: Alive) -> None:
    page = alive()
    assert texts(page, "Feature map") == texts(page, "After ReLU") == MAP
    assert texts(page, "Max pool") == ["0.874"]
    assert texts(page, "Logit") == LOGITS
    expect(page.get_by_text("The larger logit wins: crack, by 1.710.")).to_be_visible()
    expect(words(page)).to_contain_text("Max pooling keeps 0.874, from row 2, column 2.")
    expect(words(page)).to_contain_text("1.024 for crack and −0.687 for no crack: crack wins.")
    negative = page.locator(f"{ELEMENT} [data-negative]")
    assert negative.count() == 6 + 3  # weights of the kernel; a weight, a bias, a logit
    hatched = "e => getComputedStyle(e).backgroundImage.includes('repeating-linear-gradient')"
    assert all(negative.nth(index).evaluate(hatched) for index in range(negative.count()))
    assert ELEMENT not in page.url


def test_by_pointer(alive: Alive) -> None:
    page = alive()
    pixel = cells(page, "Patch").nth(5)
    pixel.fill("0,1")
    pixel.press("Enter")
    assert texts(page, "Feature map") == ["−0.050", "−0.113", "1.309", "1.366"]
    assert texts(page, "After ReLU") == ["0.000", "0.000", "1.309", "1.366"]
    changed = page.locator(f"{ELEMENT} .pass .changed")
    # The pixel, four responses, four after ReLU, the pooled value three times, two logits.
    expect(changed).to_have_count(1 + 4 + 4 + 3 + 2)
    assert changed.first.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
    expect(page.get_by_text("Before: 1.024 and −0.687.")).to_be_visible()
    expect(words(page)).to_contain_text("ReLU makes the 2 negative responses zero.")
    expect(words(page)).to_contain_text("Your edit changed 4 of 4 responses.")

    # A pixel that is no part of the winner's window changes no logit.
    named(page, "Reset").click()
    pixel = cells(page, "Patch").first
    box = pixel.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5 + 6 * 3, box["y"] + 5, steps=3)
    page.mouse.up()
    expect(pixel).to_have_value("0.20")
    expect(changed).to_have_count(3)
    expect(words(page)).to_contain_text("changed 1 of 4 responses, and not the largest one")
    assert texts(page, "Logit") == LOGITS

    cells(page, "Feature map").nth(1).hover()
    expect(page.locator(f'{ELEMENT} .pass [aria-label="Patch"] > .seen')).to_have_count(9)
    cells(page, "Bias").nth(1).fill("9")
    cells(page, "Bias").nth(1).press("Tab")
    expect(page.get_by_text("The larger logit wins: no crack, by 7.190.")).to_be_visible()
    named(page, "Turn the kernel").click()
    expect(cells(page, "Kernel").nth(0)).to_have_value("−0.6")
    expect(cells(page, "Kernel").nth(1)).to_have_value("1.1")
    named(page, "Invert the patch").click()
    expect(pixel).to_have_value("0.80")
    named(page, "Reset").click()
    assert texts(page, "Logit") == LOGITS


def test_by_keyboard(alive: Alive) -> None:
    page = alive()
    cells(page, "Patch").first.focus()
    for key in ("ArrowRight", "Control+ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(cells(page, "Patch").nth(5)).to_be_focused()
    expect(cells(page, "Patch").nth(5)).to_have_value("0.87")
    for label in ("Turn the patch", "Invert the patch", "Darken the patch"):
        page.keyboard.press("Tab")
        expect(named(page, label)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(cells(page, "Kernel").first).to_have_value("2.0")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(cells(page, "Feature map").first).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(f'{ELEMENT} .pass [aria-label="Patch"] > .seen')).to_have_count(9)
    page.get_by_text("Try kernels on your own photo").focus()
    page.keyboard.press("Enter")
    page.get_by_role("slider", name="Turn the photo by").focus()
    page.keyboard.press("PageUp")
    expect(words(page)).to_contain_text("turned by 18°")
    page.get_by_role("radio", name="The kernel above").focus()
    page.keyboard.press("ArrowDown")
    expect(words(page)).to_contain_text("the kernel “Level lines”")


def test_by_touch(browser: Browser, served_site: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(served_site + LESSON)
    wake(page, ELEMENT)
    named(page, "Darken the patch").tap()
    expect(cells(page, "Patch").nth(5)).to_have_value("0.46")
    page.get_by_text("Try kernels on your own photo").tap()
    expect(page.locator(ELEMENT).get_by_text("Take a photo")).to_be_visible()
    page.get_by_text("Corners", exact=True).tap()
    expect(words(page)).to_contain_text("the kernel “Corners”")
    weight = cells(page, "Kernel").nth(4)
    weight.scroll_into_view_if_needed()
    box = weight.bounding_box()
    assert box
    touch = context.new_cdp_session(page)
    y = box["y"] + box["height"] / 2
    for kind, x in (("Start", 20), ("Move", 10), ("Move", 0), ("Move", -10), ("Move", -20)):
        point = {"x": box["x"] + x, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(weight).not_to_have_value("1.1")
    small = page.eval_on_selector_all(
        f"{ELEMENT} :is(button, .figure-button, input.matrix-cell, .bank label)",
        """found => found.map(e => [e.textContent, e.getBoundingClientRect()])
            .filter(([, { width, height }]) => width && (width < 24 || height < 24))""",
    )
    assert small == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(scheme: str, alive: Alive) -> None:
    page = alive(scheme=scheme)
    page.locator(f"{ELEMENT} .figure-code summary").click()
    for state in (STATES["negative"], {**STATES["other patch"], **PHOTO}):
        follow(page, ELEMENT, state)
        expect(page.locator(f"{ELEMENT} .bank")).to_have_count(int("turn" in state))
        show_all(page.locator(ELEMENT))
        found = Axe().run(page, context=ELEMENT, options=AXE_OPTIONS).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], state


def test_the_programs_compute_what_is_shown(alive: Alive) -> None:
    page = alive()
    page.locator(f"{ELEMENT} .figure-code summary").click()
    codes = page.locator(f"{ELEMENT} .figure-code code")
    for state in ({}, *STATES.values()):
        if state:
            before = codes.first.inner_text()
            follow(page, ELEMENT, state)
            expect(codes.first).not_to_have_text(before)
        programs = codes.all_inner_texts()
        assert len(programs) == 2
        for program in programs:
            names: dict[str, object] = {}
            with redirect_stdout(StringIO()):
                exec(program, names)
            for label, name in (
                ("Feature map", "feature_map"),
                ("Max pool", "pooled"),
                ("Logit", "logits"),
            ):
                computed = np.asarray(names[name]).ravel()
                assert [value(text) for text in texts(page, label)] == pytest.approx(
                    computed, abs=0.000501
                )
    expect(page.get_by_text("The logits are equal: no class wins.")).to_be_visible()


def test_a_link_restores_what_was_shown(alive: Alive) -> None:
    state = {**STATES["other patch"], **STATES["negative"], **PHOTO}
    page = alive(state)
    expect(words(page)).to_contain_text("turned by 33°, the kernel “Large spots”")
    shown, told = texts(page, "Feature map"), words(page).inner_text()
    assert shown != MAP
    named(page, "Copy link to this state").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.goto("about:blank")
    page.goto(copied)
    wake(page, ELEMENT)
    expect(words(page)).to_have_text(told)
    assert texts(page, "Feature map") == shown


HOSTILE = [
    "{",
    "null",
    "[1]",
    '{"patch": [[1]]}',
    '{"patch": 7}',
    '{"patch": [[0, 0, 0, 2], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]}',
    '{"kernel": [[0, 0, "<b>"], [0, 0, 0], [0, 0, 0]]}',
    '{"kernel": [[1, 1], [1, 1]]}',
    '{"weights": [[1, 1], [1, 1]]}',
    '{"bias": 1}',
    '{"bias": [1]}',
    '{"bias": [1e999, 0]}',
    '{"filter": 16}',
    '{"filter": "constructor"}',
    '{"turn": -1}',
    '{"turn": 1.5}',
    '{"threshold": 101}',
    '{"kernel": ' + "[" * 900 + "]" * 900 + "}",
    "9" * 7000,
]


def test_a_link_that_cannot_be_used_says_so_and_starts_anew(open_page: OpenPage) -> None:
    visit = open_page(link(ELEMENT, HOSTILE[0]))
    page = visit.page
    wake(page, ELEMENT)
    note = page.locator(f"{ELEMENT} .figure-note")
    for text in HOSTILE:
        follow(page, ELEMENT, text)
        expect(note).to_contain_text("The link's values could not be used: ")
        assert texts(page, "Feature map") == MAP, text
        cells(page, "Kernel").first.fill("5")
        cells(page, "Kernel").first.press("Enter")
        expect(note).to_have_text("")
    assert visit.messages == []


def test_the_bank_computes_what_torch_computes(alive: Alive) -> None:
    page = alive()
    side, kernel = 40, [[0.5, -1, 2], [0, 3, -0.1], [1, 1, -4]]
    photo = np.random.default_rng(0).random((side, side))
    found = page.evaluate(
        f"""async ([photo, side, kernel]) => {{
            const {{ bank, respond }} = await import("{MODULE}");
            return bank(kernel).map((weights) => {{
                const wide = side - weights.length + 1;
                const sums = new Float64Array(wide ** 2);
                return [weights, [...respond(Float64Array.from(photo), side, weights, sums)]];
            }});
        }}""",
        [photo.ravel().tolist(), side, kernel],
    )
    assert len(found) == 16
    for weights, responses in found:
        expected = torch.conv2d(
            torch.tensor(photo)[None, None], torch.tensor(weights, dtype=torch.double)[None, None]
        )
        assert np.allclose(responses, expected.ravel(), rtol=0, atol=1e-12)
    assert len({json.dumps(weights) for weights, _ in found}) == 16


def test_a_photo_stays_here_and_its_responses_are_those_of_the_programs(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = open_page(LESSON)
    page = visit.page
    wake(page, ELEMENT)
    part = open_photo(page)
    page.wait_for_load_state("networkidle")
    asked = len(visit.requests)
    noise = np.random.default_rng(1).integers(0, 256, (300, 500, 3), dtype=np.uint8)
    upload = {"name": "crack.png", "mimeType": "image/png", "buffer": png(Image.fromarray(noise))}
    expect(words(page)).to_contain_text("Over the photo")
    of_the_panel = words(page).inner_text()
    part.get_by_label("Choose a photo").set_input_files(upload)
    expect(part.locator(".photo-status")).to_have_text(
        "crack.png: cut to a square, 224 × 224 pixels, gray."
    )
    expect(words(page)).not_to_have_text(of_the_panel)
    monkeypatch.chdir(tmp_path)
    page.locator(f"{ELEMENT} .figure-code summary").click()
    told = set()
    for filter_name, turn in (("The kernel above", "0"), ("Large spots", "25"), ("Mean", "90")):
        part.get_by_text(filter_name, exact=True).last.click()
        page.get_by_role("slider", name="Turn the photo by").fill(turn)
        expect(words(page)).to_contain_text(f"turned by {turn}°, the kernel “{filter_name}”")
        with page.expect_download() as download:
            named(page, "Save as photo.png").click()
        download.value.save_as(tmp_path / "photo.png")
        sentence = words(page).inner_text().partition("Over the photo")[2]
        told.add(sentence)
        for program in page.locator(f"{ELEMENT} .figure-code code").all_inner_texts():
            names: dict[str, object] = {}
            with redirect_stdout(StringIO()):
                exec(program, names)
            responses = np.asarray(names["responses"])
            low, high = (
                f"{number:z.3f}".replace("-", "−") for number in (responses.min(), responses.max())
            )
            assert f"responds with {low} to {high};" in sentence
            row, column = (int(place) + 1 for place in names["strongest"])
            assert f"row {row}, column {column}." in sentence
    assert len(told) == 3
    # Nothing was sent, and the link holds settings alone.
    new = [url for url in visit.requests[asked:] if not url.startswith("blob:")]
    assert {url.rpartition("/")[2] for url in new} <= {"favicon.svg"}
    assert len(page.url) < 300
    assert visit.messages == []


def test_what_is_no_photo_gets_a_sentence(alive: Alive) -> None:
    page = alive()
    part = open_photo(page)
    good = png(Image.new("RGBA", (20, 30), (0, 0, 0, 0)))
    header = b"IHDR" + (20_000).to_bytes(4, "big") * 2 + good[24:29]
    huge = good[:12] + header + crc32(header).to_bytes(4, "big") + good[33:]
    for name, kind, content, sentence in (
        ("empty.png", "image/png", b"", "empty.png is empty."),
        ("notes.txt", "text/plain", b"words", "notes.txt is no picture."),
        ("plan.svg", "image/svg+xml", b"<svg/>", "An SVG file is a drawing without pixels."),
        ("phone.heic", "image/heic", b"\0\0\0\x18ftypheic", "cannot read HEIC photos"),
        ("torn.png", "image/png", good[:30], "cannot read torn.png as a picture"),
        ("lies.jpg", "image/jpeg", b"<script>alert(1)</script>", "cannot read lies.jpg"),
        ("wide.png", "image/png", huge, "wide.png has 400 megapixels."),
        ("clear.png", "image/png", good, "clear.png: cut to a square"),
    ):
        upload = {"name": name, "mimeType": kind, "buffer": content}
        part.get_by_label("Choose a photo").set_input_files(upload)
        expect(part.locator(".photo-status")).to_contain_text(sentence)
    # What is clear lies on white.
    gray = part.locator("canvas").first
    assert gray.evaluate("c => [...c.getContext('2d').getImageData(9, 9, 1, 1).data]") == [255] * 4
    part.evaluate(
        """part => {
            const dataTransfer = new DataTransfer();
            const content = [new Uint8Array(51e6)];
            dataTransfer.items.add(new File(content, "vast.png", { type: "image/png" }));
            part.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
        }"""
    )
    expect(part.locator(".photo-status")).to_contain_text("vast.png has 51 MB.")


def test_nothing_jumps_when_it_comes_alive(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    height = f"() => document.querySelector('{ELEMENT}').getBoundingClientRect().height"
    for width, tall in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": tall})
        page.reload()
        before = page.evaluate(height)
        wake(page, ELEMENT)
        assert page.evaluate(height) == before
        open_photo(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width

"""Blocks that run in the page: one visit, one worker, in a real browser."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route

from benchmarks.page_weights import weigh
from proof.bindings import holds, scope_of
from proof.following import Element
from proof.following import Page as Source
from proof.numerals import Numeral, find_numerals, prints_as
from proof.project import DOCS, snippet_paths, uses_torch
from proof.session import Limits, Session
from proof.site.sources import sources_of
from proof.values import numbers
from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import OpenPage, Visit

LESSON = "cnns-from-scratch/"
SNIPPETS = {path.stem: path for path in snippet_paths() if path.parent.name == "cnns_from_scratch"}
RUN_HERE = [name for name, path in SNIPPETS.items() if not uses_torch(path)]
HIDING = "x = 1  # \u202e 2"  # shown in another order than it is read in
PATIENCE = 180_000  # milliseconds, for a machine that has much else to do
NAME = "slide_the_kernel"
LESSON_CODE = SNIPPETS[NAME].read_text("utf-8")


@pytest.fixture
def visit(open_page: OpenPage) -> Iterator[Visit]:
    """Open the lesson; nothing may come from elsewhere, or be refused by the page's policy."""
    visit = open_page(LESSON)
    visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield visit
    origin = urlsplit(visit.site).netloc
    assert {urlsplit(url).netloc for url in visit.requests} <= {origin, ""}
    assert visit.messages == []


def block(page: Page, name: str = NAME) -> Locator:
    return page.locator(f"#snippet-{name}")


def said(page: Page, name: str = NAME) -> str:
    """Give what is said of a run when it has ended."""
    page.wait_for_selector(f"#snippet-{name}[aria-busy=false]", timeout=PATIENCE)
    return block(page, name).locator(".run-about [role=status]").inner_text()


def press(page: Page, button: str, name: str = NAME) -> None:
    block(page, name).get_by_role("button", name=button, exact=True).click()


def write(page: Page, code: str) -> None:
    """Put code into the block's editor, in the place of what is there."""
    block(page).get_by_role("textbox").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


def run(page: Page, code: str) -> str:
    write(page, code)
    page.keyboard.press("Control+Enter")
    return said(page)


def printed(page: Page, name: str = NAME) -> str:
    return block(page, name).locator(".snippet-output:visible samp").inner_text()


def test_all_blocks_without_torch_print_what_is_documented(visit: Visit, built_site: Path) -> None:
    page = visit.page
    assert page.locator(".snippet-run").count() == len(RUN_HERE)
    before = [url.rpartition("/")[2] for url in visit.requests if "/run/" in url]
    assert set(before) == {"blocks.js"}
    assert weigh(built_site / "assets/javascripts/run/blocks.js") < 3_000
    assert not [url for url in visit.requests if "/python/" in url]
    for name in RUN_HERE:
        press(page, "Run", name)
        assert said(page, name) == "Same as documented."
        documented = SNIPPETS[name].with_suffix(".out").read_text("utf-8")
        assert printed(page, name).strip("\n") == documented.strip("\n")
    blobs = [worker.url for worker in page.workers if worker.url.startswith("blob:")]
    assert len(blobs) <= 2  # the one for all, and its reserve


DEEP = "Line 3: functions called each other too deep: does one call itself without end?"
LARGE = "import numpy as np\na = np.ones(35_000_000)\n"  # there is no room for two
SPOILING = """import builtins, numpy
numpy.set_printoptions(precision=1)
builtins.print = builtins.len = None
"""
FAILURES = [
    ("while True:\n    print('x' * 80)", "Line 2: it printed more than 200,000 characters"),
    ("\nx = input('name')", "Line 2: it waits for input, and nobody can type here"),
    ("import numpy as np\nnp.ones((100_000, 12_500))", "Line 2: there is not enough memory: this"),
    ("x = [0]\nwhile True:\n    x = x * 2", "Line 3: there is not enough memory: this page gives"),
    ("import torch", "Line 1: there is no torch here: this page has Python’s standard library"),
    (
        "__import__('matplotlib')",
        "Line 1: there is no matplotlib here: this page has Python’s standard "
        "library and NumPy. It is loaded where a statement imports it: write `import matplotlib`.",
    ),
    ("print(1", "Line 1: this is not Python: '(' was never closed."),
    ("a = 1\na / 0", "Line 2: ZeroDivisionError: division by zero."),
    ("kernel = 1\nprint(kernal)", "Line 2: NameError: name 'kernal' is not defined. Did you mean"),
    ("def f():\n    f()\nf()", "Line 2: functions called each other too deep"),
    ("class A:\n    def __repr__(self):\n        return repr(self)\nA()\nprint(A())", DEEP),
    ("import os\nos._exit(1)", "Line 2: it would end Python itself, which the other blocks need"),
    ("import os\nos.kill(os.getpid(), 9)", "The code ended Python itself."),
    ("import sys\nsys.exit('no data')", "Line 2: the code ended itself: no data."),
    ("import threading\nthreading.Thread(target=print).start()", "Line 2: this page runs one"),
    ("import subprocess\nsubprocess.run(['ls'])", "Line 2: this page runs one Python alone"),
    ("import asyncio\n\nasyncio.run(asyncio.sleep(0))", "Line 3: nothing can be awaited here"),
    ("import numpy as np\n\nnp.linalg.cholesky([1])", "Line 3: LinAlgError: 1-dimensional array"),
    ("raise ValueError('x' * 1_000_000)", "Line 1: ValueError: xxx"),
    (f"{LARGE}def held(): pass", "Not as documented: 3 lines differ."),
    (f"{LARGE}def held(): return a", "Not as documented: 3 lines differ."),
    ("print('\U0001f600 \\ud800 é')", "Not as documented: 3 lines differ."),
    ("import sys\nsys.stdout.buffer.write(b'\\xff\\n')", "Not as documented: 3 lines differ."),
    (SPOILING, "Not as documented: 3 lines differ."),
    ("print('<b>bold</b>')", "Not as documented: 3 lines differ."),
    ("import js\njs.eval('1')", "Line 2: "),
    (LESSON_CODE.replace("0.05, 0.08", "0.06, 0.08"), "Not as documented: 0.846 instead of 0.852."),
    (LESSON_CODE, "Same as documented."),
]


def test_what_goes_wrong_is_told_with_its_line_and_the_page_lives_on(visit: Visit) -> None:
    page = visit.page
    press(page, "Edit")
    for code, expected in FAILURES:
        found = run(page, code)
        assert found.startswith(expected), (code, found)
        assert "Traceback" not in found
        line = re.match(r"Line (\d+): ", found)
        marked = block(page).locator(".cm-wrong").all_inner_texts()
        assert marked == ([code.split("\n")[int(line[1]) - 1]] if line else []), code
        if "bold" in code:
            assert printed(page) == "<b>bold</b>\n"
        if "print(A())" in code:
            assert block(page).get_by_text("Nothing was printed here").is_visible()
        if "ud800" in code:
            assert printed(page) == "\U0001f600 \ud800 é\n"
        if "xff" in code:
            assert printed(page) == "\ufffd\n"
        if "0.06, 0.08" in code:
            assert block(page).locator("mark").all_inner_texts() == ["0.846"]
            found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
            assert found == [], json.dumps(found, indent=1)

    run(page, "for n in range(1000): print(n)")
    assert len(printed(page).splitlines()) == 200
    press(page, "Show all 1,000 lines")
    assert len(printed(page).splitlines()) == 1000
    check_drawing(visit)


DRAWING = """import os
os.chdir("/tmp")
import matplotlib.pyplot as plt
plt.figure(figsize=(4, 2), facecolor="#204060")
plt.suptitle("Responses")
plt.xlabel("column")
plt.show()
"""
# Of each picture: its text, its own and its shown width, its place in the block, a corner's colour.
PICTURES = """async (images) => {
    await Promise.all(images.map((image) => image.decode()));
    return images.map((image) => {
        const context = document.createElement("canvas").getContext("2d");
        context.drawImage(image, 0, 0);
        return [
            image.alt, image.naturalWidth, image.clientWidth,
            image.closest(".snippet-output").clientWidth >= image.getBoundingClientRect().width,
            [...context.getImageData(2, 2, 1, 1).data].join(),
        ];
    });
}"""
ADDRESSES = "found => found.map(({ src }) => src)"
WHEEL = re.compile(r"/matplotlib-.*\.whl$")


def check_drawing(visit: Visit) -> None:
    """Check what a block of a warm page draws: loaded then, shown, replaced, limited."""
    page = visit.page
    images = block(page).locator(".run-pictures img")
    assert not any(WHEEL.search(url) for url in visit.requests)
    assert "\nA picture was drawn." in run(page, DRAWING)
    assert sum(bool(WHEEL.search(url)) for url in visit.requests) == 1
    assert images.evaluate_all(PICTURES) == [
        ["Responses; across: column", 800, 400, True, "32,64,96,255"]
    ]
    [first] = images.evaluate_all(ADDRESSES)
    assert first.startswith("blob:")

    found = run(page, "from matplotlib import pyplot\nfor n in range(6): pyplot.figure()")
    assert "6 pictures were drawn: the first 4 are shown." in found
    shown = images.evaluate_all(PICTURES)
    assert [text for text, *_ in shown] == [f"Picture {n} drawn by this block" for n in range(1, 5)]
    assert {tuple(rest) for _, *rest in shown} == {(1280, 640, True, "255,255,255,255")}
    assert first not in images.evaluate_all(ADDRESSES)
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    assert found == [], json.dumps(found, indent=1)

    found = run(page, "import matplotlib.pyplot as plt\nplt.title('$\\\\frac$')\nplt.show()")
    assert found.startswith("Line 3: ValueError: \\frac")
    assert images.count() == 0


def test_a_loop_is_stopped_by_the_reader_and_the_next_run_works(visit: Visit) -> None:
    page = visit.page
    press(page, "Edit")
    write(page, "print('begun', flush=True)\nwhile True:\n    pass\n")
    press(page, "Run")
    block(page).get_by_text("Running").wait_for(timeout=PATIENCE)
    other = "one_convolution_window"
    press(page, "Run", other)  # it waits for its turn
    press(page, "Stop", other)
    assert said(page, other) == "Stopped."
    assert block(page).get_attribute("aria-busy") == "true"
    block(page, other).get_by_role("button", name="Run", exact=True).dblclick()
    press(page, "Stop")
    assert said(page) == "Stopped."
    assert said(page, other) == "Same as documented."


def test_what_does_not_end_is_ended_and_told_with_its_line(visit: Visit) -> None:
    page = visit.page
    page.route("**/run/python.js", shorten)
    press(page, "Edit")
    for code, expected in [
        ("x = 0\nwhile True:\n    x += 1", "Line [23]: it was still running after 2 seconds"),
        ("import time\n\ntime.sleep(1000)", "Line 3: it was still running after 2 seconds"),
        (SWALLOWING, r"Line ([3-7]|9|1[0-3]): it was still running after 5 seconds"),
        ("import itertools\nsum(itertools.count())", "It was still running after 5 seconds"),
        ("print(1)", "Not as documented"),
    ]:
        assert re.match(expected, found := run(page, code)), (code, found)


# Twice over: an interrupt may come between two rounds of the inner loop.
SWALLOWING = """
def swallow():
    while True:
        try:
            print(end="")
        except BaseException:
            pass

while True:
    try:
        swallow()
    except BaseException:
        pass
"""


def shorten(route: Route) -> None:
    """Give a run two seconds."""
    script = (served := route.fetch()).text()
    assert script.count("seconds:20") == 1
    route.fulfill(response=served, body=script.replace("seconds:20", "seconds:2"))


@pytest.mark.parametrize("denied", [False, True])
def test_a_change_is_kept_until_it_is_reset(visit: Visit, denied: bool) -> None:
    page = visit.page
    if denied:
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage',"
            " { get() { throw new DOMException('no', 'SecurityError') } })"
        )
        page.reload()
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    press(page, "Edit")
    write(page, "changed = 1\n")
    assert block(page).locator(".snippet-label:visible").inner_text() == "The lesson’s code prints"
    press(page, "Copy")
    block(page).get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "changed = 1\n"
    note = block(page).locator(".run-acts p").inner_text()
    assert ("refuses to store" in note) == denied
    page.reload()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert block(page).locator(".highlight").is_visible()
    press(page, "Edit" if denied else "Your change")
    text = block(page).get_by_role("textbox").inner_text()
    assert text.startswith("import numpy" if denied else "changed = 1")
    press(page, "Reset")
    assert block(page).get_by_role("textbox").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Edit"
    page.reload()
    assert block(page).get_by_role("button", name="Edit", exact=True).count() == 1
    if denied:
        assert set(visit.messages) <= {"no"}  # the theme's own, which does not expect it
        visit.messages.clear()


def test_a_link_shows_a_change_and_runs_nothing(visit: Visit) -> None:
    page = visit.page
    press(page, "Edit")
    write(page, "print('from a link − é')\n")
    press(page, "Copy link to this code")
    block(page).get_by_text("Link copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    press(page, "Reset")
    page.goto("about:blank")
    page.goto(link)
    assert block(page).get_by_role("textbox").inner_text().startswith("print('from a link − é')")
    assert "It runs only if you press Run" in block(page).locator(".run-acts").inner_text()
    assert not [url for url in visit.requests if "/python/" in url]
    assert page.evaluate("Object.keys(localStorage).filter(key => /change/.test(key))") == []

    address, _, packed = link.partition(":".join(["#change=cnns_from_scratch/" + NAME, ""]))
    for hash_, reason in [
        (f"#change=cnns_from_scratch/{NAME}:{packed[:-8]}", "it is damaged"),
        (f"#change=cnns_from_scratch/{NAME}:<script>", "it is damaged"),
        (f"#change=other/block:{packed}", "no block of this page is meant"),
        (f"#change=cnns_from_scratch/{NAME}:{'A' * 20_000}", "it is too long"),
        (f"#change=cnns_from_scratch/{NAME}:{pack(page, 'a' * 9_000_000)}", "it is too long"),
        (f"#change=cnns_from_scratch/{NAME}:{pack(page, HIDING)}", "can hide what"),
    ]:
        page.goto(f"{address.split('#')[0]}{hash_}")
        page.locator(".run-refusal", has_text=reason).wait_for()


def pack(page: Page, code: str) -> str:
    """Pack code as a link does."""
    return page.evaluate(
        """async (code) => {
            const packed = new Blob([code]).stream().pipeThrough(
                new CompressionStream("deflate-raw"));
            const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
            return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""))
                .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        }""",
        code,
    )


# The article's text, without the figures: they come to life as they are scrolled past.
TEXT = """() => {
    const article = document.querySelector("article").cloneNode(true);
    article.querySelectorAll(".interactive").forEach((figure) => figure.remove());
    return article.textContent;
}"""
# What is bound, as it is shown; a formula as its numbers, each with the sign beside it.
BOUND = """() => [...document.querySelectorAll("article :is([data-expression], [data-claim])")]
    .map((element) => ({
        kind: element.dataset.claim === undefined ? "value" : "claim",
        code: element.dataset.claim ?? element.dataset.expression,
        drawn: Boolean(element.closest(".figure-description")),
        state: element.dataset.follows ?? "same",
        text: element.textContent,
        numbers: [...element.querySelectorAll("mn")].map((number) => {
            const before = number.previousElementSibling;
            return (before?.getAttribute("lspace") === "0" ? before.textContent : "")
                + number.textContent;
        }),
    }))"""
ONLY_TORCH = re.compile(r"\b(image|numpy_logits|to_first|shared|padded_pool)\b")
OTHERS = {
    "0.05, 0.08": "0.31, 0.08",
    "0.90, 0.93": "0.9, 0.3",
    "[-0.6, -0.6, -0.6],\n    [1.1, 1.1, 1.1]": "[0.4, -0.6, -0.6],\n    [-0.2, 1.1, 1.3]",
}


def check_natively(page: Page, folder: Path) -> set[str]:
    """Check what the page shows against this Python's values; give the claims that fell."""
    source = Source(sources_of(DOCS / LESSON / "index.md"))
    codes = page.locator("[data-changed]").evaluate_all(
        "found => found.map(({ dataset }) => [dataset.snippet, dataset.changed])"
    )
    before = signal.getsignal(signal.SIGINT)
    session = Session(folder, Limits(20, 10_000, 512), lambda _: None)
    signal.signal(signal.SIGINT, before)
    values = {
        name: session.left(name, dict(codes).get(name, code)).values
        for name, code in source.codes.items()
        if name not in source.absent
    }
    values |= {name: {} for name in source.absent}
    shown = page.evaluate(BOUND)
    notations = source.notations_of([Element(one["kind"], one["code"], []) for one in shown])
    fallen = set()
    for one, notation in zip(shown, notations, strict=True):
        if one["drawn"] or ONLY_TORCH.search(one["code"]):
            continue  # the figure is the lesson's; what torch computes is not computed here
        assert one["state"] != "lesson", one
        section = source.section_of(notation)
        scope = scope_of(source.source, section, values, source.lesson)
        if one["kind"] == "claim":
            assert holds(one["code"], scope) == ("no longer true here" not in one["text"])
            fallen |= set() if holds(one["code"], scope) else {one["code"]}
            continue
        numerals = find_numerals(one["text"], words=not notation.block)
        if one["numbers"]:
            numerals = [Numeral(text, 0, len(text)) for text in one["numbers"]]
        found = numbers(scope.evaluate(one["code"]).value)
        for number, numeral in zip(found, numerals, strict=True):
            assert prints_as(number, numeral), (one, number)
    return fallen


def test_the_page_follows_the_reader_and_comes_back(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    built = page.evaluate(TEXT)
    press(page, "Edit")
    code = LESSON_CODE
    for lesson, own in OTHERS.items():
        assert lesson in code
        code = code.replace(lesson, own)
    run(page, code)
    bar = page.get_by_role("region", name="Your own values")
    bar.wait_for(timeout=PATIENCE)
    # Another block has not run with the reader's patch: what it left is marked as the lesson's.
    first = page.locator("[data-expression='first_response']").first
    assert (first.inner_text(), first.get_attribute("data-follows")) == ("0.852", "lesson")
    bar.get_by_role("button", name="Run 4 other blocks with your patch and kernel").click()
    page.locator("[data-expression='first_response'][data-follows=yours]").first.wait_for()
    fallen = check_natively(page, tmp_path)
    assert {"strongest == (1, 1)", "(kernel == kernel[:, :1]).all()"} <= fallen
    table = page.locator("table[data-expression='range(1, 5), enumerate(patch, 1)'] mark")
    assert table.all_inner_texts() == ["0.31", "0.30"]
    formula = page.locator(".formula[data-expression^='top, left, kernel[0, 0]'] .follow-own")
    assert formula.all_text_contents()[:3] == ["0.4", "0.31", "−0.2"]
    caption = page.locator("#figure-kernel_over_patch figcaption")
    assert "This figure shows the lesson’s values." in caption.inner_text()
    assert caption.locator("mark").first.is_visible()

    own = first.inner_text()
    name = f"{own}, your value, the lesson’s is 0.852, show where it comes from"
    page.get_by_role("button", name=name).first.press("Enter")
    card = page.locator(".proof-card")
    card.get_by_text("In the lesson", exact=True).wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-expression='image.shape']").click()
    card.get_by_text("needs PyTorch, which does not run in a page; cnn_forward_numpy").wait_for()
    page.keyboard.press("Escape")
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    assert found == [], json.dumps(found, indent=1)

    run(page, f"{code}strongest = None\n")
    page.get_by_text("(no value here)").first.wait_for()
    bar.get_by_role("button", name="Bring the lesson’s back").press("Enter")
    assert bar.is_hidden()
    assert page.evaluate(TEXT) == built
    assert page.evaluate("document.activeElement.textContent") == "Edit"
    assert page.evaluate("Object.keys(localStorage).filter(key => /change/.test(key))") == []


def test_the_keyboard_edits_runs_and_leaves(visit: Visit) -> None:
    page = visit.page
    block(page).get_by_role("button", name="Edit", exact=True).focus()
    page.keyboard.press("Enter")
    block(page).get_by_role("textbox").wait_for()
    named = block(page).get_by_role(
        "textbox", name=f"Code of {NAME}.py. Tab leaves it, Control and Enter run it.", exact=True
    )
    assert named.count() == 1
    focused = "document.activeElement.shadowRoot?.activeElement?.role ?? ''"
    assert page.evaluate(focused) == "textbox"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Reset"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == "textbox"


def test_offline_the_first_run_says_so_and_a_later_one_works(visit: Visit) -> None:
    page = visit.page
    page.route("**/python/**", lambda route: route.abort())
    press(page, "Run")
    assert said(page).startswith("Python could not be loaded. Are you offline?")
    page.unroute("**/python/**")
    press(page, "Run")
    assert said(page) == "Same as documented."
    visit.messages.clear()  # the browser noted what was not loaded

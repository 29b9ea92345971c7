"""Blocks that run in the page: one visit, one worker, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from proof.project import snippet_paths, uses_torch
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


def test_all_blocks_without_torch_print_what_is_documented(visit: Visit) -> None:
    page = visit.page
    assert page.locator(".snippet-run").count() == len(RUN_HERE)
    before = [url.rpartition("/")[2] for url in visit.requests if "/run/" in url]
    assert set(before) == {"blocks.js"}
    assert not [url for url in visit.requests if "/python/" in url]
    for name in RUN_HERE:
        press(page, "Run", name)
        assert said(page, name) == "Same as documented."
        documented = SNIPPETS[name].with_suffix(".out").read_text("utf-8")
        assert printed(page, name).strip("\n") == documented.strip("\n")
    blobs = [worker.url for worker in page.workers if worker.url.startswith("blob:")]
    assert len(blobs) <= 2  # the one for all, and its reserve


FAILURES = [
    ("while True:\n    print('x' * 80)", "Line 2: it printed more than 200,000 characters"),
    ("\nx = input('name')", "Line 2: it waits for input, and nobody can type here"),
    ("import numpy as np\nnp.ones((100_000, 12_500))", "Line 2: there is not enough memory: this"),
    ("x = [0]\nwhile True:\n    x = x * 2", "Line 3: there is not enough memory: this page gives"),
    ("import torch", "Line 1: there is no torch here: this page has Python’s standard library"),
    ("print(1", "Line 1: this is not Python: '(' was never closed."),
    ("a = 1\na / 0", "Line 2: ZeroDivisionError: division by zero."),
    ("kernel = 1\nprint(kernal)", "Line 2: NameError: name 'kernal' is not defined. Did you mean"),
    ("def f():\n    f()\nf()", "Line 2: functions called each other too deep"),
    ("import os\nos._exit(1)", "Python failed: Exit: Program terminated"),
    ("print('<b>bold</b>')", "Not as documented: 3 lines are others."),
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
        if "bold" in code:
            assert printed(page) == "<b>bold</b>\n"
        if "0.06, 0.08" in code:
            assert block(page).locator("mark").all_inner_texts() == ["0.846"]
            found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
            assert found == [], json.dumps(found, indent=1)

    run(page, "for n in range(1000): print(n)")
    assert len(printed(page).splitlines()) == 200
    press(page, "Show all 1,000 lines")
    assert len(printed(page).splitlines()) == 1000


def test_a_loop_is_stopped_by_the_reader_and_the_next_run_works(visit: Visit) -> None:
    page = visit.page
    press(page, "Edit")
    write(page, "print('begun', flush=True)\nwhile True:\n    pass\n")
    press(page, "Run")
    block(page).get_by_text("Running").wait_for(timeout=PATIENCE)
    press(page, "Run", "one_convolution_window")  # it waits for its turn
    press(page, "Stop")
    assert said(page) == "Stopped."
    assert said(page, "one_convolution_window") == "Same as documented."


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


def test_the_keyboard_edits_runs_and_leaves(visit: Visit) -> None:
    page = visit.page
    block(page).get_by_role("button", name="Edit", exact=True).focus()
    page.keyboard.press("Enter")
    block(page).get_by_role("textbox").wait_for()
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

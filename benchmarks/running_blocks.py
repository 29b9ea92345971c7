"""Python in the page: a block's first result, against bare Pyodide with NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.timing import ROUNDS, seconds
from proof.benchmarks import Comparison, Timing

SNIPPET = "one_convolution_window"
OTHER = "slide_the_kernel"
PATIENCE = 60_000  # milliseconds
LATE = 3_000  # milliseconds after which a reader may find that a loop has no end
# What any page has to do that runs NumPy with Pyodide, on the page's own thread.
BARE = """async ([folder, wheel, code]) => {
    await new Promise((done, fail) => {
        const script = document.createElement("script");
        script.src = `${folder}pyodide.js`;
        script.onload = done;
        script.onerror = fail;
        document.head.append(script);
    });
    // It asks for a list of packages, which is not published: NumPy is given to it below.
    const { fetch } = window;
    const list = { info: { arch: "wasm32", platform: "emscripten_3_1_58", version: "0.27.7",
        python: "3.12.7", abi_version: "2024_0" }, packages: {} };
    window.fetch = (address, options) => String(address).endsWith("pyodide-lock.json")
        ? Promise.resolve(Response.json(list)) : fetch(address, options);
    const python = await loadPyodide({ indexURL: folder });
    const answer = await fetch(folder + wheel);
    python.unpackArchive(await answer.arrayBuffer(), "whl");
    python.runPython(code);
}"""


def measure(browser: Browser, address: str, site: Path, code: str) -> Iterator[Comparison | Timing]:
    """Run a block in fresh browser contexts, and again after its Python was stopped."""
    [wheel] = site.glob("python/pyodide-*/numpy-*.whl")
    folder = f"/{wheel.parent.relative_to(site).as_posix()}/"
    cold, bare, warm, at_once, later = [], [], [], [], []
    for _ in range(ROUNDS):
        with browser.new_context() as context:
            page = _open(context.new_page(), address)
            bare.append(seconds(lambda page=page: page.evaluate(BARE, [folder, wheel.name, code])))
        with browser.new_context() as context:
            page = _open(context.new_page(), address)
            cold.append(seconds(lambda page=page: _run(page)))
            page = _open(page, address)
            warm.append(seconds(lambda page=page: _run(page)))
            at_once.append(_ready_again(page, 0))
            later.append(_ready_again(page, LATE))
    first = "the first result of Run, NumPy with it"
    yield Comparison(f"{first}, first visit", cold, "bare Pyodide with NumPy", bare, floor=True)
    yield Comparison(f"{first}, later visit", warm, "bare Pyodide with NumPy", bare, floor=True)
    for when, times in (("at once", at_once), (f"after {LATE // 1000} seconds", later)):
        what = f"from Stop {when} in an endless loop to the result of another block"
        yield Timing(what, times)


def _open(page: Page, address: str) -> Page:
    page.goto(f"{address}cnns-from-scratch/", wait_until="networkidle")
    return page


def _press(page: Page, button: str, snippet: str = SNIPPET) -> None:
    page.locator(f"#snippet-{snippet}").get_by_role("button", name=button, exact=True).click()


def _wait(page: Page, text: str, snippet: str = SNIPPET) -> None:
    page.locator(f"#snippet-{snippet}").get_by_text(text).wait_for(timeout=PATIENCE)


def _run(page: Page) -> None:
    _press(page, "Run")
    _wait(page, "Same as documented.")


def _ready_again(page: Page, late: int) -> float:
    if page.locator(f"#snippet-{SNIPPET}").get_by_role("textbox").count() == 0:
        _press(page, "Edit")
    page.locator(f"#snippet-{SNIPPET}").get_by_role("textbox").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("while True:\n    pass\n")
    _press(page, "Run")
    _wait(page, "Running")
    page.wait_for_timeout(late)
    _press(page, "Run", OTHER)  # it waits for its turn

    def stop() -> None:
        _press(page, "Stop")
        _wait(page, "Same as documented.", OTHER)

    return seconds(stop)

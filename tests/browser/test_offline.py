"""What a reader has visited opens without a network, each page with parts of its own version."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from proof.site.service_worker import write_service_worker
from tests.browser.test_running_blocks import (
    LESSON_CODE,
    PATIENCE,
    RUN_HERE,
    block,
    press,
    run,
    said,
)

PLACE = "lessons/"  # the site stands below a path, as a project page does
LESSON = f"{PLACE}cnns-from-scratch/"
# Each is asked again until it holds; a promise is no answer to wait_for_function.
KEPT = """async (part) => {
    for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys())
            if (url.includes(part)) return true;
}"""
CURRENT = """async ([scope, version]) =>
    (await (await caches.match(scope + "?notes"))?.json())?.current === version"""


def wait_until(page: Page, holds: str, argument: object) -> None:
    """Wait, in the page, until a function's promise gives what is true."""
    again = "new Promise(resolve => setTimeout(resolve, 20))"
    page.evaluate(
        f"async argument => {{ while (!await ({holds})(argument)) await {again} }}", argument
    )


class Host:
    """A static host that can go away and come back."""

    def __init__(self, folder: Path) -> None:
        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Write nothing."""

        self.handler = functools.partial(Handler, directory=str(folder))
        self.port = 0
        self.up()

    def up(self) -> None:
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), self.handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def down(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


@pytest.fixture
def site(built_site: Path, tmp_path: Path) -> Path:
    """Copy the site, so that it can be published anew."""
    return Path(shutil.copytree(built_site, tmp_path / PLACE))


@pytest.fixture
def host(site: Path) -> Iterator[Host]:
    """Serve the site below a path."""
    host = Host(site.parent)
    yield host
    host.down()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a browser that was never here."""
    context = browser.new_context(reduced_motion="reduce")
    yield context
    context.close()


def visit(context: BrowserContext, address: str) -> Page:
    """Open a page and do something on it, until it is kept."""
    page = context.new_page()
    page.goto(address)
    page.keyboard.press("ArrowDown")
    wait_until(page, KEPT, f"{LESSON}index.html?")
    page.wait_for_function("navigator.serviceWorker.controller")
    return page


def publish(site: Path, change: Callable[[], object]) -> None:
    change()
    write_service_worker(site)


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_nothing_is_kept_before_the_reader_does_something(
    context: BrowserContext, host: Host
) -> None:
    page = context.new_page()
    page.goto(host.address(LESSON), wait_until="networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    assert page.evaluate("caches.keys()") == []


def test_a_visited_lesson_opens_without_a_network(context: BrowserContext, host: Host) -> None:
    page = visit(context, host.address(LESSON))
    online = page.inner_text("article")
    host.down()
    page.reload()
    assert page.inner_text("article") == online
    page.get_by_role("button", name="Show where the numbers come from").click()
    page.locator(".proof-mark, [data-expression]").first.wait_for()

    page.keyboard.press("/")
    page.keyboard.type("stride")
    page.get_by_role("status").filter(has_text="matching documents").wait_for()
    page.keyboard.press("Escape")

    for address in (LESSON.rstrip("/"), f"{LESSON}?from=a-friend#mastery-check"):
        page.goto(host.address(address))
        assert page.inner_text("h1").startswith("CNNs from Scratch")

    page.goto(host.address(f"{PLACE}glossary/"))
    assert "You are offline" in page.inner_text("h1")
    page.get_by_role("link", name="CNNs from Scratch").click()
    page.wait_for_url(host.address(LESSON))
    host.up()


def test_after_an_update_every_page_has_parts_of_its_own_version(
    context: BrowserContext, host: Host, site: Path
) -> None:
    earlier = visit(context, host.address(LESSON))
    script = site / "assets/javascripts/proof-marks.js"

    def change() -> None:
        replace(site / "cnns-from-scratch/index.html", "<h1", '<h1 data-version="2"')
        script.write_text("document.body.dataset.version = '2';" + script.read_text("utf-8"))

    publish(site, change)

    later = context.new_page()
    later.goto(host.address(LESSON))
    assert later.get_attribute("h1", "data-version") == "2"
    wait_until(later, CURRENT, [host.address(PLACE), version(site)])
    for page, expected in ((earlier, None), (later, "2")):
        page.get_by_role("button", name="Show where the numbers come from").click()
        page.locator("body.proofs-shown, .proofs-shown").first.wait_for()
        assert page.get_attribute("body", "data-version") == expected

    host.down()
    later.reload()
    assert later.get_attribute("h1", "data-version") == "2"
    host.up()


def test_a_part_of_another_version_is_refused(
    context: BrowserContext, host: Host, site: Path
) -> None:
    """A host that is half way through an update: the page comes from before, a part from after."""
    page = visit(context, host.address(LESSON))
    part = site / "snippets/cnns_from_scratch/slide_the_kernel.py"
    part.write_text("print('another version')", "utf-8")
    address = host.address(f"{PLACE}snippets/cnns_from_scratch/slide_the_kernel.py")
    fetched = "address => fetch(address).then(r => r.text(), error => error.name)"
    assert page.evaluate(fetched, address) == "TypeError"


def test_a_page_works_where_there_is_no_service_worker(context: BrowserContext, host: Host) -> None:
    said: list[str] = []
    context.add_init_script("delete Navigator.prototype.serviceWorker")
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(host.address(LESSON))
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Show where the numbers come from").click()
    page.locator(".proofs-shown").first.wait_for()
    assert said == []


def version(site: Path) -> str:
    return (site / "service-worker.js").read_text("utf-8").split('"version":"')[1][:16]


def test_python_runs_without_a_network_after_the_first_run(
    context: BrowserContext, host: Host, site: Path
) -> None:
    page = context.new_page()
    page.goto(host.address(LESSON))
    run_blocks(page, ["one_convolution_window"])
    for part in (".wasm?", "stdlib.zip?", "asm.js?", "/proof-", "manifest.json?", "/numpy-"):
        wait_until(page, KEPT, part)
    wait_until(page, KEPT, f"{LESSON}bindings.json?")
    host.down()
    for _ in range(2):
        run_blocks(page, RUN_HERE)
        change(page, LESSON_CODE.replace("0.05, 0.08", "0.31, 0.08"))
        page.locator("[data-expression='feature_map[0, 0]'][data-follows=yours]").first.wait_for()
        page.reload()

    host.up()
    change(page, DRAWING)
    page.get_by_alt_text("Picture 1 drawn by this block").wait_for(timeout=PATIENCE)
    for wheel in site.rglob("*.whl"):
        wait_until(page, KEPT, f"/{wheel.name}?")
    host.down()
    page.reload()
    change(page, DRAWING)
    page.get_by_alt_text("Picture 1 drawn by this block").wait_for(timeout=PATIENCE)


DRAWING = "import matplotlib.pyplot as plt; plt.figure()"


def run_blocks(page: Page, names: list[str]) -> None:
    """Run blocks; each prints what is documented."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for name in names:
        press(page, "Run", name)
        assert said(page, name) == "Same as documented.", name


def change(page: Page, code: str) -> None:
    """Run other code in a block."""
    block(page).locator(".snippet-edit").click()
    run(page, code)

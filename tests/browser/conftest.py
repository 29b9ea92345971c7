"""The built site, served to a real Chromium."""

from __future__ import annotations

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.chromium import chromium_executable
from tests.browser.figures import LESSON, Alive, link, wake
from tests.browser.visits import HEIGHTS, ROOT, OpenPage, Visit
from tests.conftest import MadeOnce

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]  # containers offer neither


@pytest.fixture(scope="session")
def built_site(made_once: MadeOnce) -> Path:
    """Build the site as it is published."""

    def build(site: Path) -> None:
        command = [sys.executable, "-m", "proof.site", "build", "--into", str(site)]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr

    return made_once("site", build)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the site's own page for what is not found, as static hosts do."""
        if code != http.HTTPStatus.NOT_FOUND:
            return super().send_error(code, message, explain)
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None


@pytest.fixture(scope="session")
def served_site(built_site: Path) -> Iterator[str]:
    """Serve the site; gives its address, with a slash at the end."""
    handler = functools.partial(_Quiet, directory=str(built_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    executable = chromium_executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, served_site: str) -> Iterator[OpenPage]:
    """Give a function that opens an address of the site in a window of its own."""
    contexts = []

    def open_page(
        address: str = "",
        *,
        width: int = 1280,
        scheme: str = "light",
        scripts: bool = True,
        before: str = "",
        until: str = "load",
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 800)},
            color_scheme=scheme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
            service_workers="block",  # tests/browser/test_offline.py has what they do
        )
        contexts.append(context)
        page = context.new_page()
        visit = Visit(page, served_site)

        def note(message: ConsoleMessage) -> None:
            if message.text != "Service Worker registration blocked by Playwright":
                visit.messages.append(f"{message.type}: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: visit.messages.append(str(error)))
        page.on("request", lambda request: visit.requests.append(request.url))
        page.on("requestfailed", lambda request: visit.failures.append(request.url))
        if before:
            page.add_init_script(before)
        page.goto(served_site + address, wait_until=until)
        return visit

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def alive(open_page: OpenPage, request: pytest.FixtureRequest) -> Alive:
    """Give a function that opens the lesson, with the test module's figure alive, in a state."""
    tag = request.module.ELEMENT

    def alive(state: object = None, **options: object) -> Page:
        page = open_page(LESSON if state is None else link(tag, state), **options).page
        wake(page, tag)
        return page

    return alive

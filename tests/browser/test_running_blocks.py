"""Blocks that run in the page: one visit, one worker, in a real browser with a strict policy."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, Route

from proof.project import snippet_paths, uses_torch
from tests.browser.visits import OpenPage

LESSON = "cnns-from-scratch/"
SNIPPETS = {path.stem: path for path in snippet_paths() if path.parent.name == "cnns_from_scratch"}
RUN_HERE = [name for name, path in SNIPPETS.items() if not uses_torch(path)]
# The theme's own scripts stand in the page; nothing may be evaluated from a text.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
    "worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
)
PATIENCE = 120_000  # milliseconds, for a machine that has much else to do


def with_policy(page: Page) -> None:
    """Load the page again, under the policy."""

    def answer(route: Route) -> None:
        response = route.fetch()
        headers = {**response.headers, "content-security-policy": POLICY}
        route.fulfill(response=response, headers=headers)

    page.route(f"**/{LESSON}", answer)
    page.reload()


def run(page: Page, name: str) -> str:
    """Press Run of a block, and give what is said when it has ended."""
    block = page.locator(f"#snippet-{name}")
    block.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_selector(f"#snippet-{name}[aria-busy=false]", timeout=PATIENCE)
    return block.locator(".run-about").inner_text()


def test_all_blocks_without_torch_print_what_is_documented(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    page = visit.page
    with_policy(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.locator(".snippet-run").count() == len(RUN_HERE)
    assert [url.rpartition("/")[2] for url in visit.requests if "/run/" in url] == ["blocks.js"] * 2
    visit.messages.clear()
    for name in RUN_HERE:
        assert run(page, name) == "Same as documented."
        printed = page.locator(f"#snippet-{name} samp:visible").inner_text()
        assert printed.strip("\n") == SNIPPETS[name].with_suffix(".out").read_text().strip("\n")
    assert len(page.workers) <= 2  # the one for all, and its reserve
    assert all(worker.url.startswith("blob:") for worker in page.workers)
    origin = urlsplit(visit.site).netloc
    assert {urlsplit(url).netloc for url in visit.requests} <= {origin, ""}
    assert visit.messages == []

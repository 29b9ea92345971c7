"""The served site in a real browser, while an author breaks it and puts it right."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.site.projects import copy_project, serving

LESSON = "docs/cnns-from-scratch/index.md"


def test_a_page_reloads_itself_and_shows_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    with serving(copy_project(tmp_path / "project")) as author, browser.new_page() as page:
        page.goto(f"{author.address}cnns-from-scratch/")
        author.edit(LESSON, "# CNNs from Scratch", "# Another title")
        expect(page.get_by_role("heading", level=1)).to_contain_text(
            "Another title", timeout=30_000
        )
        author.edit(LESSON, "Let $N$", "Let $\\blob$")
        expect(page.get_by_role("alert")).to_contain_text("Unknown command", timeout=30_000)
        expect(page.get_by_role("alert")).to_contain_text(f"{LESSON}:")
        author.edit(LESSON, "Let $\\blob$", "Let $N$")
        expect(page.get_by_role("alert")).to_have_count(0, timeout=30_000)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Another title")
        # The worker that would keep pages takes itself away.
        page.evaluate(
            """async () => {
                const { installing } = await navigator.serviceWorker.register("/service-worker.js");
                await new Promise((gone) => {
                    installing.onstatechange = () => installing.state === "redundant" && gone();
                });
            }"""
        )
        assert page.evaluate("caches.keys()") == []

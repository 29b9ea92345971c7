"""Sharing a lesson: links that need nothing, buttons where the browser can do more."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.browser.visits import OpenPage

LESSON = "cnns-from-scratch/"
PLACES = ["x.com", "www.facebook.com", "www.linkedin.com", "bsky.app", "www.reddit.com"]
PLACES.append("news.ycombinator.com")
SHEET = "navigator.share = async (shared) => { window.shared = shared; };"
NO_SHEET = "delete Navigator.prototype.share;"


def test_links_carry_the_canonical_address(open_page: OpenPage) -> None:
    page = open_page(LESSON, scripts=False).page
    canonical = page.get_attribute('link[rel="canonical"]', "href")
    links = [
        link.get_attribute("href") or ""
        for link in page.locator("[aria-labelledby=share] li:visible a").all()
    ]
    assert [urlsplit(link).netloc for link in links] == [*PLACES, ""]
    assert links[-1].startswith("mailto:?")
    for link in links:
        values = [value for found in parse_qs(urlsplit(link).query).values() for value in found]
        assert any(value.endswith(str(canonical)) for value in values), link
        assert "CNNs from Scratch" in unquote(link) or "facebook" in link or "linkedin" in link


def test_without_scripts_there_are_no_dead_buttons(open_page: OpenPage) -> None:
    page = open_page(LESSON, scripts=False).page
    assert page.locator("article button:visible").count() == 0


def test_offers_a_notebook_and_prints(open_page: OpenPage) -> None:
    visit = open_page(LESSON, before="window.print = () => { window.printed = true; };")
    page = visit.page
    link = page.get_by_role("link", name="Download as a notebook")
    notebook = page.request.get(link.evaluate("link => link.href"))
    assert notebook.json()["nbformat"] == 4
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


def test_copies_the_canonical_address(open_page: OpenPage) -> None:
    page = open_page(LESSON, before=NO_SHEET).page
    assert page.get_by_role("button", name="Share…").count() == 0
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("document.querySelector('.share__status').textContent")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_attribute('link[rel="canonical"]', "href")
    assert page.inner_text(".share__status") == "Link copied."


def test_opens_the_systems_sheet(open_page: OpenPage) -> None:
    page = open_page(LESSON, before=SHEET).page
    page.get_by_role("button", name="Share…").click()
    shared = page.evaluate("window.shared")
    assert shared["url"] == page.get_attribute('link[rel="canonical"]', "href")
    assert "CNNs from Scratch" in shared["title"]


@pytest.mark.parametrize(("error", "said"), [("AbortError", ""), ("NotAllowedError", "Copy")])
def test_says_when_the_sheet_fails_but_not_when_it_is_closed(
    error: str, said: str, open_page: OpenPage
) -> None:
    throws = f"navigator.share = async () => {{ throw new DOMException('no', '{error}'); }};"
    page = open_page(LESSON, before=throws).page
    page.get_by_role("button", name="Share…").click()
    assert said in page.inner_text(".share__status")
    assert bool(page.inner_text(".share__status")) == bool(said)


def test_lessons_can_be_subscribed_to(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    link = visit.page.locator(".share a", has_text=re.compile("Subscribe"))
    assert link.get_attribute("href") == "../feed_rss.xml"
    assert visit.page.request.get(visit.site + "feed_rss.xml").ok

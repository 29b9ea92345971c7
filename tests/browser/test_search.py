"""The search is loaded when a reader turns to it, and only then; it is worked by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.visits import OpenPage, Visit

OF_SEARCH = ("theme-search.js", "workers/search", "search_index.json")


def asked(visit: Visit) -> list[str]:
    return [part for part in OF_SEARCH if any(part in url for url in visit.requests)]


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Search")


def test_a_key_opens_the_search_and_keys_lead_to_a_result(open_page: OpenPage) -> None:
    visit = open_page("glossary/", until="networkidle")
    page = visit.page
    assert asked(visit) == []
    for key in ("f", "s", "/"):
        page.keyboard.press(key)
        expect(field(page)).to_be_focused()
        page.keyboard.press("Escape")
        expect(field(page)).not_to_be_focused()
    page.keyboard.press("/")
    # At once, since each letter would make results anew; the theme looks when a key is let go.
    page.keyboard.insert_text("receptive field")
    page.keyboard.press("End")
    status = page.get_by_role("dialog", name="Search").get_by_role("status")
    expect(status).to_contain_text("matching documents")
    assert asked(visit) == list(OF_SEARCH)
    page.keyboard.press("ArrowDown")
    assert "CNNs from Scratch" in page.locator(":focus").inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/cnns-from-scratch/" in page.url
    assert visit.messages == []


def test_closed_while_it_loads_it_stays_closed(open_page: OpenPage) -> None:
    page = open_page("glossary/", until="networkidle").page
    # The theme learns of focus by a timer, which stands still from here on.
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    held: list[Route] = []
    with page.expect_request("**/search_index.json"):
        page.route("**/search_index.json", lambda route: held.append(route))
        page.keyboard.press("/")
    page.clock.run_for(50)
    page.keyboard.press("Escape")
    with page.expect_worker():
        held[0].continue_()
    expect(field(page)).not_to_be_focused()
    page.clock.run_for(50)
    expect(field(page)).not_to_be_focused()
    expect(page.locator("#__search")).not_to_be_checked()


def test_a_link_and_a_tap_open_it_and_it_says_what_goes_wrong(open_page: OpenPage) -> None:
    page = open_page("glossary/?q=stride", until="networkidle").page
    status = page.get_by_role("dialog", name="Search").get_by_role("status")
    expect(field(page)).to_have_value("stride")
    expect(status).to_contain_text("matching documents")
    page.keyboard.press("Escape")
    assert page.evaluate("location.search") == ""

    page = open_page("glossary/", width=390).page
    page.route("**/search_index.json", lambda route: route.abort())
    page.locator("header label[for=__search]").first.click()
    expect(field(page)).to_be_focused()
    status = page.get_by_role("dialog", name="Search").get_by_role("status")
    expect(status).to_have_text("The search could not be loaded. Are you offline?")
    page.unroute("**/search_index.json")
    page.keyboard.press("Escape")
    page.locator("header label[for=__search]").first.click()
    page.keyboard.type("recepti")
    expect(status).to_contain_text("matching document")
    expect(page.locator(".md-search__suggest")).to_have_text("receptive")
    page.keyboard.press("ArrowRight")
    expect(field(page)).to_have_value("receptive")

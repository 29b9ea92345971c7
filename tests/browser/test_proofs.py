"""Where the numbers come from: the switch, the marks, the card, the way to the code and back."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from tests.browser.test_every_page import AXE_OPTIONS
from tests.browser.visits import OpenPage, Visit

LESSON = "cnns-from-scratch/"
ABOUT = "how-this-site-proves-itself/"
SECTION = "slide-one-chosen-kernel-by-hand"
SWITCH = "Show where the numbers come from"
BOUND = "[data-expression], [data-claim], [data-given], [data-literal]"
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("denied", "SecurityError"); },
});"""
Shown = Callable[..., Visit]


def switch(page: Page) -> Locator:
    return page.get_by_role("button", name=SWITCH, exact=True)


def mark(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"{name}, show where it comes from", exact=True)


def card(page: Page) -> Locator:
    return page.get_by_role("dialog").and_(page.locator(".proof-card"))


def turn_on(page: Page) -> None:
    switch(page).click()
    page.locator("article.proofs-shown").wait_for()


@pytest.fixture
def shown(open_page: OpenPage) -> Shown:
    """Give a function that opens a page and turns the switch on."""

    def shown(address: str = LESSON, **options: object) -> Visit:
        visit = open_page(address, **options)
        turn_on(visit.page)
        return visit

    return shown


def tab_stops(page: Page) -> int:
    return page.evaluate(
        """() => [...document.querySelectorAll("article *")]
            .filter(e => e.tabIndex >= 0 && !e.closest(".proofs-bar")).length"""
    )


def test_off_the_page_is_plain(open_page: OpenPage) -> None:
    visit = open_page(LESSON, until="networkidle")
    page = visit.page
    assert switch(page).get_attribute("aria-pressed") == "false"
    marked = page.locator(f"article :is({BOUND})")
    assert marked.count() > 100
    assert marked.evaluate_all("found => found.filter(e => e.tabIndex >= 0 || e.role)") == []
    assert page.locator(".proof-of-text, .proof-of-block").count() == 0
    assert [url for url in visit.requests if "/proof-" in url or "proofs.json" in url] == []
    assert [url for url in visit.requests if url.endswith("proofs.css")] == []


def test_on_and_off_again_leaves_the_page_as_it_was(open_page: OpenPage) -> None:
    page = open_page(LESSON, until="networkidle").page
    wrapped = "table => table.parentElement.matches('.md-typeset__table')"  # by the build
    assert page.evaluate(f"[...document.querySelectorAll('article table')].every({wrapped})")
    around = f"""[...document.querySelectorAll("article :is({BOUND})")]
        .map(e => e.parentElement.outerHTML)"""
    before, stops = page.evaluate(around), tab_stops(page)
    turn_on(page)
    assert tab_stops(page) > stops + 100
    switch(page).click()
    page.locator("article:not(.proofs-shown)").wait_for()
    assert page.evaluate(around) == before


def test_all_that_is_bound_can_be_opened_by_a_control_of_its_own(shown: Shown) -> None:
    page = shown().page
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    bound = page.locator(f"article :is({BOUND})").count()
    controls = page.locator(f"article :is({BOUND})[role=button], .proof-of-text, .proof-of-block")
    assert controls.count() == bound
    names = controls.evaluate_all("found => found.map(e => e.getAttribute('aria-label'))")
    assert all(name.endswith(", show where it comes from") for name in names)
    acting = ":is(a, button, [role=button])"
    assert page.locator(f"article :is({acting}, summary, label, math) {acting}").count() == 0


def test_the_script_that_every_reader_gets_is_small(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    source = page.request.get(page.locator("script[src$='/proofs.js']").evaluate("s => s.src"))
    assert len(gzip.compress(source.body(), 9)) < 1024


def test_a_pointer_opens_a_number(shown: Shown) -> None:
    visit = shown()
    page = visit.page
    assert not [url for url in visit.requests if url.endswith("proofs.json")]
    mark(page, "2.112").first.click()
    text = card(page).inner_text()
    for part in ("2.112", "row_contributions[1]", "one_convolution_window.py, line 18"):
        assert part in text
    assert "row_contributions = products.sum(axis=1)" in text
    assert "CPU: confirmed on " in text
    assert "torch" in text
    assert [url for url in visit.requests if url.endswith("proofs.json")] == [
        f"{visit.site}{LESSON}proofs.json"
    ]
    page.mouse.click(5, 300)
    card(page).wait_for(state="hidden")
    assert visit.messages == []


def test_the_value_is_shown_at_full_precision(shown: Shown) -> None:
    page = shown().page
    mark(page, "0.852").first.click()
    assert "0.8520000000000001" in card(page).inner_text()


def test_the_page_and_its_open_card_as_a_screen_reader_has_them(shown: Shown) -> None:
    page = shown().page
    section = page.locator("article > p", has_text="The middle row brings")
    assert section.aria_snapshot() == (
        "- paragraph:\n"
        "  - text: The middle row brings\n"
        '  - button "2.112, show where it comes from": "2.112"\n'
        "  - text: ; the bright pixels in the row below it take\n"
        '  - button "1.146, show where it comes from": "1.146"\n'
        "  - text: away again. What is left,\n"
        '  - button "0.852, show where it comes from": "0.852"\n'
        '  - text: ", says: something like a bright horizontal line is here, but not a clean one."'
    )
    mark(page, "2.112").first.click()
    snapshot = card(page).aria_snapshot()
    assert snapshot.startswith('- dialog "2.112"')
    assert '- link "one_convolution_window.py, line 18"' in snapshot
    assert '- button "Close"' in snapshot
    assert page.evaluate("document.activeElement.matches('.proof-card')")


def test_a_finger_opens_and_closes(browser: Browser, served_site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(served_site + LESSON)
    switch(page).tap()
    mark(page, "1.146").tap()
    assert "row_contributions" in card(page).inner_text()
    card(page).get_by_role("button", name="Close").tap()
    card(page).wait_for(state="hidden")
    context.close()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_and_escape_returns(key: str, shown: Shown) -> None:
    page = shown().page
    number = mark(page, "2.112").first
    number.focus()
    top = page.evaluate("scrollY")
    number.press(key)
    card(page).wait_for()
    assert page.evaluate("document.activeElement.matches('.proof-card')")
    assert page.evaluate("scrollY") == top
    page.keyboard.press("Escape")
    card(page).wait_for(state="hidden")
    assert number.evaluate("e => document.activeElement === e")


def test_tab_leaves_the_card_where_it_was_opened(shown: Shown) -> None:
    page = shown().page
    number = mark(page, "2.112").first
    number.press("Enter")
    card(page).wait_for()
    focused = []
    for _ in range(3):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.textContent"))
    assert focused == ["Close", "one_convolution_window.py, line 18", "1.146"]
    card(page).wait_for(state="hidden")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    card(page).wait_for()
    page.keyboard.press("Shift+Tab")
    card(page).wait_for(state="hidden")
    assert number.evaluate("e => document.activeElement === e")


def test_a_claim_shows_its_predicate(shown: Shown) -> None:
    page = shown().page
    mark(page, "All four responses are positive").press("Enter")
    text = card(page).inner_text()
    assert "“All four responses are positive”" in text
    assert "(feature_map > 0).all()" in text
    assert "True for the lesson’s values" in text
    page.keyboard.press("Escape")
    claim = page.locator("[data-claim='(feature_map > 0).all()']")
    claim.click()  # its text opens it too
    assert "True for the lesson’s values" in card(page).inner_text()


def test_a_number_inside_a_claim_opens_as_itself(shown: Shown) -> None:
    page = shown().page
    mark(page, "(1, 1)").first.click()
    assert "strongest" in card(page).inner_text()
    assert "True for" not in card(page).inner_text()


@pytest.mark.parametrize("block", ["table", "formula"])
def test_a_block_has_one_control_beside_it(block: str, shown: Shown) -> None:
    page = shown().page
    control = mark(page, f"Proof of this {block}").first
    assert control.bounding_box()["height"] >= 24
    control.press("Enter")
    assert f"This {block}" in card(page).inner_text()
    assert "one_convolution_window.py" in card(page).inner_text()


def test_goes_to_the_line_of_code_and_back(shown: Shown) -> None:
    page = shown().page
    number = mark(page, "2.112").first
    number.press("Enter")
    card(page).get_by_role("link").press("Enter")
    card(page).wait_for(state="hidden")
    line = page.locator("#one_convolution_window-18")
    assert page.evaluate("location.hash") == "#one_convolution_window-18"
    box = line.bounding_box()
    header = page.locator(".md-header").bounding_box()
    assert header["height"] <= box["y"] <= 800 - box["height"]
    assert line.evaluate("e => document.activeElement === e")
    back = page.get_by_role("button", name="Back to the text")
    back.click()
    assert number.evaluate("e => document.activeElement === e")
    assert 0 < number.bounding_box()["y"] < 800
    assert back.count() == 0


def test_a_line_that_is_folded_away_is_unfolded(shown: Shown) -> None:
    page = shown().page
    details = page.locator("details:has(#snippet-correlation_or_convolution)")
    details.locator("summary").click()
    mark(page, "writes it backwards").press("Enter")
    link = card(page).get_by_role("link").first
    details.evaluate("d => d.open = false")
    link.press("Enter")
    page.locator("#correlation_or_convolution-6").wait_for()
    assert details.get_attribute("open") is not None


def test_is_remembered(shown: Shown) -> None:
    page = shown().page
    page.reload()
    page.locator("article.proofs-shown").wait_for()
    assert switch(page).get_attribute("aria-pressed") == "true"
    switch(page).click()
    page.reload()
    assert switch(page).get_attribute("aria-pressed") == "false"
    assert page.locator(".proofs-shown").count() == 0


def test_works_where_storage_is_denied(shown: Shown) -> None:
    page = shown(before=NO_STORAGE).page
    mark(page, "2.112").first.click()
    assert "row_contributions[1]" in card(page).inner_text()


def test_without_scripts_there_is_no_switch(open_page: OpenPage) -> None:
    page = open_page(LESSON, scripts=False).page
    assert page.get_by_role("button", name=SWITCH).count() == 0
    assert page.locator(".proofs-bar").is_hidden()


def test_says_when_the_proofs_cannot_be_loaded_and_tries_again(shown: Shown) -> None:
    page = shown().page
    page.route("**/proofs.json", lambda route: route.abort())
    mark(page, "2.112").first.click()
    assert "could not be loaded" in card(page).inner_text()
    page.keyboard.press("Escape")
    page.unroute("**/proofs.json")
    mark(page, "2.112").first.click()
    assert "row_contributions[1]" in card(page).inner_text()


def test_says_when_the_marks_cannot_be_loaded(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    page.route("**/proof-marks.js", lambda route: route.abort())
    switch(page).click()
    page.get_by_text("could not be loaded").wait_for()
    assert switch(page).get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_cards_fit_into_the_window_and_axe_finds_nothing(
    width: int, scheme: str, open_page: OpenPage
) -> None:
    page = open_page(LESSON, width=width, scheme=scheme).page
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    turn_on(page)
    height = page.viewport_size["height"]
    for name in ("2.112", "Proof of this formula", "All four responses are positive"):
        control = mark(page, name).first
        for block in ("start", "center", "end"):
            control.evaluate("(e, block) => e.scrollIntoView({ block })", block)
            control.press("Enter")
            card(page).wait_for()
            box = card(page).bounding_box()
            assert box["x"] >= 0
            assert box["y"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height
            assert page.evaluate("document.documentElement.scrollWidth") == scroll_width
            page.keyboard.press("Escape")
    mark(page, "2.112").first.press("Enter")
    found = Axe().run(page, [".proof-card", ".md-typeset > p"], AXE_OPTIONS).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []


def test_prints_without_marks(shown: Shown) -> None:
    page = shown().page
    page.emulate_media(media="print")
    assert page.locator(".proof-of-text:visible, .proof-of-block:visible").count() == 0
    assert page.locator(".proofs-bar").is_hidden()
    styles = page.locator(f"article span:is({BOUND})").evaluate_all(
        """found => found.map(e => getComputedStyle(e)).map(style =>
            [style.textDecorationLine, style.borderBottomWidth, style.backgroundColor].join())"""
    )
    assert set(styles) == {"none,0px,rgba(0, 0, 0, 0)"}


def test_the_switch_shifts_nothing(open_page: OpenPage) -> None:
    """Its room is kept until the script has put it there."""
    page = open_page(LESSON).page
    place = "document.querySelector('.lesson-header ~ p').getBoundingClientRect().top"
    with_switch = page.evaluate(place)
    page.evaluate("document.querySelector('.proofs-bar').replaceChildren()")
    assert page.evaluate(place) == pytest.approx(with_switch, abs=1)


def test_the_page_about_proofs_has_one_to_open(shown: Shown) -> None:
    visit = shown(ABOUT)
    page = visit.page
    mark(page, "0.852").click()
    link = card(page).get_by_role("link")
    assert link.inner_text() == "one_convolution_window.py, line 19"
    link.click()
    page.wait_for_url(f"{visit.site}{LESSON}#one_convolution_window-19")


def test_the_page_about_proofs_is_short(open_page: OpenPage) -> None:
    page = open_page(ABOUT, scripts=False).page
    assert len(page.inner_text("article").split()) <= 300

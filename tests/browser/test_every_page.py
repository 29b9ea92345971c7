"""What holds for every page: nothing from elsewhere, nothing wider than the window, no script."""

from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from benchmarks.page_weights import asked, over_budget
from tests.browser.keyboard import tab_through
from tests.browser.visits import OpenPage, Visit, addresses

EVERY_PAGE = pytest.mark.parametrize("address", [*addresses(), "no-such-page/"])
WIDTHS = (1280, 768, 640, 320)
PAPER = 612  # px between the margins of A4, portrait
ACTS = "button, nav, .share, .contents, .headerlink, .footnote-backref, .md-search, [type=search]"
SCROLLING = "pre, pre > code, .formula, .md-typeset__scrollwrap, .figure-drawing"
AXE_WIDTHS = (1280, 320)
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def cut_off(page: Page) -> list[str]:
    """Give what is wider than the window."""
    return page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll("article *")]
            .filter(e => e === document.documentElement ? e.scrollWidth > innerWidth
                : getComputedStyle(e).overflowX === "visible"
                    && e.getBoundingClientRect().right > innerWidth + 1
                    && !e.closest("pre, .formula, .md-typeset__scrollwrap, .figure-drawing"))
            .map(e => e.outerHTML.slice(0, 120))"""
    )


def space_out(page: Page) -> None:
    """Set text as far apart as readers may need it: WCAG 2.2, 1.4.12."""
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
                word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
            document.adoptedStyleSheets.push(sheet);
        }"""
    )


def acting(page: Page) -> list[str]:
    """Give what is shown though it acts, or leads through the site: on paper it says nothing."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .filter(e => !e.matches(".next-lesson, .mastery-check *") && e.checkVisibility())
            .map(e => e.outerHTML.slice(0, 90))""",
        ACTS,
    )


def axe(page: Page) -> list[tuple[str, str, str]]:
    """Give what axe finds: the rule, the element, and what to do."""
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [
        (fault["id"], node["html"][:160], node["failureSummary"])
        for fault in found
        for node in fault["nodes"]
    ]


def test_every_page_of_the_site_is_held(built_site: Path) -> None:
    built = {page.relative_to(built_site).as_posix() for page in built_site.rglob("*.html")}
    assert built == {*(f"{address}index.html" for address in addresses()), "404.html"}


@EVERY_PAGE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_holds_in_both_schemes_at_every_width(
    address: str, scheme: str, open_page: OpenPage, built_site: Path
) -> None:
    """320 px is also what a window of 1280 px is at 400 % zoom; 640 px at 200 %."""
    visit = open_page(address, scheme=scheme, until="networkidle")
    if scheme == "light":
        assert not (trouble := weight_trouble(visit, built_site)), trouble
        assert from_elsewhere(visit) == []
        visit.requests.clear()
        visit.page.set_viewport_size({"width": 390, "height": 844})
        visit.page.reload(wait_until="networkidle")
        assert not (trouble := weight_trouble(visit, built_site)), trouble
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 800})
        open_all(visit.page)
        assert cut_off(visit.page) == [], f"cut off at {width} px"
        if width in AXE_WIDTHS:
            assert axe(visit.page) == [], f"at {width} px"
    space_out(visit.page)
    assert cut_off(visit.page) == [], "cut off with more space in the text"
    assert from_elsewhere(visit) == []
    assert visit.failures == []
    expected = "status of 404" if address == "no-such-page/" else None
    # The content policy speaks here, too.
    assert [text for text in visit.messages if not (expected and expected in text)] == []


def from_elsewhere(visit: Visit) -> list[str]:
    """Give what was asked of another origin."""
    origin = urlsplit(visit.site).netloc
    return [url for url in visit.requests if urlsplit(url).netloc not in (origin, "")]


def weight_trouble(visit: Visit, site: Path) -> str:
    """Say which files make a page heavier than its budget, if it is."""
    files = asked(visit.requests, site)
    return over_budget(files[0], files, site)


@EVERY_PAGE
def test_the_keyboard_reaches_every_control_and_shows_where_it_is(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address, until="networkidle").page
    open_all(page)
    assert tab_through(page) == ([], [])


@EVERY_PAGE
def test_prints_on_white_all_of_it_and_nothing_that_acts(address: str, open_page: OpenPage) -> None:
    page = open_page(address, scheme="dark").page
    page.set_viewport_size({"width": PAPER, "height": 800})
    page.emulate_media(media="print", color_scheme="dark")
    assert acting(page) == []
    assert cut_off(page) == []
    wider = """selector => [...document.querySelectorAll(selector)]
        .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 60))"""
    assert page.evaluate(wider, SCROLLING) == []
    folded = """() => [...document.querySelectorAll("article details")]
        .filter(e => e.checkVisibility() && !e.lastElementChild.getBoundingClientRect().height)
        .map(e => e.outerHTML.slice(0, 90))"""
    assert page.evaluate(folded) == []
    colours = "(({ backgroundColor, colorScheme }) => [backgroundColor, colorScheme])"
    paper = page.evaluate(f"{colours}(getComputedStyle(document.body))")
    assert paper == ["rgb(255, 255, 255)", "light"]


@EVERY_PAGE
def test_has_one_title_a_language_and_a_description(address: str, open_page: OpenPage) -> None:
    page = open_page(address).page
    assert page.locator("h1").count() == 1
    assert page.get_attribute("html", "lang") == "en"
    assert page.get_attribute('meta[name="description"]', "content")
    assert page.get_attribute('meta[property="og:description"]', "content")
    feed = page.get_attribute('link[type="application/rss+xml"]', "href") or ""
    assert page.request.get(page.evaluate("u => new URL(u, location).href", feed)).ok
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))"
    )
    for before, after in pairwise(levels):
        assert after <= before + 1, levels


@EVERY_PAGE
def test_says_all_it_says_without_scripts(address: str, open_page: OpenPage) -> None:
    def words(*, scripts: bool) -> str:
        page = open_page(address, scripts=scripts).page
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => { d.hidden = false; d.open = true })"
        )
        # What a script adds, counts down, or alone can know; and what says that none runs.
        acting = "article button, .scripted, noscript"
        page.locator(acting).evaluate_all("found => found.forEach(element => element.remove())")
        return " ".join(page.inner_text("article").split())

    assert words(scripts=False) == words(scripts=True)


FAULTY = """<!doctype html><html lang="en"><title>A page</title><style>
.wide { width: 2000px } .pale { color: #ccc } .dark:focus { outline: none }</style>
<article><h1>A page</h1><p class="wide">wide</p><p class="pale">pale</p><img src="data:,">
<button class="dark">dark</button><textarea aria-label="trap"></textarea><button>after</button>
<script>document.querySelector("textarea").onkeydown = (event) => event.preventDefault()</script>
</article></html>"""


ONE_LINE = """<!doctype html><style>body { margin: 0; font: 20px monospace }</style>
<article><p>just_as_long_as_the_window_is_wide_with_a_font_of_this_size</p></article>"""


def test_what_holds_every_page_sees_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_content(FAULTY)
    assert any('<p class="wide">' in found for found in cut_off(page))
    assert any("after</button>" in found for found in acting(page))
    rules = {rule for rule, *_ in axe(page)}
    assert {"image-alt", "color-contrast", "landmark-one-main"} <= rules
    page.set_content(ONE_LINE)
    page.set_viewport_size({"width": 800, "height": 800})
    assert cut_off(page) == []
    space_out(page)
    assert len(cut_off(page)) == 1
    page.set_content(FAULTY)
    missed, unseen = tab_through(page)
    assert missed == ["<button>after</button>"]
    assert unseen == ['<button class="dark">dark</button>']
    page.close()


def test_the_policy_refuses_what_is_put_into_a_page(open_page: OpenPage) -> None:
    """What an attacker may add is refused, and stands on the console, which has to be empty."""
    added = """<script>window.reached = 1</script><p style="color: red">red</p>
        <img src="https://example.com/a.png" onerror="window.reached = 2"><base href="https://example.com/">
        <script src="https://example.com/a.js"></script><form id="f" action="/glossary/"></form>"""
    visit = open_page("glossary/")

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("</h1>", f"</h1>{added}", 1))

    visit.page.route("**/glossary/", answer)
    visit.page.reload(wait_until="networkidle")
    visit.page.evaluate("document.querySelector('#f').submit()")
    assert visit.page.evaluate("window.reached") is None
    assert visit.page.evaluate("document.baseURI") == visit.page.url
    told = "\n".join(visit.messages)
    for directive in ("script-src", "style-src", "img-src", "base-uri", "form-action"):
        assert f'"{directive} ' in told.replace("'", '"'), directive
    assert len(from_elsewhere(visit)) == len(visit.failures)  # asked for, and never sent

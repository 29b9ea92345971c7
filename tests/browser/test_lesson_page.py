"""A lesson's page in use: code, questions, contents, keyboard, print."""

from pathlib import Path

import pytest

from tests.browser.visits import ROOT, OpenPage

LESSON = "cnns-from-scratch/"
SNIPPETS = ROOT / "snippets" / "cnns_from_scratch"


def test_copies_a_snippet_without_its_line_numbers(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    snippet = page.locator("#snippet-slide_the_kernel")
    snippet.get_by_role("button", name="Copy").press("Enter")
    snippet.get_by_role("status").get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (SNIPPETS / "slide_the_kernel.py").read_text()


def test_numbers_the_lines_of_code(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    shown = page.evaluate(
        """() => [...document.querySelectorAll("#snippet-slide_the_kernel code > span")]
            .map(line => getComputedStyle(line, "::before").content)"""
    )
    lines = (SNIPPETS / "slide_the_kernel.py").read_text().splitlines()
    assert len(shown) == len(lines)
    assert set(shown) == {"counter(line)"}


def test_links_each_snippet_to_its_file(open_page: OpenPage) -> None:
    visit = open_page(LESSON)
    for link in visit.page.locator(".snippet-source").all():
        address = link.evaluate("link => link.href")
        served = visit.page.request.get(address)
        assert served.text() == (SNIPPETS / Path(address).name).read_text()


def test_the_keyboard_reaches_the_text_first(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.md-skip')")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#cnns-from-scratch"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_keyboard_reaches_everything_that_acts(width: int, open_page: OpenPage) -> None:
    page = open_page(LESSON, width=width).page
    expected = page.evaluate(
        """() => [...document.querySelectorAll("article a[href], article button, article summary")]
            .filter(e => e.checkVisibility({contentVisibilityAuto: true}))
            .map((e, index) => e.dataset.order = index).length"""
    )
    reached = set()
    seen_end = False
    for _ in range(expected * 2 + 60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const e = document.activeElement;
                const style = getComputedStyle(e);
                const shown = style.outlineStyle !== "none" || e.matches("body, .md-search *");
                return [e.dataset.order ?? null, e.tagName, shown, e.outerHTML.slice(0, 90)];
            }"""
        )
        assert focused[2], f"no visible focus: {focused[3]}"
        if focused[0] is not None:
            reached.add(focused[0])
        if focused[1] == "BODY" and reached:
            seen_end = True
            break
    assert len(reached) == expected
    assert seen_end, "the focus never left the page"


def test_what_acts_is_large_enough_to_hit(open_page: OpenPage) -> None:
    """WCAG 2.5.8: 24 px, but for links within a sentence."""
    page = open_page(LESSON, width=390).page
    small = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, summary, label.md-icon")]
            .filter(e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}))
            .filter(e => !e.closest("p, li > a:not([class]), dd, .footnote, .md-skip, .md-search")
                || e.closest(".share li, .key-terms li, .site-nav li"))
            .filter(e => !e.matches(".headerlink, .footnote-ref"))
            .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 90)])
            .filter(([box]) => box.width && (box.height < 24 || box.width < 16))
            .map(([box, html]) => [box.width, box.height, html])"""
    )
    assert small == []


def test_prints_answers_and_descriptions_on_white(open_page: OpenPage) -> None:
    page = open_page(LESSON, scheme="dark").page
    page.emulate_media(media="print")
    answer = page.locator(".answers li").first
    description = page.locator(".figure-description > div").first
    assert answer.is_visible()
    assert description.is_visible()
    assert page.locator(".share:visible").count() == 0
    colours = page.evaluate(
        """() => { const style = getComputedStyle(document.body);
            return [style.backgroundColor, style.getPropertyValue("--figure-ink")]; }"""
    )
    assert colours == ["rgb(255, 255, 255)", "#1c2330"]


def test_brackets_stretch_with_what_they_hold(open_page: OpenPage) -> None:
    page = open_page(LESSON).page
    heights = page.evaluate(
        """() => [...document.querySelectorAll(".formula mo")]
            .filter(mo => mo.textContent === "⌊")
            .map(mo => [mo.getBoundingClientRect().height,
                mo.parentElement.querySelector("mfrac").getBoundingClientRect().height])"""
    )
    assert heights, "the lesson's formula with a floor is gone"
    for bracket, fraction in heights:
        assert bracket >= fraction * 0.9

"""A lesson on paper: all of its text, and pages of a book's size; test_every_page.py has more."""

from __future__ import annotations

import re

from tests.browser.visits import OpenPage

LESSON = "cnns-from-scratch/"
FOLDED = ".answers li, .figure-description p, details.note p, details.info p"
PAGES = range(20, 31)


def test_prints_all_of_the_text(open_page: OpenPage) -> None:
    page = open_page(LESSON, scheme="dark", width=768).page
    page.emulate_media(media="print", color_scheme="dark")
    folded = page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .map(e => e.getBoundingClientRect().height > 0)""",
        FOLDED,
    )
    assert len(folded) > 50
    assert all(folded)
    assert page.locator(".printed-from").inner_text().startswith("From Scratch: https://")


def test_paper_is_white_code_wraps_and_figures_stay_whole(open_page: OpenPage) -> None:
    page = open_page(LESSON, scheme="dark", width=768).page
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate(
        """() => { const style = getComputedStyle(document.body); return [style.backgroundColor,
            style.getPropertyValue("--figure-ink"), style.colorScheme]; }"""
    )
    assert colours == ["rgb(255, 255, 255)", "#1c2330", "light"]
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".snippet pre, .formula, .figure-drawing")]
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 60))"""
    )
    assert wide == []
    breaks = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(
            "article h2, article h3, summary, .figure, .figure-drawing, .question, article tr"
        )].map(e => [e.className || e.tagName, [getComputedStyle(e).breakInside,
                getComputedStyle(e).breakAfter]]))"""
    )
    assert breaks["H2"][1] == breaks["H3"][1] == breaks["SUMMARY"][1] == "avoid"
    assert breaks["figure"][0] == breaks["figure-drawing"][0] == "avoid"
    assert breaks["question"][0] == breaks["TR"][0] == "avoid"
    address = page.evaluate(
        "getComputedStyle(document.querySelector('.footnote li a'), '::after').content"
    )
    assert "https://" in address


def test_a_long_program_may_break_but_not_at_its_ends(open_page: OpenPage) -> None:
    page = open_page(LESSON, width=768).page
    page.emulate_media(media="print")
    programs = page.evaluate(
        """() => [...document.querySelectorAll(".snippet")].map(snippet => {
            const style = element => getComputedStyle(element);
            const lines = [...snippet.querySelectorAll("code > span[id]")];
            const output = snippet.querySelector(".snippet-output");
            return {
                lines: lines.length,
                whole: style(snippet).breakInside === "avoid",
                title: style(snippet.querySelector(".snippet-header")).breakAfter,
                above: lines.filter(line => style(line).breakAfter === "avoid").length,
                below: lines.filter(line => style(line).breakBefore === "avoid").length,
                output: style(output).breakBefore,
                room: lines[0].getBoundingClientRect().top
                    - snippet.querySelector(".snippet-header").getBoundingClientRect().bottom,
                empty: style(snippet.querySelector("pre > span:empty")).display,
            };
        })"""
    )
    assert {program["whole"] for program in programs} == {True, False}
    for program in programs:
        assert program["whole"] == (program["lines"] < 16)
        assert program["title"] == program["output"] == "avoid"
        assert program["above"] == program["below"] == 4
        # Where anything lies between title and first line, the title may stay behind alone.
        assert (program["room"], program["empty"]) == (0, "none")


def test_the_pdf_has_text_and_a_sane_number_of_pages(open_page: OpenPage) -> None:
    page = open_page(LESSON, scheme="dark").page
    pdf = page.pdf(prefer_css_page_size=True, format="A4")
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type ?/Page\b", pdf)) in PAGES
    assert pdf.count(b"/ToUnicode") > 3  # letters, not pictures of them
    assert len(pdf) < 2_000_000

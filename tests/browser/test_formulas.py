"""Formulas in a real browser: the site's own font, and brackets as tall as what they hold."""

from tests.browser.visits import OpenPage

MEASURE = """async () => {
    await document.fonts.ready;
    const height = element => element.getBoundingClientRect().height;
    const formula = [...document.querySelectorAll(".formula math")]
        .find(math => math.querySelector("mfrac"));
    const tokens = [...formula.querySelectorAll("mo")];
    return {
        fraction: height(formula.querySelector("mfrac")),
        brackets: tokens.filter(mo => "⌊⌋".includes(mo.textContent)).map(height),
        sign: height(tokens.find(mo => mo.textContent === "+")),
        fonts: [...document.fonts].filter(f => f.status === "loaded").map(f => f.family),
    };
}"""


def test_brackets_grow_with_what_they_hold(open_page: OpenPage) -> None:
    measured = open_page("cnns-from-scratch/").page.evaluate(MEASURE)
    assert len(measured["brackets"]) == 2
    assert min(measured["brackets"]) >= measured["fraction"] > 1.5 * measured["sign"]


def test_formulas_are_drawn_with_the_sites_own_font(open_page: OpenPage) -> None:
    visit = open_page("cnns-from-scratch/")
    assert any("Scratch Math" in font for font in visit.page.evaluate(MEASURE)["fonts"])
    assert [url for url in visit.requests if url.endswith(".woff2")] == [
        f"{visit.site}assets/fonts/math.woff2"
    ]

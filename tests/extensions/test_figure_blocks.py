from __future__ import annotations

from pathlib import Path

import pytest

from proof.faults import FaultError

SVG = """<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<style>.a { fill: red }</style><title>Alone</title>
<path id="sum-a" class="a" d="M0 0"/><use xlink:href="#sum-a"/><text>2 &lt; 3</text>
</svg>
"""
FIGURE = """\
/// figure | {name}
    title: How a sum grows

A *caption*.

//// description
Two numbers:

- one,
- two.
////
///
"""


@pytest.fixture(autouse=True)
def drawings(docs: Path) -> Path:
    folder = docs.parent / "figures" / "a_lesson"
    folder.mkdir(parents=True)
    for name in ("sum", "product"):
        (folder / f"{name}.svg").write_text(SVG, encoding="utf-8")
    return folder


def draw(render, *names: str, before: str = ""):
    figures = "\n".join(FIGURE.format(name=name) for name in names)
    return render(f"{before}\n\n{figures}", "a-lesson/index.md")


def test_a_figure_has_drawing_caption_and_description(render, text_of) -> None:
    page = draw(render, "sum")
    [figure] = page.findall("figure")
    assert figure.get("id") == "figure-sum"
    assert [element.tag for element in figure] == ["div", "figcaption"]
    caption, details = figure.find("figcaption")
    assert text_of(caption) == "Figure 1. A caption."
    assert details.tag == "details"
    assert text_of(details) == "Describe the figure Two numbers: one, two."
    assert not page.findall(".//p[@class='fault']")


def test_the_drawing_is_named_and_described_by_the_page(render, text_of) -> None:
    page = draw(render, "sum")
    by_id = {element.get("id"): element for element in page.iter()}
    [svg] = page.iter("{http://www.w3.org/2000/svg}svg")
    assert svg.get("role") == "img"
    assert by_id[svg.get("aria-labelledby")].text == "How a sum grows"
    assert text_of(by_id[svg.get("aria-describedby")]) == "Two numbers: one, two."


def test_the_drawing_leaves_its_own_title_and_colours_behind(render) -> None:
    page = draw(render, "sum")
    [svg] = page.iter("{http://www.w3.org/2000/svg}svg")
    names = [element.tag.rpartition("}")[2] for element in svg]
    assert names == ["title", "path", "use", "text"]
    assert svg[2].get("{http://www.w3.org/1999/xlink}href") == "#sum-a"
    assert svg[3].text == "2 < 3"


def test_figures_are_counted_and_links_say_the_number(render, text_of) -> None:
    links = "See [Figure](#figure-product) and [Figure](#figure-sum), [both](#figure-sum)."
    page = draw(render, "sum", "product", before=links)
    numbers = [text_of(number) for number in page.findall(".//span[@class='figure-number']")]
    assert numbers == ["Figure 1.", "Figure 2."]
    assert text_of(page.find("p")) == "See Figure 2 and Figure 1, both."


def test_a_link_to_no_figure_stops_the_build(render) -> None:
    with pytest.raises(
        FaultError, match=r"index.md:1: .*#figure-sums.*the figures are: #figure-sum"
    ):
        draw(render, "sum", before="[Figure](#figure-sums)")


def test_a_missing_drawing_is_a_visible_mark(render, text_of) -> None:
    page = draw(render, "quotient")
    [mark] = page.findall(".//p[@class='fault']")
    assert text_of(mark) == "The drawing figures/a_lesson/quotient.svg is missing."


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("//// description\nTwo numbers:\n\n- one,\n- two.\n////\n", "has no description"),
        ("Two numbers:\n\n- one,\n- two.\n", "has no description"),
        ("    title: How a sum grows\n", "has no title"),
    ],
)
def test_a_missing_part_is_a_visible_mark(render, part: str, message: str) -> None:
    page = render(FIGURE.format(name="sum").replace(part, ""), "a-lesson/index.md")
    [mark] = page.findall(".//p[@class='fault']")
    assert mark.text == f"The figure sum {message}."


@pytest.fixture
def alive(docs: Path) -> Path:
    """Let the first figure come alive."""
    file = docs / "a-lesson" / "interactive-figures.yml"
    file.parent.mkdir()
    file.write_text("sum:\n  element: growing-sum\n  start:\n    a: f.a\n", encoding="utf-8")
    return file


@pytest.mark.usefixtures("alive")
def test_a_drawing_stands_in_the_element_that_brings_it_to_life(render) -> None:
    page = draw(render, "sum", "product")
    first, second = (figure.find("div[@class='figure-drawing']") for figure in page.iter("figure"))
    [element] = first
    assert element.tag == "growing-sum"
    assert element.attrib == {"class": "interactive", "data-figure": "sum"}
    svg = "{http://www.w3.org/2000/svg}svg"
    assert [child.tag for child in element] == [svg]
    assert [child.tag for child in second] == [svg]


def test_what_cannot_be_read_stops_the_build_at_its_line(render, alive: Path) -> None:
    alive.write_text("sum:\n  element: growing-sum\n", encoding="utf-8")
    with pytest.raises(FaultError, match=r"interactive-figures\.yml:2: 'start' is missing"):
        draw(render, "sum")

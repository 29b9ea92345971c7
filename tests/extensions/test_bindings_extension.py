"""What a page's source binds is what the page carries, and no notation is left to be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from markdown import Markdown
from mkdocs.commands.build import build
from mkdocs.config import load_config

from proof.extensions.bindings import ATTRIBUTES
from proof.extensions.math import LATEX
from proof.notation import read

Render = Callable[..., Element]

EVERYTHING = """
# The title has [1]{=in_title}

Prose [0.852]{=first["a"]}, `Conv2d(3, 4)`{=layer}, $N = 5${=size}, [link 6](#top){=link}
and [**strong 7** *and 8*]{=strong}. **[9]{=bold}**, *a [10]{=slanted}*, <b>[11]{=raw}</b>.
[It is [12]{=inner} and `a < b`]{?a < b and "x" > 'y'}. [13 \u00d7 13]{:= side, side},
[14]{=literal: because "it is so"}, [two]{=words}, [a
wrapped 15]{=wrapped +
more}, [y[0, 16]]{=y[0]}.

A paragraph with 17
and 18.
{=paragraph}

## A heading with [3 \u00d7 19]{=in_heading} { #own-id }

| head 20 | b |
|---|--:|
| 1 | 2 |
{=table}

| a |
|---|
| [21]{=cell | other} |

- item 22
- item 23
{=items}

- item 24
  {=item}
- item [25]{=in_item}

#. numbered [26]{=numbered}

$$
x_{27} = -28
$$
{=formula}

!!! note "Title [29]{=admonition}"

    Body [30]{=body}

    | 31 |
    |---|
    | 32 |
    {=inside}

??? note "Folded [33]{=folded}"

    > Quoted 34
    > {=quoted}

/// figure | drawing
    title: A [35]{=hidden} title

Caption [36]{=caption}.

//// description
Description [37]{=described}.

- listed 38
{=listed}
////
///

term
:   definition [39]{=definition}

<table><tr><td>40</td></tr></table>
{=html}

<div markdown>
[41]{=in_html}
</div>
"""


def bound(page: Element) -> list[tuple[str, str, list[str]]]:
    """Give what elements are bound to, in order, with the digits of their texts."""
    return [
        (kind, element.attrib[attribute], re.findall("[0-9]+", "".join(element.itertext())))
        for element in page.iter()
        for kind, attribute in ATTRIBUTES.items()
        if attribute in element.attrib
    ]


def test_the_page_carries_what_the_source_binds(render: Render) -> None:
    source = read(EVERYTHING)
    assert source.flaws == []
    expected = [
        (one.kind, one.code, re.findall("[0-9]+", source.text[one.start : one.end]))
        for one in source.notations
        if one.code != "hidden"  # a title can hold no element
    ]
    formulas = {"size": ["5"], "formula": ["27", "28"]}
    expected = [(kind, code, formulas.get(code, digits)) for kind, code, digits in expected]
    page = render(EVERYTHING)
    assert bound(page) == expected
    assert len(expected) > 30


def test_no_notation_is_left_in_the_page(render: Render) -> None:
    page = render(EVERYTHING)
    text = "".join(page.itertext())
    attributes = " ".join(
        value
        for element in page.iter()
        for name, value in element.attrib.items()
        if name not in {*ATTRIBUTES.values(), LATEX}
    )
    for left in ("{", "}", "=first", "]", *map(chr, range(0xF0000, 0xF0100))):
        assert left not in text.replace("y[0, 16]", "")
        assert left not in attributes
    assert page.find(".//mark") is None


def test_headings_titles_and_ids_are_plain(render: Render, site_extensions: Any) -> None:
    page = render(EVERYTHING)
    assert [heading.get("id") for heading in page.iter("h2")] == ["own-id"]
    md = Markdown(**site_extensions)
    md.convert("# The [3 \u00d7 3]{=a} title\n\n## And [`f(2)`]{=b | c}\n")
    (token,) = md.toc_tokens
    assert (token["name"], token["id"]) == ("The 3 \u00d7 3 title", "the-3-3-title")
    assert token["children"][0]["name"] == "And f(2)"


def test_a_block_carries_its_attribute_itself(render: Render) -> None:
    page = render(EVERYTHING)
    tags = {
        element.attrib["data-expression"]: element.tag
        for element in page.iter()
        if "data-expression" in element.attrib
    }
    assert (tags["table"], tags["inside"]) == ("table", "table")
    assert (tags["items"], tags["listed"]) == ("ul", "ul")
    assert (tags["formula"], tags["html"]) == ("div", "div")
    assert (tags["paragraph"], tags["item"], tags['first["a"]']) == ("span", "span", "span")
    for paragraph in page.iter("p"):
        assert "".join(paragraph.itertext()).strip() or len(paragraph)


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("a {=x} b", ["{=x}"]),
        ("a [1]{=x b", ["{=x b"]),
        ("a\n\n{=x < y}\n\nb", ["{=x < y}"]),
        ("## a\n{=x}", ["{=x}"]),
        ("*a [b* 1]{=x}", ["{=x}"]),
        ("[a *b]{=x} 1*", ["{=x}"]),
        ("| a |\n|---|\n| {=x} |", ["{=x}"]),
        ("fine [1]{=x}", []),
    ],
)
def test_what_cannot_be_read_is_marked(render: Render, source: str, marked: list[str]) -> None:
    page = render(source)
    marks = [mark for mark in page.iter("mark") if mark.get("class") == "binding-fault"]
    assert ["".join(mark.itertext()) for mark in marks] == marked


def test_code_shows_notation_as_it_is_written(render: Render) -> None:
    source = "`[1]{=a}` and\n\n```text\n[2]{=b}\n{=c}\n```\n\n\\[3\\]{ .d }"
    page = render(source)
    text = "".join(page.itertext())
    assert "[1]{=a}" in text
    assert "[2]{=b}\n{=c}" in text
    assert bound(page) == []


def test_pages_do_not_mix(site_extensions: Any) -> None:
    md = Markdown(**site_extensions)
    md.convert("[1]{=a} [2]{=b}")
    assert md.reset().convert("[3]{=c}") == '<p><span data-expression="c">3</span></p>'


def test_the_title_the_contents_and_the_search_index_get_plain_text(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# The [3 \u00d7 3]{=a} kernel\n\n## Its [9]{=b}\n")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Test\nplugins: [search]\nmarkdown_extensions: [proof.extensions.bindings]\n"
    )
    build(load_config(str(tmp_path / "mkdocs.yml")))
    page = (tmp_path / "site/index.html").read_text("utf-8")
    index = (tmp_path / "site/search/search_index.json").read_text("utf-8")
    assert "The 3 \u00d7 3 kernel" in re.sub("<[^>]*>", "", page)
    assert 'href="#its-9"' in page
    assert '"title":"The 3 \\u00d7 3 kernel"' in index
    assert '"title":"Its 9"' in index
    assert "data-expression" not in index


def test_a_drawings_title_is_plain_text(render: Render, docs: Path) -> None:
    drawing = docs.parent / "figures/lesson/drawing.svg"
    drawing.parent.mkdir(parents=True)
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>')
    title = "    title: The [3 \u00d7 3]{=kernel.shape} window, [so it is]{?True}\n"
    page = render(f"/// figure | drawing\n{title}\nCaption.\n\n//// description\nAll.\n////\n///\n")
    (shown,) = page.iter("{http://www.w3.org/2000/svg}title")
    assert (shown.text, len(shown)) == ("The 3 \u00d7 3 window, so it is", 0)


def test_no_line_breaks_inside_dimensions_but_code_stays_as_written(render: Render) -> None:
    page = render("It is [3 × 3 × 16]{=shape}, [2\n× 5]{=other} or `3 × 3`{=shape}, not a × b.")
    said = "".join(page.itertext())
    assert said == "It is 3\xa0×\xa03\xa0×\xa016, 2\xa0×\xa05 or 3 × 3, not a × b."


def test_an_attribute_holds_plain_text(render: Render) -> None:
    page = render('![a [4]{=x} b](p.png "c") and [d](u){ title="e" }{=f}')
    assert [image.get("alt") for image in page.iter("img")] == ["a 4 b"]
    assert bound(page) == [("value", "f", [])]


@pytest.mark.parametrize("source", ["[a *b]{=x} 1*", "*a [b* 1]{=x}", "[a]{=x}", "[a\n\nb]{=x}"])
def test_elements_are_closed_where_they_were_opened(site_extensions: Any, source: str) -> None:
    opened: list[str] = []
    for end, name in re.findall("<(/?)([a-z]+)", Markdown(**site_extensions).convert(source)):
        assert not end or opened.pop() == name
        opened += [] if end else [name]
    assert opened == []

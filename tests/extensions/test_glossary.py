from __future__ import annotations

from pathlib import Path

import pytest

from proof.faults import FaultError

GLOSSARY = """\
stride: How far the window moves.
feature map: The grid of responses.
map: A grid.
bias: One number more.
ReLU: Keeps what is positive & drops the rest.
"""


@pytest.fixture(autouse=True)
def glossary(docs: Path) -> None:
    (docs / "glossary.yml").write_text(GLOSSARY, encoding="utf-8")


def explained(page) -> list[str]:
    return [abbr.text for abbr in page.iter("abbr")]


def test_a_term_is_explained_where_it_is_first_used(render, text_of) -> None:
    page = render("A stride, *the* feature map; a stride again.\n\nThe feature map.\n")
    assert explained(page) == ["stride", "feature map"]
    assert page.find("p/abbr").get("title") == "How far the window moves."
    assert text_of(page) == "A stride, the feature map; a stride again. The feature map."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Stride by stride.", ["Stride"]),
        ("Two strides.", ["strides"]),
        ("All biases.", ["biases"]),
        ("With **bias**-free layers and *bias*.", ["bias"]),
        ("A striding map-maker.", []),
        ("STRIDE and relu.", []),
        ("ReLU works.", ["ReLU"]),
        ("One feature map, one map.", ["feature map", "map"]),
    ],
)
def test_a_term_is_found_as_people_write_it(render, text: str, found: list[str]) -> None:
    assert explained(render(text)) == found


@pytest.mark.parametrize(
    "source",
    [
        "# Stride",
        "`stride`",
        "[stride](https://example.org)",
        "```text\nstride\n```",
        r"$\text{stride}$",
        '??? note "stride"\n\n    Text.',
    ],
)
def test_a_term_is_left_alone_where_it_is_a_name_or_code(render, source: str) -> None:
    page = render(f"{source}\n\nThe stride.\n")
    assert list(page.iter("abbr")) == page.findall("p")[-1].findall("abbr")
    assert explained(page) == ["stride"]


def test_key_terms_are_those_the_page_uses(render) -> None:
    page = render("/// key-terms\n///\n\nReLU after each feature map, ReLU.\n")
    links = page.findall("div[@class='key-terms']/ul/li/a")
    assert [link.text for link in links] == ["ReLU", "feature map"]
    assert links[1].get("href") == "../glossary/index.md#feature-map"


def test_the_glossary_page_lists_all_terms_with_ids(render) -> None:
    page = render("/// glossary\n///\n\nA stride.\n", "glossary/index.md")
    terms = page.findall("dl[@class='glossary']/dt")
    assert [term.text for term in terms] == ["bias", "feature map", "map", "ReLU", "stride"]
    assert terms[1].get("id") == "feature-map"
    assert page.findall("dl/dd")[3].text == "Keeps what is positive & drops the rest."
    assert explained(page) == []


def test_a_definition_that_is_no_text_stops_the_build(render, docs: Path) -> None:
    (docs / "glossary.yml").write_text("stride: How far.\nmap:\n", encoding="utf-8")
    with pytest.raises(FaultError, match=r"glossary.yml:2: the definition of 'map'"):
        render("Text.\n")

from __future__ import annotations

from pathlib import Path

import pytest

from proof.faults import FaultError

BIBLIOGRAPHY = """\
lovelace1843:
  authors: [Ada Lovelace]
  year: 1843
  title: Notes on the Analytical Engine
  venue: Scientific Memoirs
  volume: 3
  pages: 666 to 731
  url: https://example.org/notes
turing1950:
  authors: [Alan Turing, Second Author, Third Author]
  year: 1950
  title: Computing Machinery
  venue: Mind
  url: https://example.org/mind
"""


@pytest.fixture(autouse=True)
def bibliography(docs: Path) -> None:
    (docs / "bibliography.yml").write_text(BIBLIOGRAPHY, encoding="utf-8")


def test_the_works_that_a_page_refers_to_are_its_footnotes(render, text_of) -> None:
    page = render("First.[^turing1950] Then.[^lovelace1843] Again.[^turing1950]\n")
    assert [text_of(note) for note in page.findall("p/sup")] == ["1", "2", "1"]
    notes = [text_of(note).rstrip(" ↩") for note in page.findall("div/ol/li/p")]
    assert notes == [
        "Alan Turing, Second Author and Third Author (1950). Computing Machinery. Mind.",
        "Ada Lovelace (1843). Notes on the Analytical Engine. Scientific Memoirs 3, 666 to 731.",
    ]
    assert page.find("div/ol/li/p/a").get("href") == "https://example.org/mind"


def test_they_stand_where_the_page_says(render) -> None:
    page = render("First.[^turing1950]\n\n## References\n\n[references]\n\nThe end.\n")
    assert [child.tag for child in page] == ["p", "h2", "div", "p"]
    assert page.find("div").get("class") == "footnote"


def test_a_page_without_references_has_no_footnotes(render) -> None:
    assert render("Text.\n").find("div") is None


def test_an_unknown_key_stops_the_build(render) -> None:
    with pytest.raises(FaultError, match=r"index.md:3: \[\^turing1936\]") as error:
        render("Text.\n\nMore.[^turing1936]\n")
    assert "the keys are: lovelace1843, turing1950" in str(error.value)


def test_code_is_no_reference(render, text_of) -> None:
    page = render("Match `[^a]`.\n\n```python\n# not run\nre.match('[^b]', '')\n```\n")
    assert page.find("div/ol") is None
    assert text_of(page.find("p")) == "Match [^a]."


def test_a_work_that_lacks_something_stops_the_build(render, docs: Path) -> None:
    text = BIBLIOGRAPHY.replace("  year: 1950\n", "").replace("  venue: Mind\n", "")
    (docs / "bibliography.yml").write_text(text, encoding="utf-8")
    with pytest.raises(FaultError, match=r"bibliography.yml:9: .*turing1950 lacks venue, year"):
        render("Text.\n")

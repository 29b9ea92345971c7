"""The labs, run once for this and for the site: what they print, and that their text types no
result."""

import re

import pytest

from proof.notebooks.execution import executed, notebook_paths
from proof.notebooks.outputs import faults
from proof.numerals import find_numerals

EVERY_LAB = pytest.mark.parametrize("path", notebook_paths(), ids=lambda path: path.stem)
ADDRESS = re.compile(r"\]\([^)]*\)")


@EVERY_LAB
def test_prints_what_is_documented(path) -> None:
    assert list(map(str, faults(path, executed(path)))) == []


@EVERY_LAB
def test_types_no_number_in_its_text(path) -> None:
    texts = [cell.source for cell in executed(path).cells if cell.cell_type == "markdown"]
    assert texts
    typed = [find_numerals(ADDRESS.sub("]", text)) for text in texts]
    assert [numeral.text for numerals in typed for numeral in numerals] == []

from __future__ import annotations

import pytest

from proof.extensions.math import to_mathml
from proof.faults import FaultError

MATHML = "{http://www.w3.org/1998/Math/MathML}"


def test_formulas_become_mathml(render) -> None:
    page = render("Let $N = 4$.\n\n$$\n\\left\\lfloor \\frac{N}{2} \\right\\rfloor\n$$\n")
    inline, display = page.iter(f"{MATHML}math")
    assert [element.text for element in inline] == ["N", "=", "4"]
    assert page.find("p/{*}math") is inline
    assert display.get("display") == "block"
    assert page.find("div[@class='formula']/{*}math") is display
    assert display.find(f".//{MATHML}mfrac") is not None


def test_no_latex_is_left(render, text_of) -> None:
    page = render("# The size $N$\n\nWith $K \\le 3$.\n\n$$\nN \\le 2\n$$\n")
    assert text_of(page) == "The size N# With K≤3. N≤2"
    assert page.get("contents") == "The size N"


@pytest.mark.parametrize(
    ("formula", "line"), [("$a \\blob b$", 3), ("$$\n\\frac{1}{\\blob}\n$$", 4)]
)
def test_an_unknown_command_stops_the_build_with_page_and_formula(render, formula, line) -> None:
    with pytest.raises(FaultError) as error:
        render(f"Text.\n\n{formula}\n")
    assert error.value.fault.line == line
    assert error.value.fault.file.name == "index.md"
    assert 'Unknown command "\\blob"' in str(error.value)
    assert " ".join(formula.split()).replace("$$ ", "$").replace(" $$", "$") in str(error.value)


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"\begin{cases} 1 & x \\ 2 & y \end{cases}",
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
    ],
)
def test_cells_have_classes_and_no_styles(latex: str) -> None:
    cells = list(to_mathml(latex, display=True).iter("mtd"))
    assert len(cells) == 4
    assert not any("style" in cell.attrib for cell in cells)
    aligned = {cell.get("class", "") for cell in cells}
    assert aligned == ({""} if "bmatrix" in latex else aligned - {""})


def test_a_style_without_a_class_is_refused() -> None:
    with pytest.raises(ValueError, match="inline style"):
        to_mathml(r"\begin{array}{c|c} 1 & 2 \end{array}", display=True)


def test_prices_are_no_formulas(render, text_of) -> None:
    assert text_of(render("It costs $5 or 6 $ a month.")) == "It costs $5 or 6 $ a month."

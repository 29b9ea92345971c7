from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from proof.numerals import (
    Numeral,
    find_formula_numerals,
    find_numerals,
    format_like,
    prints_as,
    same_within,
)


def numeral(text: str) -> Numeral:
    return Numeral(text, 0, len(text))


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("", []),
        ("38,535,424 parameters (38,535,168 + 256)", ["38,535,424", "38,535,168", "256"]),
        ("86,017x more", ["86,017"]),
        ("0.852, then 0.90. Then 4.", ["0.852", "0.90", "4"]),
        ("(1, 1), [0.1,0.2], (1,2)", ["1", "1", "0.1", "0.2", "1", "2"]),
        ("[1,2,345] 1,234,56 0,123", ["1", "2", "345", "1", "234", "56", "0", "123"]),
        ("1_000 but a_1_000, _0.6_, __2__, _x1", ["1_000", "0.6", "2"]),
        ("12,345.678", ["12,345.678"]),
        ("\u22120.687 and -0.687, (-2), =-3, +0.5", ["\u22120.687", "-0.687", "-2", "-3", "+0.5"]),
        ("[ 1.024 -0.687]", ["1.024", "-0.687"]),
        ("3-1, max-2, ICLR-2021, 2026-11-23", ["3", "1", "2", "2021", "2026", "11", "23"]),
        ("2 \u2212 1, 2 - 1, f(x)-1, x\u22121, 5%-6%", ["2", "1", "2", "1", "1", "1", "5", "6"]),
        ("pages 2\u20134", ["2", "4"]),
        ("75 % or 75%", ["75", "75"]),
        (
            "3\u00d73, 3x3, 224 \u00d7 224, 16x16x3",
            ["3", "3", "3", "3", "224", "224", "16", "16", "3"],
        ),
        ("1st, 2D, 10px, 2n", ["1", "2", "10", "2"]),
        ("Conv2d(1, 1), float32, x1, layer_2, H2O", ["1", "1"]),
        ("PyTorch 2.13.0 v3", ["2", "13", "0"]),
        ("atol=1e-4, 6.02E+23, 1e5", ["1e-4", "6.02E+23", "1e5"]),
        (".5 x.5 1..2 [1. 0.]", [".5", "5", "1", "2", "1", "0"]),
        ("1/2, 10:30, y[0, -1]", ["1", "2", "10", "30", "0", "-1"]),
    ],
)
def test_numerals_of_a_text_are_found(text: str, numerals: list[str]) -> None:
    found = find_numerals(text)
    assert [one.text for one in found] == numerals
    assert [text[one.start : one.end] for one in found] == numerals


@pytest.mark.parametrize(
    ("formula", "numerals"),
    [
        (r"(-0.6)(0.05 + 0.08) = -0.114", ["-0.6", "0.05", "0.08", "-0.114"]),
        (r"y_{0,0} = 0.852", ["0", "0", "0.852"]),
        (r"y_0 + x^12 + 2N + x2", ["0", "1", "2", "2", "2"]),
        (r"\frac{1}{3} \frac12 \dfrac 3 4", ["1", "3", "1", "2", "3", "4"]),
        (r"N - 1, N -1, 2-1, \alpha - 1", ["1", "1", "2", "1", "1"]),
        (r"= - 0.6, \le -3, \times -2, \cdot-1, a & -5", ["- 0.6", "-3", "-2", "-1", "-5"]),
        (r"38{,}535{,}424 + 38,535", ["38{,}535{,}424", "38,535"]),
        (r"a \\[4pt] 5 \\ -6 \hspace{2em} \text{Conv2d has 9} \mathrm{x1}", ["5", "-6", "9"]),
        (r"\{1\} \% 7", ["1", "7"]),
    ],
)
def test_numerals_of_a_formula_are_found(formula: str, numerals: list[str]) -> None:
    found = find_formula_numerals(formula)
    assert [one.text for one in found] == numerals
    assert [formula[one.start : one.end] for one in found] == numerals


def test_number_words_are_found_when_asked_for() -> None:
    text = "Eight filters, one-hot, none, twenty, twenty-one, forty-two, 16"
    found = find_numerals(text, words=True)
    assert [one.text for one in found] == ["Eight", "one", "twenty", "16"]
    assert [int(one.value) for one in found] == [8, 1, 20, 16]
    assert [one.text for one in find_numerals(text)] == ["16"]


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("38,535,424", "38535424", 0),
        ("38{,}535", "38535", 0),
        ("1_000", "1000", 0),
        ("\u22120.60", "-0.60", 2),
        ("- 0.6", "-0.6", 1),
        ("+1", "1", 0),
        ("1.5e-4", "0.00015", 1),
        ("2e\u22123", "0.002", 0),
        ("Eight", "8", 0),
    ],
)
def test_a_numeral_has_a_value_and_decimals(text: str, value: str, decimals: int) -> None:
    assert numeral(text).value == Decimal(value)
    assert numeral(text).decimals == decimals


@pytest.mark.parametrize(
    ("value", "like", "printed"),
    [
        (38535424, "1,000", "38,535,424"),
        (38535424, "1000", "38535424"),
        (1234, "1{,}000", "1{,}234"),
        (1234, "9_000", "1_234"),
        (0.85200000001, "0.999", "0.852"),
        (0.9, "0.00", "0.90"),
        (0.125, "0.12", "0.12"),  # a tie in binary goes to the even digit
        (0.375, "0.12", "0.38"),
        (2.675, "0.12", "2.67"),  # the float lies below the half
        (1.005, "0.12", "1.00"),
        (np.float32(0.1), "0.1234567890", "0.1000000015"),
        (np.int64(2**62 + 1), "1", "4611686018427387905"),
        (2**80 + 1, "1.0", "1208925819614629174706177.0"),
        (Fraction(1, 3), "0.12", "0.33"),
        (np.array(0.5), "0.12", "0.50"),
        (-0.687, "\u22120.123", "\u22120.687"),
        (-0.687, "-0.123", "-0.687"),
        (-0.687, "0.123", "\u22120.687"),
        (0.687, "-0.123", "0.687"),
        (0.5, "+1.0", "+0.5"),
        (-0.5, "+1.0", "\u22120.5"),
        (-0.0, "1", "0"),
        (-0.0001, "1.00", "0.00"),
        (-0.0001, "-1.00", "0.00"),
        (-0.0001, "-0.00", "-0.00"),
        (0.0001, "-0.00", "0.00"),
        (1e-4, "2e-3", "1e-4"),
        (1e-4, "2e-03", "1e-04"),
        (1e-4, "2E\u22123", "1E\u22124"),
        (6.02214e23, "1.00e3", "6.02e23"),
        (6.02214e23, "1.00e+3", "6.02e+23"),
        (8, "two", "eight"),
        (8.0, "Two", "Eight"),
        (21, "two", "21"),
        (float("nan"), "0.5", "nan"),
        (float("inf"), "two", "inf"),
    ],
)
def test_a_value_prints_like_a_numeral(value: float, like: str, printed: str) -> None:
    assert format_like(value, numeral(like)) == printed


@pytest.mark.parametrize(
    ("value", "text", "same"),
    [
        (0.9, "0.90", True),
        (0.904, "0.90", True),
        (0.904, "0.9", True),
        (0.904, "0.904", True),
        (0.904, "0.91", False),
        (0.874, "0.8740", True),
        (0.8741, "0.8740", False),
        (38535424, "38,535,424", True),
        (38535424, "38535424", True),
        (38535424, "38,535,425", False),
        (-0.6, "- 0.6", True),
        (0.6, "-0.6", False),
        (-0.6, "0.6", False),
        (0.5, ".5", False),
        (7, "07", False),
        (7, "seven", True),
        (7, "eight", False),
        (-0.0, "0", True),
        (-0.0, "-0", True),
        (0, "-0", False),
        (1000, "1e3", True),
        (1400, "1e3", True),
        (1600, "1e3", False),
    ],
)
def test_a_value_must_print_as_the_numeral_stands(value: float, text: str, same: bool) -> None:
    assert prints_as(value, numeral(text)) is same


@pytest.mark.parametrize(
    ("documented", "found", "allowance", "same"),
    [
        ("0.852", "0.8525", "0", True),
        ("0.852", "0.8526", "0", False),
        ("0.852", "0.853", "0.0005", True),
        ("0.852", "0.8531", "0.0005", False),
        ("\u22120.687", "-0.687", "0", True),
        ("0.687", "-0.687", "0", False),
        ("4", "4", "0", True),
        ("4", "5", "0", False),
        ("38,535,424", "38535424", "0", True),
        ("1.0e-5", "1.05e-5", "0", True),
        ("1.0e-5", "1.06e-5", "0", False),
    ],
)
def test_two_numerals_are_the_same_within_half_a_digit(
    documented: str, found: str, allowance: str, same: bool
) -> None:
    assert same_within(numeral(documented), numeral(found), Decimal(allowance)) is same

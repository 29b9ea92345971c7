"""Which outputs count as the same, and how a difference is shown."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from proof.execution import Run
from proof.outputs import describe, diff, differences

ALLOWANCE = Decimal("0.00001")


@pytest.mark.parametrize(
    ("documented", "printed"),
    [
        ("a 0.852\n", "a 0.853\n"),
        ("a 0.90\n", "a 0.9\n"),
        ("[1.024 -0.687]\n", "[ 1.024 -0.687]\n"),
        ("a\n", "a \n"),
        ("a\n", "a\n\n"),
        ("a\nb\n", "a\n"),
        ("", "a\n"),
    ],
)
def test_to_the_letter_each_of_these_differs(documented: str, printed: str) -> None:
    assert differences(documented, printed, None)
    assert not differences(printed, printed, None)


@pytest.mark.parametrize(
    ("documented", "printed"),
    [
        ("[1.024 -0.687]", "[ 1.024  -0.687]"),
        ("a 0.85", "a 0.8549"),
        ("a 0.85", "a 0.845"),
        ("a 0.8500000", "a 0.8500099"),
        ("a -0.687", "a \N{MINUS SIGN}0.687"),
        ("38,535,424 x", "38535424 x"),
    ],
)
def test_within_an_allowance_each_of_these_is_the_same(documented: str, printed: str) -> None:
    assert differences(documented, printed, ALLOWANCE) == []
    assert differences(documented, printed, None)


@pytest.mark.parametrize(
    ("documented", "printed"),
    [
        ("a 0.85", "a 0.8551"),
        ("a 0.8500000", "a 0.8500102"),
        ("a 3", "a 4"),
        ("a 3", "b 3"),
        ("a True", "a False"),
        ("a 3", "a b"),
        ("a 3", "a 3 3"),
        ("a 3", "a -3"),
        ("a\nb", "a"),
        ("a", "a\nb"),
    ],
)
def test_even_with_an_allowance_each_of_these_differs(documented: str, printed: str) -> None:
    assert differences(documented, printed, ALLOWANCE)


def test_carets_stand_below_each_numeral_that_moved() -> None:
    found = differences("same\nfirst 1 and 0.85, 7\nlast\n", "same\nfirst 2 and 0.853, 7\n", None)
    assert diff(found) == dedent(
        """\
        - first 1 and 0.85, 7
        + first 2 and 0.853, 7
                ^     ^^^^^
        - last"""
    )


def test_a_long_difference_is_cut() -> None:
    shown = diff(differences("", "".join(f"{line}\n" for line in range(9)), None))
    assert shown == "+ 0\n+ 1\n+ 2\n+ 3\n+ 4\nand 4 more lines"


def describe_first(
    tmp_path: Path, documented: str, printed: str, code: str, **values: object
) -> str:
    """Describe the first difference of a run of one line of code."""
    snippet = tmp_path / "idea.py"
    snippet.write_text(code, "utf-8")
    run = Run(snippet, printed, values, [1] * printed.count("\n"), 0.0, None, {})
    return describe(differences(documented, printed, None)[0], run)


def test_the_value_is_given_at_full_precision_as_the_printing_line_names_it(tmp_path: Path) -> None:
    code = "print(f'{response:.3f}')\n"
    values = {"a": 0.8521, "response": 0.8520000000000001}
    assert describe_first(tmp_path, "0.853\n", "0.852\n", code, **values) == (
        "0.853 is documented, 0.852 was computed (response = 0.8520000000000001)"
    )


def test_a_value_without_more_digits_is_not_repeated(tmp_path: Path) -> None:
    said = describe_first(tmp_path, "n 3\n", "n 4\n", "print('n', n)\n", n=4)
    assert said == "3 is documented, 4 was computed"


@pytest.mark.parametrize(
    ("documented", "printed", "said"),
    [
        ("a 1\n", "a  1\n", "'a 1' is documented, 'a  1' was printed"),
        ("a\nb\n", "a\n", "'b' is documented, but nothing was printed"),
        ("a\n", "a\nb\n", "it is not documented, but 'b' was printed"),
        ("so\n", "no\n", "so is documented, no was computed"),
    ],
)
def test_what_is_no_numeral_is_described_too(
    tmp_path: Path, documented: str, printed: str, said: str
) -> None:
    assert describe_first(tmp_path, documented, printed, "print()\n") == said

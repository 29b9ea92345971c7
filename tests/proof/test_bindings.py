"""What a page's text is bound to is what its snippets leave, or `check` says what it is."""

from __future__ import annotations

import ast
import sys
from typing import Any

import numpy as np
import pytest

from proof.bindings import Report, check
from proof.notation import read
from tests.conftest import ROOT, Project

VALUES: dict[str, dict[str, Any]] = {
    "lesson/slide": {
        "np": np,
        "kernel": np.array([[1.0, -0.6], [0.5, 0.25]]),
        "first_response": 0.8520000000000003,
        "parameters": 38535424,
        "ratio": 86016.571,
        "shape": (3, 4),
        "holds": True,
        "fails": np.bool_(False),
        "name": "conv",
    },
    "lesson/other": {"logits": [1.0236, -0.6866]},
}
PAGE = '## Section\n\n```python\n--8<-- "lesson/slide.py"\n```\n\n'


def checked(text: str) -> Report:
    return check(read(PAGE + text), VALUES, "lesson")


@pytest.mark.parametrize(
    "text",
    [
        "[0.852]{=first_response} [0.9]{=first_response} [0.85200]{=first_response}",
        "[38,535,424]{=parameters} and [38535424]{=parameters} and [86,017x]{=ratio}",
        "[\u22120.6]{=kernel[0, 1]} and [-0.60]{=kernel[0, 1]}",
        "[3 \u00d7 4]{=shape} [three by four]{=shape} [twelve]{=shape[0] * shape[1]}",
        "| 1 | -0.60 |\n|--:|--:|\n| 0.50 | 0.25 |\n{=kernel}",
        "$$\n-0.6 + 0.5 = -0.1\n$$\n{=kernel[0, 1], kernel[1, 0], kernel[0, 1] + kernel[1, 0]}",
        "The $-0.6${=kernel[0, 1]} and `y[3]`{=shape[0]} of [3](x){=shape[0]}.",
        "## 3 again\n\n[1.02 and \u22120.69]{=other.logits}".replace("3 ", ""),
        "[it holds]{?holds} [it too]{?not fails} [at [3]{=shape[0]} most]{?shape[0] <= 3}",
        "[8 and 0.5]{:= size, share}, so [4.0]{=size * share} and [8]{=size}, [half]{?share < 1}",
        "[8 \u00d7 8]{:= side, side} has [64]{=side * side * (shape[0] - 2)}",
        "[4]{=literal: the edition}",
        "words alone, one and two",
        "",
    ],
)
def test_a_page_passes_where_every_numeral_is_its_value(text: str) -> None:
    report = checked(text)
    assert [problem.message for problem in report.problems] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[0.853]{=first_response}",
            "0.853 is not first_response: computed 0.8520000000000003; write 0.852; "
            "closest to 0.853: first_response (0.8520000000000003), ",
        ),
        ("[0.90]{=first_response}", "write 0.85;"),
        ("[38,535,425]{=parameters}", "computed 38535424; write 38,535,424;"),
        ("[0.6]{=kernel[0, 1]}", "0.6 is not kernel[0, 1]: computed -0.6; write \u22120.6;"),
        ("[3 \u00d7 5]{=shape}", "5 is not shape, number 2 of 2: computed 4; write 4;"),
        ("[four]{=shape[0]}", "four is not shape[0]: computed 3; write three;"),
        ("$-0.7${=kernel[0, 1]}", "-0.7 is not kernel[0, 1]: computed -0.6; write -0.6;"),
        (
            "[3]{=shape}",
            "1 numeral (3) but shape gives 2 numbers: (3, 4); bind each numeral to one number",
        ),
        ("[3, 4]{=shape[0]}", "2 numerals (3, 4) but shape[0] gives 1 number: 3;"),
        ("[no digit]{=shape[0]}", "{=shape[0]} binds a text without a numeral"),
        (
            "| 1 | -0.6 |\n|--:|--:|\n| 0.50 | 0.25 |\n{=kernel}",
            "-0.6 has fewer digits after the point than others of this table; write 2",
        ),
        ("[3]{=holds}", "{=holds} cannot be computed: True is no number"),
        ("[3]{=name}", "{=name} cannot be computed: 'conv' is no number"),
        ("[3]{=shapes}", "no snippet of this section leaves shapes; write shape"),
        ("[3]{=logits[0]}", "leaves logits; write other.logits"),
        ("[3]{=shape[7]}", "{=shape[7]} cannot be computed: it raises IndexError"),
        ("[3]{=3}", "it names no value of a snippet; use {=literal: reason}"),
        ("[3]{=}", "{=} cannot be computed: it is no Python expression"),
        ("0.852", "0.852 is bound to nothing; write [0.852]{=first_response}; closest to 0.852: "),
        ("1.02", "1.02 is bound to nothing; write [1.02]{=other.logits[0]}; closest"),
        ("`f(77)`", "77 is bound to nothing; write [77]{=expression}; closest to 77: "),
        ("[at [0.852]{=first_response} 3]{?holds}", "3 is bound to nothing; write [3]{=shape[0]}"),
        (
            "[it holds]{?first_response > 2 or shape[0] == 4}",
            "the claim does not hold: first_response > 2 or shape[0] == 4 is False "
            "(first_response is 0.8520000000000003; shape[0] is 3); say what holds",
        ),
        ("[it holds]{?fails}", "the claim does not hold: fails is False (fails is False)"),
        ("[it holds]{?shape[0]}", "a claim is True or False, and this gives 3"),
        ("[it holds]{?kernel > 0}", "a claim is True or False, and this gives [[True, False]"),
        ("[it holds]{?}", "{?} cannot be computed: it is no Python expression"),
        ("[8]{:= size}", "nothing in this section depends on the given size"),
        ("[8]{:= ratio} [8]{=ratio}", "ratio is already a name of this section"),
        ("[8]{:= len} [8]{=len}", "len is already a name of this section"),
        ("[8]{:= a b} [8]{=8}", "'a b' is no name that a given can define"),
        ("[8]{:= } [8]{=literal: x}", "'' is no name that a given can define"),
        ("[8, 9]{:= a} [8]{=a}", "2 numerals (8, 9) but 1 name; give each numeral a name"),
        ("[8 \u00d7 9]{:= a, a} [8]{=a}", "9 is given as a, which this section gives as 8"),
        ("[none]{:= a} [8]{=literal: x}", "{:= a} binds a text without a numeral"),
        ("[4]{=literal}", "an escape gives its reason: {=literal: reason}"),
        ("[no digit]{=literal: x}", "{=literal: x} binds a text without a numeral"),
    ],
)
def test_what_is_wrong_is_told_with_the_value_and_what_to_write(text: str, told: str) -> None:
    report = checked(text)
    messages = [problem.message for problem in report.problems]
    assert any(told in message for message in messages), messages
    assert all("\n" not in message for message in messages)


def test_a_problem_stands_at_the_line_of_its_numeral() -> None:
    report = checked("| 1 | -0.6 |\n|--:|--:|\n| 0.5 | 0.26 |\n{=kernel}\n\n[a\n9]{=shape}\n\n7\n")
    assert [problem.line for problem in report.problems] == [9, 12, 15]
    assert "0.26 is not kernel, number 4 of 4" in report.problems[0].message


def test_names_are_those_of_the_section_and_givens_too() -> None:
    page = (
        PAGE
        + "[8]{:= size} [8]{=size}\n\n## Next\n\n[8]{=size} [3]{=shape[0]} [3]{=slide.shape[0]}"
    )
    report = check(read(page), VALUES, "lesson")
    messages = [problem.message for problem in report.problems]
    assert len(messages) == 2
    assert "no snippet of this section leaves size" in messages[0]
    assert "no snippet of this section leaves shape; write slide.shape" in messages[1]
    assert report.passed == 3


def test_every_digit_of_the_same_page_is_counted_once() -> None:
    report = checked(
        "[3 \u00d7 4]{=shape} [three]{=shape[0]} [at [3]{=shape[0]} it holds]{?holds} "
        "[5]{=literal: x} [8]{:= size} [8]{=size} 6 [wrong 7]{=shape[0]} two"
    )
    assert (report.numerals, report.bound, report.claims, report.escapes) == (9, 7, 1, 1)
    assert (report.passed, len(report.problems)) == (7, 2)


@pytest.fixture
def lesson(project: Project) -> Project:
    project.snippet("slide", "first = 0.1 + 0.2\nsize = 4\nprint(first)\n", "0.30000000000000004\n")
    return project


def add(lesson: Project, text: str) -> None:
    lesson.write("docs/lesson.md", lesson.read("docs/lesson.md") + text)


def test_check_counts_what_is_bound(lesson: Project) -> None:
    add(lesson, "The first is [0.3]{=first}, [less than one]{?first < 1}.\n")
    said = lesson.proof("check", code=0).stdout
    assert said == "bound: 1 of 1 numerals, 1 claim, 0 escapes\n5 passed, 0 failed\n"


def test_check_names_the_line_the_value_and_the_remedy(lesson: Project) -> None:
    add(lesson, "\nThe first is [0.4]{=first}, [above one]{?first > 1}, and 5.\n")
    said = lesson.proof("check", "lesson.md", code=1).stdout.splitlines()
    place = f"docs/lesson.md:{lesson.read('docs/lesson.md').count(chr(10))}: "
    assert said[0] == "bound: 1 of 2 numerals, 1 claim, 0 escapes"
    assert said[1].startswith(f"{place}0.4 is not first: computed 0.30000000000000004; write 0.3; ")
    assert said[2].startswith(f"{place}the claim does not hold: first > 1 is False (first is 0.3")
    assert said[3].startswith(f"{place}5 is bound to nothing; write [5]{{=expression}}; closest")
    assert said[4] == "2 passed, 3 failed"


def test_check_reads_values_of_another_lesson_for_one_page(lesson: Project) -> None:
    lesson.write("docs/index.md", "[0.30]{=lesson.slide.first} and [4]{=lesson.slide.size}\n")
    said = lesson.proof("check", "docs/index.md", code=0).stdout
    assert said == "bound: 2 of 2 numerals, 0 claims, 0 escapes\n2 passed, 0 failed\n"


def test_a_snippet_that_fails_is_told_once_for_all_that_needs_it(lesson: Project) -> None:
    lesson.write("snippets/lesson/slide.py", "first = 1\nfirst / 0\n")
    add(lesson, "[0.3]{=first} [0.3]{=first} 5\n")
    said = lesson.proof("check", code=1).stdout.splitlines()
    told = "docs/lesson.md:9: snippets/lesson/slide.py:2 raises ZeroDivisionError: division by zero"
    assert [line for line in said if line.startswith("docs")] == [
        f"{told}, and so 3 numbers and claims"
    ]
    assert said[-1] == "2 passed, 2 failed"


def test_what_no_page_of_the_site_says_is_not_checked(lesson: Project) -> None:
    lesson.write("README.md", "Python 3.11 and 1. [4]{=nothing}\n")
    assert lesson.proof("check", code=0).stdout == "3 passed, 0 failed\n"


def test_the_glossary_has_no_digit(lesson: Project) -> None:
    lesson.write("docs/glossary.yml", "kernel: A grid of weights.\nwindow: It has 3 rows.\n")
    said = lesson.proof("check", code=1).stdout
    assert "docs/glossary.yml:2: 3 in the glossary cannot be bound; say it without digits" in said


def test_what_the_readers_browser_runs_needs_the_standard_library_alone() -> None:
    shared = ["numerals", "values", "expressions", "notation", "bindings"]
    for name in shared:
        tree = ast.parse((ROOT / f"proof/{name}.py").read_text("utf-8"))
        imported = {
            (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        ours = {f"proof.{other}" for other in shared}
        foreign = {one for one in imported if one.split(".")[0] not in sys.stdlib_module_names}
        assert foreign <= ours

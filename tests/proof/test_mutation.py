"""`mutate` changes every number and claim, and tells each that no check sees."""

from __future__ import annotations

import re

import pytest

from proof.mutation import another, constant_mutants, output_mutants, page_mutants
from proof.notation import read
from proof.numerals import Numeral
from tests.conftest import Project

WINDOW = """
def fits(size, kernel=3):
    if size < kernel:
        raise ValueError("too small")
    return size - kernel + 1


places = fits(5)
print("places:", places)
"""
PAGE = """
## Places

A kernel fits in [three]{=places} places of [5]{:= size}, [3]{=fits(size)} in all,
[so it moves]{?places > 1}. [8]{=literal: a year}.
"""
CALLS = """
[window]
"fits(3)" = "1"
"fits(1, 1)" = "1"
"fits(2)" = "ValueError: too small"
"""


@pytest.fixture
def lesson(project: Project) -> Project:
    project.write("docs/lesson.md", PAGE)
    project.snippet("window", WINDOW, "places: 3\n")
    project.write("tests/snippets/lesson.toml", CALLS)
    return project


def test_all_mutants_of_a_checked_lesson_are_caught(lesson: Project) -> None:
    lesson.proof("check", code=0)
    said = lesson.proof("mutate", code=0).stdout
    pattern = r"10 mutants in \d+ s: 10 caught, 0 equivalent, score 100.0%\n"
    assert re.fullmatch(pattern, said), said


def test_a_guard_that_no_call_tries_survives(lesson: Project) -> None:
    lesson.write("tests/snippets/lesson.toml", '[window]\n"fits(3)" = "1"\n')
    said = lesson.proof("mutate", code=1).stdout.splitlines()
    assert said[0] == (
        "snippets/lesson/window.py:3: 'too small' -> 'too small_' survives: no check sees it"
    )
    assert said[-1].endswith("9 caught, 0 equivalent, score 90.0%")


def test_a_mutant_may_survive_where_it_is_listed_with_a_reason(lesson: Project) -> None:
    lesson.write("tests/snippets/lesson.toml", '[window]\n"fits(3)" = "1"\n')
    entry = """
        [[mutant]]
        file = "snippets/lesson/window.py"
        line = 'raise ValueError("too small")'
        change = "'too small' -> 'too small_'"
        reason = "for this test"
    """
    lesson.write("tests/equivalent_mutants.toml", entry)
    said = lesson.proof("mutate", code=0).stdout
    assert said.endswith("9 caught, 1 equivalent, score 100.0%\n")

    lesson.write("tests/snippets/lesson.toml", CALLS)
    said = lesson.proof("mutate", code=1).stdout
    assert (
        "tests/equivalent_mutants.toml:1: no mutant 'too small' -> 'too small_' of "
        "'raise ValueError(\"too small\")' survives in snippets/lesson/window.py; delete its entry"
    ) in said

    lesson.write("tests/equivalent_mutants.toml", entry.replace("for this test", ""))
    said = lesson.proof("mutate", code=1).stdout
    assert said == (
        "tests/equivalent_mutants.toml:1: "
        "an equivalent mutant has a file, a line, a change and a reason\n"
    )


def test_a_mutant_that_leaves_other_values_cannot_be_listed(lesson: Project) -> None:
    lesson.snippet("more", "unseen = 7\nprint('x')\n", "x\n")
    lesson.write(
        "tests/equivalent_mutants.toml",
        """
        [[mutant]]
        file = "snippets/lesson/more.py"
        line = "unseen = 7"
        change = "7 -> 8"
        reason = "nobody looks"
        """,
    )
    said = lesson.proof("mutate", code=1).stdout
    assert "more.py:1: 7 -> 8 survives: no check sees it, but it leaves other values" in said


def test_a_project_that_does_not_pass_is_not_mutated(lesson: Project) -> None:
    lesson.write("docs/lesson.md", lesson.read("docs/lesson.md").replace("three", "four"))
    said = lesson.proof("mutate", code=1).stdout
    assert said.startswith("docs/lesson.md:3: four is not places: computed 3; write three")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("0.852", "0.853"),
        ("0.90", "0.91"),
        ("38,535,429", "38,535,420"),
        ("\u22120.6", "\u22120.7"),
        ("Eight", "Nine"),
        ("twenty", "zero"),
        ("1e-4", "1e-5"),
    ],
)
def test_another_numeral_is_valid_and_different(before: str, after: str) -> None:
    assert another(Numeral(before, 0, len(before))) == after


def test_each_numeral_and_claim_of_a_page_is_changed_once(lesson: Project) -> None:
    path = lesson.root / "docs/lesson.md"
    source = read(PAGE.lstrip("\n"))
    changes = [(mutant.line, mutant.change) for mutant in page_mutants(path, source)]
    assert changes == [
        (3, "5 -> 6"),
        (3, "3 -> 4"),
        (3, "three -> four"),
        (4, "{?places > 1} -> {?not (places > 1)}"),
    ]
    texts = [mutant.text for mutant in page_mutants(path, source)]
    assert len(set(texts)) == 4
    assert "[so it moves]{?not (places > 1)}." in texts[3]


def test_each_constant_but_docstrings_is_changed_once(lesson: Project) -> None:
    path = lesson.write(
        "snippets/lesson/all.py",
        '"""Doc 1."""\nx = [1, 2.5, True, None, "a", "b 3", -4]\nprint(f"{x:.2f} c")\n',
    )
    changes = [m.change for m in constant_mutants(path, (bool, int, float, str))]
    assert sorted(changes) == [
        "' c' -> ' c_'",
        "'.2f' -> '.3f'",
        "'a' -> 'a_'",
        "'b 3' -> 'b 4'",
        "1 -> 2",
        "2.5 -> 2.6",
        "4 -> 5",
        "True -> False",
    ]
    assert [m.change for m in constant_mutants(path, (int, float))] == [
        "1 -> 2",
        "2.5 -> 2.6",
        "4 -> 5",
    ]


def test_each_numeral_of_an_output_is_changed_once(lesson: Project) -> None:
    path = lesson.write("snippets/lesson/a.out", "a: 1\n[0.5 2]\n")
    assert [m.text for m in output_mutants(path)] == [
        "a: 2\n[0.5 2]\n",
        "a: 1\n[0.6 2]\n",
        "a: 1\n[0.5 3]\n",
    ]


QUIZ = """
more_than: 0.5
questions:
  - title: Places
    question: |
      An image has
      [7]{:= size} pixels. In how many places does the kernel fit?
    right: {choice: "[5]{=window.fits(size)}", feedback: Count., holds: window.fits(size) < size}
    wrong:
      - {choice: "[8]{=size + 1}", mistake: Too many, feedback: No., section: Places}
      - {choice: "[7]{=size}", mistake: All, feedback: No., section: Places}
      - {choice: "[6]{=size - 1}", mistake: One less, feedback: No., section: Places}
"""


def test_the_numbers_and_claims_of_a_mastery_check_are_changed(lesson: Project) -> None:
    lesson.write("docs/lesson.mastery-check.yml", QUIZ)
    page = lesson.read("docs/lesson.md")
    lesson.write("docs/lesson.md", f"{page}\n/// mastery-check\n///\n")
    said = lesson.proof("mutate", code=1).stdout.splitlines()
    assert said[0] == ("docs/lesson.mastery-check.yml:1: 0.5 -> 0.6 survives: no check sees it")
    assert said[1].startswith("17 mutants in ")
    assert ": 16 caught, 0 equivalent, score 94.1%" in said[1]


def test_a_wrong_mastery_check_is_not_mutated(lesson: Project) -> None:
    lesson.write("docs/lesson.mastery-check.yml", QUIZ.replace("[5]", "[4]"))
    said = lesson.proof("mutate", code=1).stdout
    assert said.startswith(
        "docs/lesson.mastery-check.yml:7: 4 is not window.fits(size): computed 5"
    )

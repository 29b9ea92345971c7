"""The calls of the snippets' functions, their comments, and the lists that they repeat."""

from __future__ import annotations

import pytest

from tests.conftest import Project

SIZE = """
import numpy as np


def half(size):
    if size < 1:
        raise ValueError(f"{size} is too small")
    return size / 2


print(half(4))
"""


@pytest.fixture
def lesson(project: Project) -> Project:
    project.snippet("halves", SIZE, "2.0\n")
    return project


def test_a_function_gives_and_refuses_what_the_table_says(lesson: Project) -> None:
    lesson.write(
        "tests/snippets/lesson.toml",
        """
        [halves]
        "half(1)" = "0.5"
        "half(0)" = "ValueError: 0 is too small"
        "half(np.array([1, 3]).max())" = "1.5"
        """,
    )
    assert lesson.proof("check", code=0).stdout == "6 passed, 0 failed\n"
    wrong = SIZE.replace("size < 1", "size < 2")
    lesson.write("snippets/lesson/halves.py", wrong)
    said = lesson.proof("check", code=1).stdout.splitlines()
    assert said == [
        "tests/snippets/lesson.toml:2: half(1) gives ValueError: 1 is too small, not 0.5; "
        "correct either",
        "5 passed, 1 failed",
    ]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("[halves]\n'half(3)' = '1'\n", "2: half(3) gives 1.5, not 1; correct either"),
        ("[halves]\n'half(' = '1'\n", "2: half( gives SyntaxError: '(' was never closed"),
        ("[halves]\n'double(3)' = '6'\n", "2: double(3) gives NameError: name 'double'"),
        ("[thirds]\n'third(3)' = '1'\n", "1: there is no snippet lesson/thirds; delete"),
        ("[halves]\nhalf = 1\n", '1: halves is no table of "call" = "result"'),
        ("[halves\n", "1: no TOML: "),
    ],
)
def test_a_wrong_table_is_told_with_its_line(lesson: Project, table: str, told: str) -> None:
    lesson.write("tests/snippets/lesson.toml", table)
    said = lesson.proof("check", code=1).stdout
    assert f"tests/snippets/lesson.toml:{told}" in said


def test_a_comment_or_a_docstring_has_no_digit(lesson: Project) -> None:
    lesson.snippet(
        "words", '"""Two.\n\nOr 3."""\nx = 4  # of float32, 5\nprint("6 #7")\n', "6 #7\n"
    )
    said = lesson.proof("check", code=1).stdout.splitlines()
    assert said == [
        "snippets/lesson/words.py:3: nothing computes 3 in a comment; say it without digits",
        "snippets/lesson/words.py:4: nothing computes 5 in a comment; say it without digits",
        "6 passed, 2 failed",
    ]


def test_snippets_that_repeat_a_list_agree_on_it(lesson: Project) -> None:
    lesson.snippet(
        "first", "patch = [[1, 2], [3, 4]]\nother = [1]\nprint(patch)\n", "[[1, 2], [3, 4]]\n"
    )
    same = "import numpy as np\npatch = np.array([[1, 2], [3, 4]], dtype=float)\nprint(patch[0])\n"
    lesson.snippet("second", same, "[1. 2.]\n")
    lesson.snippet("third", "other = [n for n in [2]]\nprint(other)\n", "[2]\n")
    assert lesson.proof("check", code=0)
    lesson.write("snippets/lesson/second.py", same.replace("[3, 4]", "[3, 5]"))
    said = lesson.proof("check", code=1).stdout.splitlines()
    assert said[0] == (
        "snippets/lesson/second.py:2: this patch is not that of snippets/lesson/first.py; "
        "correct one, or rename it"
    )
    assert said[1].endswith("1 failed")

"""The literals that code assigns, and other ones in their place."""

from __future__ import annotations

import pytest

from proof.assignments import assigned, literals, replaced

CODE = """import numpy as np
é = "ü"; size = 5
patch = np.array([
    [0.5, -1],
], dtype=np.float32)
top, left = 0, 0
doubled = 2 * size
for row in range(size):
    inner = 3
def function(a):
    local = 1
"""


def test_literals_stand_alone_or_are_the_first_argument_of_a_call() -> None:
    found = literals(CODE)
    assert {name: one.value for name, one in found.items()} == {
        "é": "ü",
        "size": 5,
        "patch": [[0.5, -1]],
    }
    assert found["patch"].text == "[\n    [0.5, -1],\n]"


def test_other_texts_are_put_in_their_place() -> None:
    changed = replaced(CODE, {"patch": "[[1, 2, 3]]", "size": "6"})
    assert changed == CODE.replace("size = 5", "size = 6").replace(
        "[\n    [0.5, -1],\n]", "[[1, 2, 3]]"
    )


def test_of_a_name_assigned_twice_it_is_the_last() -> None:
    assert replaced("a = 1\na = 2\n", {"a": "3"}) == "a = 1\na = 3\n"


def test_code_that_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        literals("a = (")


def test_names_outside_functions_have_their_last_line() -> None:
    names = assigned(CODE)
    assert (names["size"], names["row"], names["inner"], names["function"]) == (2, 8, 9, 10)
    assert "local" not in names

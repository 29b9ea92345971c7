import math
from fractions import Fraction

import numpy as np
import pytest

from proof.numerals import find_numerals
from proof.values import LARGEST, NotNumbers, closest, named_numbers, numbers, shown


@pytest.mark.parametrize(
    ("value", "flat"),
    [
        (0.5, [0.5]),
        (7, [7]),
        (Fraction(1, 3), [Fraction(1, 3)]),
        (np.float32(0.1), [float(np.float32(0.1))]),
        (np.int64(3), [3]),
        (np.array(4), [4]),
        (np.array([[1, 2], [3, 4]]), [1, 2, 3, 4]),
        ((1, [2.5, (3,)]), [1, 2.5, 3]),
        (range(1, 4), [1, 2, 3]),
        (enumerate(np.array([[5, 6], [7, 8]]), 1), [1, 5, 6, 2, 7, 8]),
        ((number for number in (1, 2)), [1, 2]),
        ({1: 2}.items(), [1, 2]),
        ([], []),
    ],
)
def test_numbers_are_taken_in_order(value: object, flat: list[float]) -> None:
    assert numbers(value) == flat


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (True, "True is no number"),
        (np.bool_(False), "False is no number"),
        ("0.5", "'0.5' is no number"),
        ([1, None], "None is no number"),
        ({1, 2}, "{1, 2} is no number"),
        (frozenset({1}), "frozenset({1}) is no number"),
        ({"a": 1}, "{'a': 1} is no number"),
        (1j, "1j is no number"),
        (np.zeros((200, 200)), "an array of shape (200, 200) is too large"),
        (range(LARGEST + 1), "more than 10,000 numbers"),
    ],
)
def test_what_is_no_number_is_told(value: object, told: str) -> None:
    with pytest.raises(NotNumbers) as caught:
        numbers(value)
    assert told in str(caught.value)


def test_every_number_has_an_expression() -> None:
    values = {
        "ratio": 1.5,
        "kernel": np.array([[1.0, -0.5]]),
        "trace": [(3, 1), (5, 1)],
        "sizes": {"small": 2},
        "scalar": np.float64(0.25),
        "flag": True,
        "name": "x1",
        "np": np,
        "output_size": len,
        "letters": np.array(["a"]),
    }
    found = dict(named_numbers(values))
    assert found == {
        "ratio": 1.5,
        "kernel[0, 0]": 1.0,
        "kernel[0, 1]": -0.5,
        "kernel.shape[0]": 1,
        "kernel.shape[1]": 2,
        "trace[0][0]": 3,
        "trace[0][1]": 1,
        "trace[1][0]": 5,
        "trace[1][1]": 1,
        "len(trace[0])": 2,
        "len(trace[1])": 2,
        "len(trace)": 2,
        "sizes['small']": 2,
        "len(sizes)": 1,
        "scalar": 0.25,
        "letters.shape[0]": 1,
    }
    del values["np"], values["letters"]
    for expression, number in found.items():
        if "letters" not in expression:
            assert eval(expression, {}, values) == number


def test_a_large_or_endless_value_gives_only_its_size() -> None:
    endless: list[object] = []
    endless.append(endless)
    found = dict(named_numbers({"photo": np.zeros((3, 224, 224)), "endless": endless}))
    assert found["photo.shape[1]"] == 224
    assert not any(expression.startswith("photo[") for expression in found)
    assert len(found) < 20


def test_the_closest_numbers_come_first_under_their_shortest_name() -> None:
    (numeral,) = find_numerals("0.853")
    values = {
        "feature_map": np.array([[0.852, 0.789], [0.817, 0.874]]),
        "first": 0.852,
        "far": -100.0,
        "nothing": math.nan,
    }
    assert closest(values, numeral) == [
        ("first", 0.852),
        ("feature_map[1, 1]", 0.874),
        ("feature_map[1, 0]", 0.817),
    ]
    assert closest({}, numeral) == []


def test_a_value_is_shown_at_full_precision_in_one_line() -> None:
    assert shown(np.float64(0.1) + 0.2) == "0.30000000000000004"
    assert shown((np.int64(1), np.array([[0.5]]))) == "(1, [[0.5]])"
    assert shown("a\nb") == "'a\\nb'"
    assert shown(np.zeros(1000)).endswith("\u2026")
    assert len(shown(np.zeros(1000))) == 120

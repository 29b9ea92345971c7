"""Mistakes that a hand makes and `mutate` does not: swapped, transposed, lost, misplaced."""

from __future__ import annotations

import numpy as np
import pytest

from proof.bindings import check
from proof.notation import read


def output_size(size: int, kernel: int, padding: int = 0) -> int:
    return size + 2 * padding - kernel + 1


output_size.__module__ = "__main__"  # as one that a snippet defines

VALUES = {
    "lesson/window": {
        "patch": np.array([[0.05, 0.08, 0.60], [0.12, 0.92, 0.88], [0.08, 0.90, 0.93]]),
        "kernel": np.array([[-0.6, -0.6], [1.1, 0.4]]),
        "response": 0.852,
        "weights": 38535168,
        "parameters": 38535424,
        "shape": (3, 5),
        "pooled": [[0.91, 0.44], [0.21, 0.77]],
        "winners": [(1, 1), (1, 2), (2, 1), (2, 2)],
        "logits": [1.0236, -0.6866],
        "window_size": 3,
        "output_size": output_size,
    }
}
PAGE = """\
## Window

```python
--8<-- "lesson/window.py"
```

| | 1 | 2 | 3 |
|--|--|--|--|
| **1** | 0.05 | 0.08 | 0.60 |
| **2** | 0.12 | 0.92 | 0.88 |
| **3** | 0.08 | 0.90 | 0.93 |
{=range(1, 4), enumerate(patch, 1)}

| \u22120.6 | \u22120.6 |
|--|--|
| 1.1 | 0.4 |
{=kernel}

The first response is [0.852]{=response}. Dense: [38,535,168]{=weights} weights and
[38,535,424]{=parameters} parameters, [3 \u00d7 5]{=shape} pixels, [three]{=window_size} windows.

$$
y_{0,0} = (-0.6)(0.05 + 0.08) + (1.1)(0.12)
$$
{=0, 0, kernel[0, 0], patch[0, :2], kernel[1, 0], patch[1, 0]}

$$
N + 2P - K + 1
$$
{=output_size(4, 3, 1) - output_size(4, 3), output_size(3, 3)}

Pooling keeps [0.91, 0.44, 0.21 and 0.77]{=pooled} at
[(1, 1), (1, 2), (2, 1), (2, 2)]{=winners}; the logits are [1.024 and \u22120.687]{=logits}.
For [10 pixels and a kernel of 4]{:= size, kernel_size} the size is
[7]{=output_size(size, kernel_size)}, and [it is smaller]{?output_size(size, kernel_size) < size}.
The [two logits have different signs]{?logits[0] > 0 > logits[1]}.
"""

ROW_1, ROW_2 = "| **1** | 0.05 | 0.08 | 0.60 |\n", "| **2** | 0.12 | 0.92 | 0.88 |\n"
ROW_3 = "| **3** | 0.08 | 0.90 | 0.93 |\n"
TRANSPOSED = """\
| **1** | 0.05 | 0.12 | 0.08 |
| **2** | 0.08 | 0.92 | 0.90 |
| **3** | 0.60 | 0.88 | 0.93 |
"""

MISTAKES = {
    "a table transposed": (ROW_1 + ROW_2 + ROW_3, TRANSPOSED),
    "a kernel transposed": (
        "| \u22120.6 | \u22120.6 |\n|--|--|\n| 1.1 | 0.4 |",
        "| \u22120.6 | 1.1 |\n|--|--|\n| \u22120.6 | 0.4 |",
    ),
    "rows swapped": (ROW_2 + ROW_3, ROW_3 + ROW_2),
    "values of rows swapped": ("0.12 | 0.92 | 0.88", "0.08 | 0.90 | 0.93"),
    "columns swapped": ("0.12 | 0.92", "0.92 | 0.12"),
    "a row lost": (ROW_3, ""),
    "a row twice": (ROW_3, ROW_3 * 2),
    "a cell lost": ("| 0.88 |", "|      |"),
    "rows counted from zero": ("| **1** |", "| **0** |"),
    "a sign lost": ("| \u22120.6 | \u22120.6 |", "| \u22120.6 | 0.6 |"),
    "a sign gained": ("| 1.1 |", "| \u22121.1 |"),
    "a zero lost at the end": ("0.90", "0.9"),
    "a zero lost after the point": ("0.05 |", "0.5 |"),
    "a zero gained after the point": ("0.05 |", "0.005 |"),
    "a point lost": ("[0.852]", "[852]"),
    "a point moved": ("[0.852]", "[8.52]"),
    "a comma for a point": ("[0.852]", "[0,852]"),
    "a group lost": ("[38,535,168]", "[38,168]"),
    "groups swapped": ("[38,535,424]", "[38,424,535]"),
    "a misplaced comma": ("[38,535,424]", "[385,35,424]"),
    "another count": ("[38,535,424]", "[38,535,168]"),
    "rounded the wrong way": ("[0.852]", "[0.86]"),
    "height for width": ("[3 \u00d7 5]", "[5 \u00d7 3]"),
    "a dimension lost": ("[3 \u00d7 5]", "[3]"),
    "a number word": ("[three]", "[nine]"),
    "a sign lost in a formula": ("(-0.6)", "(0.6)"),
    "a sign become an operation": ("= (-0.6)", "= 1-0.6"),
    "a term lost": ("0.05 + 0.08)", "0.05)"),
    "terms swapped": ("(0.05 + 0.08)", "(0.08 + 0.05)"),
    "factors swapped": ("(-0.6)(0.05 + 0.08) + (1.1)", "(1.1)(0.05 + 0.08) + (-0.6)"),
    "an index": ("y_{0,0}", "y_{0,1}"),
    "padding counted in total": ("N + 2P", "N + P"),
    "a pair swapped": ("0.91, 0.44", "0.44, 0.91"),
    "coordinates swapped": ("(1, 2), (2, 1)", "(2, 1), (1, 2)"),
    "the order lost": ("0.21 and 0.77", "0.77 and 0.21"),
    "another given": ("[10 pixels", "[11 pixels"),
    "a claim turned round": ("< size}", "> size}"),
    "a claim about the wrong value": ("logits[0] > 0 > logits[1]", "logits[1] > 0 > logits[0]"),
    "a digit typed beside": ("Pooling keeps", "All 4 keep"),
    "the binding lost": ("[7]{=output_size(size, kernel_size)}", "7"),
    "another value named": ("{=weights}", "{=parameters}"),
}


def problems(page: str) -> list[str]:
    return [one.message for one in check(read(page), VALUES, "lesson").problems]


def test_the_page_itself_is_right() -> None:
    assert problems(PAGE) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(mistake: str) -> None:
    before, after = MISTAKES[mistake]
    assert before in PAGE
    assert problems(PAGE.replace(before, after, 1))

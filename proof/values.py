"""The numbers in what a snippet leaves behind, each with the expression that reaches it.

Arrays are told by `.shape` and `.tolist()`: this file runs where no library is installed.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from proof.numerals import Number, Numeral

LARGEST = 10_000  # numbers taken from one value
LONGEST = 600  # characters of a value that is told in full
_DEEPEST = 5  # lists in lists that are looked into

NamedNumber = tuple[str, Number]


class NotNumbers(Exception):  # noqa: N818 - the value is wrong, not the program
    """A value holds something else than numbers in an order; the message says what."""


def is_array(value: Any) -> bool:
    """Whether a value is an array or the scalar of an array."""
    return hasattr(value, "shape") and hasattr(value, "tolist")


def written(value: Any) -> str:
    """Write a value at full precision, arrays as lists."""
    return repr(_plain(value))


def in_full(value: Any) -> str:
    """Write a value at full precision for a reader: cut only where it is very long."""
    text = written(listed(value))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "\u2026"


def listed(value: Any) -> Any:
    """Turn ranges, and what can be gone through only once, into lists."""
    if isinstance(value, Iterator | range):
        return list(map(listed, islice(value, LARGEST + 1)))  # it may have no end
    return type(value)(map(listed, value)) if type(value) in (tuple, list) else value


def shown(value: Any) -> str:
    """Write a value for a message: in one line, cut where it is long."""
    if is_array(value) and math.prod(value.shape) > LARGEST:
        return f"an array of shape {tuple(value.shape)}"
    line = " ".join(written(value).split())
    return line if len(line) <= 120 else line[:119] + "\u2026"


def _plain(value: Any) -> Any:
    """Turn arrays and their scalars into lists and numbers, also inside tuples and lists."""
    if is_array(value):
        return value.tolist()
    if type(value) in (tuple, list):
        return type(value)(map(_plain, value))
    return value


def numbers(value: Any) -> list[Number]:
    """Flatten a number, a tuple, a list, an array or another sequence of numbers, in order.

    Raises NotNumbers for anything else in it and for more than LARGEST numbers.
    """
    found: list[Number] = []
    _collect(value, found)
    return found


def _collect(value: Any, found: list[Number]) -> None:
    if is_array(value):
        if math.prod(value.shape) > LARGEST:
            raise NotNumbers(f"an array of shape {tuple(value.shape)} is too large")
        value = value.tolist()
    if isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool):
        if len(found) == LARGEST:
            raise NotNumbers(f"there are more than {LARGEST:,} numbers")
        found.append(value)
    elif isinstance(value, Iterable) and not isinstance(
        value, str | bytes | Mapping | set | frozenset
    ):
        for item in value:
            _collect(item, found)
    else:
        raise NotNumbers(f"{shown(value)} is no number")


def named_numbers(values: Mapping[str, Any]) -> Iterator[NamedNumber]:
    """Every number in some named values, with the expression that reaches it: `kernel[1, 0]`.

    Functions, modules and texts hold none; of a value larger than LARGEST only the size counts.
    """
    for name, value in values.items():
        yield from _inside(name, value, 0)


def _inside(expression: str, value: Any, depth: int) -> Iterator[NamedNumber]:
    if is_array(value):
        shape = tuple(value.shape)
        if math.prod(shape) <= LARGEST:
            yield from _elements(expression, value.tolist(), len(shape))
        yield from ((f"{expression}.shape[{axis}]", size) for axis, size in enumerate(shape))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield expression, value
    elif isinstance(value, list | tuple | range | dict) and depth < _DEEPEST:
        if len(value) <= LARGEST:
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for key, item in items:
                yield from _inside(f"{expression}[{key!r}]", item, depth + 1)
        yield f"len({expression})", len(value)


def _elements(
    expression: str, items: Any, axes: int, index: tuple[int, ...] = ()
) -> Iterator[NamedNumber]:
    if len(index) < axes:
        for position, item in enumerate(items):
            yield from _elements(expression, item, axes, (*index, position))
    elif isinstance(items, int | float) and not isinstance(items, bool):
        yield f"{expression}[{', '.join(map(str, index))}]" if index else expression, items


def closest(values: Mapping[str, Any], numeral: Numeral, count: int = 3) -> list[NamedNumber]:
    """Give the numbers in some named values that lie nearest to a numeral.

    Among equal numbers the shortest expression stands for all.
    """
    shortest: dict[Number, str] = {}
    for expression, number in named_numbers(values):
        if math.isfinite(number) and len(expression) < len(shortest.get(number, f"{expression} ")):
            shortest[number] = expression
    wanted = float(numeral.value)
    nearest = heapq.nsmallest(
        count,
        shortest.items(),
        key=lambda item: (abs(float(item[0]) - wanted), len(item[1]), item[1]),
    )
    return [(expression, number) for number, expression in nearest]

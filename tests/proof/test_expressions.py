import types
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from proof.expressions import ExpressionError, Scope


def left_by(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(source, namespace)
    return {name: value for name, value in namespace.items() if not name.startswith("__")}


VALUES = {
    "lesson/slide": left_by(
        "import numpy as np\n"
        "from math import sqrt\n"
        "patch = np.array([[1.0, 2.0], [3.0, 4.0]])\n"
        "kernel = [1, 2, 3]\n"
        "strongest = (1, 1)\n"
        "def output_size(size, kernel): return size - kernel + 1\n"
    ),
    "lesson/forward": left_by(
        "import numpy as np\n"
        "patch = np.array([[1.0, 2.0], [3.0, 4.0]])\n"
        "kernel = [1, 2, 4]\n"
        "logits = [0.5, -0.25]\n"
        "def output_size(size, kernel): return 0\n"
    ),
    "lesson/pool": {"pooled": 9, "pool": [7]},
    "other/trace": {"field": 10},
}
SCOPE = Scope(VALUES, ["lesson/slide"], "lesson")
BOTH = Scope(VALUES, ["lesson/slide", "lesson/forward"], "lesson")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("strongest", (1, 1)),
        ("patch[0, 1] * 2", 4.0),
        ("patch[1:, ::-1].tolist()", [[4.0, 3.0]]),
        ("len(kernel) + max(kernel)", 6),
        ("output_size(4, kernel=3)", 2),
        ("[round(value / 3, 2) for value in kernel if value > 1]", [0.67, 1.0]),
        ("list(enumerate(kernel, 1))", [(1, 1), (2, 2), (3, 3)]),
        ("sum(a * b for a, b in zip(kernel, range(3)))", 8),
        ("-kernel[0] if patch.min() > 0 else 'no'", -1),
        ("(*strongest, 5)", (1, 1, 5)),
        ("sqrt(kernel[0])", 1.0),
        ("1 <= strongest[0] < 2 and not patch.max() > 4", True),
        ("forward.logits", [0.5, -0.25]),
        ("forward.patch[1, 0] + patch[1, 0]", 6.0),
        ("pool.pooled", 9),
        ("other.trace.field", 10),
        ("lesson.forward.logits[0]", 0.5),
        ("  strongest ", (1, 1)),
    ],
)
def test_an_expression_is_evaluated_over_the_values_of_the_section(
    expression: str, value: object
) -> None:
    assert SCOPE.evaluate(expression).value == value


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("", "no Python expression"),
        ("patch[", "no Python expression"),
        ("x = 1", "no Python expression"),
        ("import os", "no Python expression"),
        ("lambda: kernel", "'lambda: kernel' is not allowed"),
        ("(y := kernel)", "'(y := kernel)' is not allowed"),
        ("f'{kernel}'", "is not allowed"),
        ("kernel.__class__", "__class__ is private"),
        ("[].__class__.__base__", "private"),
        ("open('x')", "no snippet of this section leaves open"),
        ("__import__('os')", "__import__ is private"),
        ("np.pi + kernel[0]", "np is a module"),
        ("0.5", "names no value of a snippet; use {=literal: reason}"),
        ("len(range(3))", "names no value of a snippet"),
        ("sqrt(4)", "names no value of a snippet"),
        ("logits", "no snippet of this section leaves logits; write forward.logits"),
        ("kernal[0]", "leaves kernal; write kernel"),
        ("zzz", "write one of kernel, output_size, patch, sqrt, strongest"),
        ("forward", "forward is a snippet; write one of its values: forward.kernel"),
        ("forward.nothing", "forward leaves no nothing; it leaves kernel, logits"),
        ("other.nothing.field", "there is no snippet other/nothing"),
        ("other", "other is a lesson; write other.snippet.value"),
        ("other.trace", "other is a lesson; write other.snippet.value"),
        ("kernel[9]", "it raises IndexError: list index out of range"),
        ("1 / (kernel[0] - 1)", "it raises ZeroDivisionError: division by zero"),
        ("bool(patch)", "leaves bool"),
        ("not patch", "it raises ValueError"),
    ],
)
def test_what_cannot_be_evaluated_is_told_in_one_line(expression: str, told: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        SCOPE.evaluate(expression)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_two_snippets_leave_must_mean_the_same() -> None:
    assert BOTH.evaluate("patch[0, 0]").value == 1.0
    for name in ("kernel", "output_size(4, 3)"):
        with pytest.raises(ExpressionError) as caught:
            BOTH.evaluate(name)
        short = name.partition("(")[0]
        assert f"{short} is ambiguous" in str(caught.value)
        assert f"write slide.{short} or forward.{short}" in str(caught.value)
    assert BOTH.evaluate("forward.kernel").value == [1, 2, 4]
    assert BOTH.evaluate("forward.output_size(4, 3)").value == 0


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.0]), True),
        (np.array([1.0, 2.0]), np.array([[1.0, 2.0]]), False),
        (np.array([0.1]), np.array([0.1], dtype=np.float32), False),
        ([(1, np.array([2]))], [(1, np.array([2]))], True),
        ([1, 2], [1, 2, 3], False),
        ([1], (1,), False),
        (1, 1.0, True),
        ("conv", "conv", True),
        (len, len, True),
        (None, None, True),
        (types, np, False),
    ],
)
def test_values_of_two_snippets_are_compared(first: object, second: object, equal: bool) -> None:
    scope = Scope({"l/a": {"x": first}, "l/b": {"x": second}}, ["l/a", "l/b"], "l")
    try:
        scope.evaluate("[x]")
        ambiguous = False
    except ExpressionError as error:
        ambiguous = "ambiguous" in str(error)
    assert ambiguous is not equal


def test_the_values_used_are_recorded() -> None:
    used = SCOPE.evaluate("patch[0, 0] + sum(n for n in kernel) + sqrt(forward.logits[0])").used
    assert set(used) == {
        ("lesson/slide", "patch"),
        ("lesson/slide", "kernel"),
        ("lesson/forward", "logits"),
    }
    assert SCOPE.evaluate("output_size(4, 3)").used == (("lesson/slide", "output_size"),)


def test_a_false_claim_tells_what_its_parts_give() -> None:
    parts = SCOPE.parts("patch.max() < 4 and not strongest == (0, 0) or pool.pooled")
    assert parts == [
        ("patch.max()", 4.0),
        ("strongest", (1, 1)),
        ("(0, 0)", (0, 0)),
        ("pool.pooled", 9),
    ]


def test_only_the_snippets_that_are_named_need_to_have_run() -> None:
    class Lazy(Mapping[str, Any]):
        def __init__(self) -> None:
            self.asked: list[str] = []

        def __getitem__(self, snippet: str) -> dict[str, Any]:
            self.asked.append(snippet)
            return VALUES[snippet]

        def __contains__(self, snippet: object) -> bool:
            return snippet in VALUES

        def __iter__(self) -> Any:
            return iter(VALUES)

        def __len__(self) -> int:
            return len(VALUES)

    lazy = Lazy()
    assert Scope(lazy, ["lesson/slide"], "lesson").evaluate("patch[0, 0] + kernel[0]").value == 2.0
    assert set(lazy.asked) == {"lesson/slide"}

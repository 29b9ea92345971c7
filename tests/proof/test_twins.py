"""A torch twin that does not compute what its snippet prints is told, and at which line."""

from __future__ import annotations

import pytest

from tests.conftest import make_project

SNIPPET = """
half, third = 0.5, 1 / 3
print(f"half {half:.2f}")
print(f"third {third:.3f}")
"""
COMPUTED = {
    '{"half": 0.5, "third": torch.ones(1) / 3}': "half 0.50\nthird 0.333\n",
    '{"half": 0.5, "third": 0.33334}': "5: ValueError: third has 0.3333333333333333, but "
    "0.33334 on cpu; proof/devices.py allows a distance of 0.000001",
    '{"half": 0.5}': "7: ValueError: the snippet prints 2 numerals, its twin gives 1",
    '{"third": 1 / 3, "half": 0.5}': "9: ValueError: third has 0.3333333333333333 where the "
    "snippet prints 0.50",
    '{"half": [0.5, 0.5], "third": 1 / 3}': "11: ValueError: half holds 1 numbers, its twin 2",
    '{"quarter": 0.25, "third": 1 / 3}': "13: NameError: name 'quarter' is not defined",
    '{"half": 0.5, "third": torch.ones(1).double() / 3}': "16: NotPortable: _to_copy has a "
    "float64 tensor; ",
    '{"half": 0.5, "third": snippet.quarter}': "18: AttributeError: ",
}
RUN_TWINS = """
from proof.check import error_fault
from proof.project import snippet_paths
from proof.runs import Runs
for run in Runs(snippet_paths(), twins=True).values():
    print(error_fault(run) if run.error else run.stdout, end="<end>")
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give what is said of each of those twins, then of a snippet that has none."""
    project = make_project(tmp_path_factory.mktemp("project"))
    for index in range(len(COMPUTED) + 1):
        project.write(f"snippets/lesson/case_{index}.py", SNIPPET)
    twins = ["import torch", ""]
    for index, computed in enumerate(COMPUTED):
        twins += [f"def case_{index}(snippet, device):", f"    return {computed}"]
    project.write("tests/devices/lesson.py", "\n".join(twins))
    return project.python("-c", RUN_TWINS).stdout.split("<end>")


@pytest.mark.parametrize("index", range(len(COMPUTED)), ids=list(COMPUTED))
def test_a_twin_that_computes_something_else_is_told(index: int, said: list[str]) -> None:
    expected = list(COMPUTED.values())[index]
    assert said[index].removeprefix("tests/devices/lesson.py:").startswith(expected)


def test_a_snippet_without_a_twin_is_told(said: list[str]) -> None:
    assert said[len(COMPUTED)] == (
        "snippets/lesson/case_8.py:1: LookupError: "
        "no twin: write case_8(snippet, device) in tests/devices/lesson.py"
    )

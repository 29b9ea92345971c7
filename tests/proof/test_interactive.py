"""An interactive figure starts with what is computed, or `check` says at which line it does not."""

from __future__ import annotations

import pytest

from tests.conftest import Project

FILE = "docs/lesson.interactive-figures.yml"

FIGURES = """\
growth:
  element: growing-square
  start:
    sides: squares.sides
    first: squares.area(squares.sides[0])
decay:
  element: shrinking-square
  start:
    names: "list(squares.names)"
"""

DRAW = "def draw(squares):\n    return squares\n"


@pytest.fixture
def lesson(project: Project) -> Project:
    """Give a project with one lesson and two figures that come alive."""
    project.write("docs/lesson.md", "# Lesson\n\n")
    project.snippet(
        "squares",
        "def area(side):\n    return side * side\n\n\n"
        "sides = (1, 2)\nnames = {'one': 1}\nnothing = None\nfar = float('inf')\n"
        "numbered = {1: 'one'}\n",
    )
    for figure in ("growth", "decay"):
        with (project.root / "docs/lesson.md").open("a", encoding="utf-8") as page:
            page.write(f"/// figure | {figure}\n    title: Grows\n\nGrows.\n\n")
            page.write("//// description\nGrows.\n////\n///\n\n")
    project.write(FILE, FIGURES)
    for element in ("growing-square", "shrinking-square"):
        project.write(f"docs/assets/javascripts/interactive/{element}.js", "export {};\n")
    return project


def faults_of(lesson: Project) -> list[str]:
    """Give what `check` says of the file; the figures themselves have no scripts here."""
    printed = lesson.proof("check", code=1).stdout.splitlines()
    return [line for line in printed if "interactive-figures" in line]


def test_starting_values_pass_and_are_counted(lesson: Project) -> None:
    assert faults_of(lesson) == []
    printed = lesson.proof("check", "docs/lesson.md", code=1).stdout
    assert "interactive figures: 2, with 3 starting values" in printed


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        ("squares.sides\n", "squares.side\n", "squares.side\n", "squares leaves no side"),
        ("squares.sides\n", "sides\n", "sides\n", "no snippet of this section leaves sides; write"),
        ("squares.sides\n", "[1, 2]\n", "[1, 2]", "here stands a text"),
        ("squares.sides\n", "'[1, 2]'\n", "'[1", "it names no value of a snippet"),
        ("squares.sides\n", "squares.nothing\n", "squares.nothing", "None cannot be handed"),
        ("squares.sides\n", "squares.far\n", "squares.far", "inf cannot be handed"),
        ("squares.sides\n", "squares.numbered\n", "squares.numbered", "cannot be handed"),
        ("squares.sides\n", "squares.area\n", "squares.area\n", "cannot be handed"),
        ("sides: sq", "first: sq", "first: squares.area", "'first' is there twice"),
        ("growth:", "grown:", "grown", "no figure grown; its figures are: growth, decay"),
        ("decay:", "growth:", "growth:\n  element: shrinking", "'growth' is there twice"),
        ("growing-square", "growing", "growing", "is no name of an element, as slide-the-kernel"),
        ("growing-square", "growing-cube", "growing-cube", "interactive/growing-cube.js to define"),
        ("growing-square", "<b>-x", "<b>", "is no name of an element"),
        ("  element: growing-square\n", "", "start", "'element' is missing"),
        ("element: growing", "elements: growing", "elements", "'elements' is unknown"),
        (FIGURES[FIGURES.index("decay:") :], "decay: square\n", "decay", "here stand entries"),
        (FIGURES, "- growth\n", "- growth", "here stand entries `name: …`"),
        ("growth:", "growth: [", "start:\n    sides", "this is not YAML"),
    ],
)
def test_a_wrong_start_is_a_fault_at_its_line(
    lesson: Project, old: str, new: str, at: str, told: str
) -> None:
    assert FIGURES.count(old) == 1, old
    text = FIGURES.replace(old, new)
    lesson.write(FILE, text)
    line = text[: text.index(at)].count("\n") + 1
    [fault] = faults_of(lesson)
    assert fault.startswith(f"{FILE}:{line}: ")
    assert told in fault


def test_a_start_that_is_no_pages_is_a_fault(lesson: Project) -> None:
    (lesson.root / FILE).rename(lesson.root / "docs/other.interactive-figures.yml")
    [fault] = faults_of(lesson)
    assert fault.startswith("docs/other.interactive-figures.yml:1: no page stands beside")

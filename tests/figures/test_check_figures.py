"""`python -m proof check` on figures: what can be wrong with one, and where it says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.figures.projects import ROOT, edit, run

PAGE = """# Counting

```python
--8<-- "counting/squares.py"
```

```text
--8<-- "counting/squares.out"
```

/// figure | stairs
    title: Stairs

Each step is higher.

//// description
Two squares.
////
///
"""
SNIPPET = '''import math


def square(number):
    """The area."""
    return number * number


squares = [square(number) for number in (1, 2)]
half = 0.5
print(squares)
'''
SCRIPT = '''"""Stairs."""

from figures.style import Drawing, number


def draw(squares):
    """Draw them."""
    drawing = Drawing(height=40)
    for step, square in enumerate(squares.squares):
        drawing.text((20 + 40 * step, 20), "area " + number(square))
    return drawing.figure
'''


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project of one page, one snippet and one figure, drawn and without faults."""
    project = tmp_path_factory.mktemp("drawn")
    for folder in ("docs/counting", "figures/counting", "snippets/counting"):
        (project / folder).mkdir(parents=True)
    (project / "mkdocs.yml").touch()
    (project / "docs/counting/index.md").write_text(PAGE)
    (project / "snippets/counting/squares.py").write_text(SNIPPET)
    (project / "snippets/counting/squares.out").write_text("[1, 4]\n")
    (project / "figures/counting/stairs.py").write_text(SCRIPT)
    for module in (ROOT / "figures").glob("*.py"):
        shutil.copy(module, project / "figures")
    result = run(project, "figures")
    assert result.returncode == 0, result.stderr
    return project


@pytest.fixture
def project(drawn: Path, tmp_path: Path) -> Path:
    return shutil.copytree(drawn, tmp_path / "project")


def faults(project: Path, *pages: str) -> list[str]:
    """Check; give the lines it prints before the totals, and hold the exit code against them."""
    result = run(project, "proof", "check", *pages)
    *lines, totals = result.stdout.splitlines()
    assert result.stderr == ""
    assert totals.endswith(f" passed, {len(lines)} failed")
    assert result.returncode == bool(lines)
    return lines


def test_a_figure_as_it_was_drawn_passes(project: Path) -> None:
    assert faults(project) == []
    assert faults(project, "counting") == []


STALE = "figures/counting/stairs.svg:1: this drawing is not what its script would draw: "
REDRAW = "; redraw it: nox -s figures -- stairs"


@pytest.mark.parametrize(
    ("file", "before", "after", "why"),
    [
        ("figures/counting/stairs.svg", "area 4", "area 5", "stairs.svg was edited"),
        ("figures/counting/stairs.svg", 'x="20"', 'x="21"', "stairs.svg was edited"),
        ("figures/counting/stairs.py", "40 * step", "41 * step", "stairs.py has changed"),
        ("figures/style.py", "WIDTH = 360", "WIDTH = 361", "a module of figures/ has changed"),
        ("figures/palette.py", "#1c2330", "#1c2331", "a module of figures/ has changed"),
        ("snippets/counting/squares.py", "0.5", "0.50000001", "counting/squares left other values"),
        (
            "snippets/counting/squares.py",
            "number * number",
            "number ** 2",
            "counting/squares left other values",
        ),
    ],
)
def test_whatever_goes_into_a_drawing_makes_it_stale(
    project: Path, file: str, before: str, after: str, why: str
) -> None:
    edit(project / file, before, after)
    assert faults(project) == [STALE + why + REDRAW]
    assert run(project, "figures", "stairs").returncode == 0
    assert faults(project) == []


def test_a_figure_may_draw_from_a_file_that_a_lab_keeps(project: Path) -> None:
    kept = project / "docs/labs/areas.json"
    kept.parent.mkdir()
    kept.write_text('{"areas": [9, 16]}')
    script = project / "figures/counting/stairs.py"
    edit(script, "draw(squares)", "draw(squares, areas)")
    edit(script, "enumerate(squares.squares)", "enumerate(squares.squares + areas.areas)")
    edit(script, "40 * step", "80 * step")
    assert run(project, "figures").returncode == 0
    assert faults(project) == []
    assert "area 16" in (project / "figures/counting/stairs.svg").read_text("utf-8")
    edit(kept, "16", "25")
    assert faults(project) == [STALE + "docs/labs/areas.json left other values" + REDRAW]


def test_the_noise_of_another_machine_makes_no_drawing_stale(project: Path) -> None:
    edit(project / "snippets/counting/squares.py", "0.5", "0.1 * 5 + 1e-16")
    assert faults(project) == []


def test_a_page_alone_answers_for_its_figures(project: Path) -> None:
    edit(project / "figures/counting/stairs.svg", "area 4", "area 5")
    (project / "docs/other.md").write_text("# Other\n\n```python\nassert True\n```\n")
    assert faults(project, "other.md") == []
    assert faults(project, "counting") == [STALE + "stairs.svg was edited" + REDRAW]


def test_a_missing_drawing(project: Path) -> None:
    (project / "figures/counting/stairs.svg").unlink()
    message = "figures/counting/stairs.py:1: stairs.svg is not drawn"
    assert faults(project) == [message + REDRAW]


def test_a_drawing_whose_snippet_stops_is_not_passed(project: Path) -> None:
    with (project / "snippets/counting/squares.py").open("a") as snippet:
        snippet.write("1 / 0\n")
    assert faults(project) == [
        "figures/counting/stairs.svg:1: not compared, since counting/squares stopped with "
        "ZeroDivisionError: division by zero; mend the snippet",
        "snippets/counting/squares.py:12: ZeroDivisionError: division by zero",
    ]


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        ("    title: Stairs\n", "", "no title"),
        ("title: Stairs", "title:", "no title"),
        ("Each step is higher.\n", "", "no caption"),
        ("Two squares.\n", "", "no description"),
        ("//// description\nTwo squares.\n////\n", "", "no description"),
    ],
)
def test_a_figure_without_one_of_its_parts(
    project: Path, before: str, after: str, missing: str
) -> None:
    page = project / "docs/counting/index.md"
    edit(page, before, after)
    assert faults(project) == [
        f"docs/counting/index.md:11: the figure stairs has {missing}; write each in its block"
    ]


def test_a_figure_on_no_page(project: Path) -> None:
    page = project / "docs/counting/index.md"
    page.write_text(PAGE.partition("///")[0])
    assert faults(project) == [
        "figures/counting/stairs.py:1: no page shows this figure; "
        "add /// figure | stairs to docs/counting/index.md"
    ]


def test_a_figure_block_in_a_fence_shows_no_figure(project: Path) -> None:
    page = project / "docs/counting/index.md"
    text, _, block = PAGE.partition("///")
    page.write_text(f"{text}```text\n///{block}```\n")
    assert len(faults(project)) == 1


def test_an_unknown_figure_gets_the_names(project: Path) -> None:
    edit(project / "docs/counting/index.md", "| stairs", "| stair")
    assert faults(project) == [
        "docs/counting/index.md:11: figures/counting has no figure stair; "
        "the figures there are: stairs",
        "figures/counting/stairs.py:1: no page shows this figure; "
        "add /// figure | stairs to docs/counting/index.md",
    ]


def test_a_page_elsewhere_names_the_lesson_too(project: Path) -> None:
    page = project / "docs/index.md"
    page.write_text(PAGE.partition("///")[1] + PAGE.partition("///")[2])
    edit(page, "| stairs", "| counting/stairs")
    assert faults(project) == []


def test_a_drawing_that_no_script_draws(project: Path) -> None:
    drawing = project / "figures/counting/stairs.svg"
    drawing.with_stem("steps").write_bytes(drawing.read_bytes())
    assert faults(project) == [
        "figures/counting/steps.svg:1: no steps.py draws this; delete it, or restore the script"
    ]


@pytest.mark.parametrize("after", ['"area 4 "', 'f"area 4 {step}"', '"area ⁴"'])
def test_a_digit_in_a_string_of_a_script(project: Path, after: str) -> None:
    edit(project / "figures/counting/stairs.py", '"area "', after)
    run(project, "figures")
    (line,) = faults(project)
    assert line.startswith("figures/counting/stairs.py:10: the string ")
    assert line.endswith(" holds a digit; take the number from a value")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("draw(squares)", "draw(cubes)", "6: draw takes cubes, which is no snippet of this"),
        ("def draw(", "def paint(", "1: no function draw; its parameters name the snippets"),
        ("def draw(", "def draw((", "6: "),
    ],
)
def test_a_script_that_cannot_draw(project: Path, before: str, after: str, fault: str) -> None:
    edit(project / "figures/counting/stairs.py", before, after)
    (line,) = faults(project)
    assert line.startswith(f"figures/counting/stairs.py:{fault}")
    drawn = run(project, "figures")
    assert drawn.returncode == 1
    assert drawn.stderr == f"{line}\n"

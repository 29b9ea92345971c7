"""Notebooks in a small project: when they run, what they may print, what a download brings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Project

NOTEBOOK = "docs/counting.py"
CELLS = """
    # %% [markdown]
    # # Counting

    # %% run
    import time

    print(f"ran at {time.time_ns()}")
    with open("numbers.json", "w") as file:
        file.write("[1]")

    # %% numbers
    from helpers.numbers import number

    print(f"the number is {number()}")
    """


@pytest.fixture
def counting(project: Project) -> Project:
    """Give a project with a notebook that prints when it ran, and a number from a module."""
    project.write(NOTEBOOK, CELLS)
    project.write(
        "helpers/numbers.py", "from . import parts\n\n\ndef number():\n    return parts.ONE\n"
    )
    project.write("helpers/parts.py", "ONE = 1.00\n")
    return project


def run(project: Project, *arguments: str, code: int = 0) -> str:
    project.write("pyproject.toml", "[dependency-groups]\nlabs = []\n")
    result = project.python("-m", "proof.notebooks", *arguments)
    assert "Traceback" not in result.stderr, result.stderr
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


def test_runs_again_only_when_what_it_imports_changed(counting: Project) -> None:
    run(counting, "--record")
    first = counting.read("docs/counting.out")
    assert first.endswith("%% numbers\nthe number is 1.0\n")
    assert counting.read("docs/numbers.json") == "[1]"

    run(counting, "--record")
    assert counting.read("docs/counting.out") == first

    counting.write("helpers/parts.py", "ONE = 2.0\n")  # imported by what the notebook imports
    run(counting, "--record")
    again = counting.read("docs/counting.out")
    assert again.splitlines()[1] != first.splitlines()[1]
    assert again.endswith("%% numbers\nthe number is 2.0\n")


def test_numbers_must_lie_within_the_allowance(project: Project) -> None:
    project.write(NOTEBOOK, "# %% first\nprint('one 1.0')\n# %% second\nprint('two 2.0')\n")
    run(project, "--record")
    assert run(project) == ""

    project.write("docs/counting.out", "%% first\none 1.2\n%% second\ntwo 2.2\n")
    project.write(
        "docs/allowances.yml", "counting:\n  second: {allowance: 0.2}\n  third: {allowance: 1}"
    )
    assert run(project, code=1) == (
        "docs/counting.py:1: the cell 'first' does not print what counting.out says, to the"
        " letter; mend it, or run `python -m proof.notebooks --record`\n"
        "    - one 1.2\n    + one 1.0\n          ^^^\n"
        "docs/allowances.yml:1: counting has no cell 'third' that prints\n"
    )
    project.write(
        "docs/allowances.yml", "counting:\n  first: {allowance: 0.2}\n  second: {allowance: 0.1}"
    )
    assert "counting.py:3: the cell 'second' does not print what counting.out says, within 0.1" in (
        run(project, code=1)
    )


def test_what_goes_wrong_is_told_with_its_line(project: Project) -> None:
    cells = {
        "divides": "good = 1\nbad = good / 0",
        "imports": "import missing",
        "unclosed": "bad = (1,",
        "warns": "import warnings\n\nwarnings.warn('old')",
    }
    for name, cell in cells.items():
        project.write(f"docs/{name}.py", f"# %% first\nprint('fine')\n# %% second\n{cell}\n")
    faults = run(project, code=1)
    for fault in (
        "docs/divides.py:5: ZeroDivisionError: division by zero; a notebook must run to its end\n",
        "docs/imports.py:4: ModuleNotFoundError: No module named 'missing'; a notebook must",
        "docs/unclosed.py:4: this is no Python: '(' was never closed\n",
        "docs/warns.py:4: the cell writes to stderr, which the page would show; mend the cause\n",
    ):
        assert fault in faults
    assert not list(project.root.rglob("*.ipynb"))


def test_a_download_brings_what_it_imports(counting: Project, tmp_path: Path) -> None:
    run(counting, "--record")
    notebook = json.loads(counting.read("docs/counting.ipynb"))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(code)],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith("the number is 1.0\n"), done.stderr

"""The check of the lesson, against tools that run the same programs and compare less."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from benchmarks.timing import command, compare
from proof.benchmarks import Comparison
from proof.project import SNIPPETS

LESSON = "cnns-from-scratch"
QUIET = ("-q", "-p", "no:cacheprovider", "--rootdir", ".")
# pytest-examples runs what it finds, and compares what is printed with comments in the code:
# here there are none.
EXAMPLES = """
import pytest
from pytest_examples import find_examples

@pytest.mark.parametrize("example", find_examples("blocks.md"), ids=str)
def test_runs(example, eval_example):
    eval_example.run(example)
"""


def measure() -> Iterator[Comparison]:
    """Let each run the programs of the lesson."""
    programs = [
        path.read_text("utf-8") for path in sorted((SNIPPETS / "cnns_from_scratch").glob("*.py"))
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fences = "\n".join(f"```python\n{program}```\n" for program in programs)
        (folder / "blocks.md").write_text(fences, "utf-8")
        (folder / "test_blocks.py").write_text(EXAMPLES, "utf-8")
        cells = [nbformat.v4.new_code_cell(program) for program in programs]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "blocks.ipynb")
        for peer, arguments in (
            ("pytest-codeblocks, the same programs", ("--codeblocks", "blocks.md")),
            ("nbmake, the same programs in one notebook", ("--nbmake", "blocks.ipynb")),
            ("pytest-examples, the same programs", ("test_blocks.py",)),
        ):
            yield compare(
                f"python -m proof check {LESSON}",
                command("-m", "proof", "check", LESSON),
                peer,
                command("-m", "pytest", *QUIET, *arguments, folder=folder),
            )

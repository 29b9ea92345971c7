"""Runs every Python block of every page as the reader copies it, and compares what it prints.

pytest-codeblocks itself would run an include as if it were Python, and pass over a fence with a
title; so each page is expanded first, and its fences are written as it reads them.
"""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from markdown import Markdown
from pytest_codeblocks import CodeBlock, extract_from_buffer

from proof.devices import ALLOWANCES, reproduces
from proof.outputs import diff, differences
from proof.pages import read_page
from proof.project import SNIPPETS, page_name, page_paths

OUTPUT_FOLLOWS = "<!--pytest-codeblocks:expected-output-->"


def expanded(path: Path) -> str:
    """Give a page with its files included, and only the fences to run marked as Python."""
    page = read_page(path)
    lines = path.read_text("utf-8").splitlines()
    for fence in page.fences:
        indent = lines[fence.start - 1][: -len(lines[fence.start - 1].lstrip())]
        language = "python" if fence.is_python and fence.not_run is None else "text"
        lines[fence.start - 1] = f"{indent}```{language}"
        lines[fence.end - 1] = f"{indent}```"
    for block in page.blocks:
        if block.follows_code:
            lines[block.line - 2] = f"{OUTPUT_FOLLOWS}\n{lines[block.line - 2]}"
    options = {"base_path": [str(SNIPPETS)], "check_paths": True}
    md = Markdown(
        extensions=["pymdownx.snippets"], extension_configs={"pymdownx.snippets": options}
    )
    return "\n".join(md.preprocessors["snippet"].run("\n".join(lines).split("\n")))


def blocks(path: Path) -> list[CodeBlock]:
    found = extract_from_buffer(io.StringIO(expanded(path)))
    return [block for block in found if block.syntax == "python"]


BLOCKS = {
    f"{page_name(path)}-{block.lineno}": block for path in page_paths() for block in blocks(path)
}


def no_accelerator(check_available: bool = False) -> None:
    """Stand in for torch's function: what a page shows was printed on the CPU."""


@pytest.mark.parametrize("path", page_paths(), ids=page_name)
def test_no_block_is_passed_over(path: Path) -> None:
    page = read_page(path)
    to_run = [fence for fence in page.fences if fence.is_python and fence.not_run is None]
    found = blocks(path)
    assert len(found) == len(to_run)
    assert [block for block in found if block.marks or block.importorskip] == []
    compared = [block for block in found if block.expected_output is not None]
    assert len(compared) == sum(block.follows_code for block in page.blocks)


def test_every_snippet_is_among_the_blocks() -> None:
    code = {block.code.rstrip() for block in BLOCKS.values()}
    assert {path.read_text("utf-8").rstrip() for path in SNIPPETS.rglob("*.py")} <= code


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_prints_what_the_page_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    block = BLOCKS[name]
    if "torch" in block.code:
        monkeypatch.setattr("torch.accelerator.current_accelerator", no_accelerator)
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(block.code, name, "exec"), {"__name__": "__main__"})
    if block.expected_output is not None:
        versions = {
            module: str(sys.modules[module].__version__)
            for module in ("numpy", "torch")
            if module in sys.modules
        }
        allowance = None if reproduces("cpu", versions) else ALLOWANCES["cpu"]
        # pymdownx.snippets ends each file that it includes with an empty line.
        found = differences(block.expected_output.rstrip("\n"), printed.getvalue(), allowance)
        assert found == [], diff(found)

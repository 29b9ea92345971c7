"""The page Where it was confirmed says what the records hold, in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from proof.faults import FaultError
from proof.records import source_hash
from tests.extensions.conftest import Render

PAGE = "where-it-was-confirmed/index.md"
BLOCK = "/// confirmations\n///\n"


@pytest.fixture
def record(docs: Path) -> Callable[..., None]:
    """Give a function that records lesson_one/idea, changed by what it is told."""
    snippet = docs.parent / "snippets" / "lesson_one" / "first_idea.py"
    snippet.parent.mkdir(parents=True)
    snippet.write_text("print(1.5)\n")
    snippet.with_suffix(".out").write_text("first 1.50\n")
    lesson = docs / "lesson-one" / "index.md"
    lesson.parent.mkdir()
    lesson.write_text("---\ntitle: Lesson *One*\n---\n# One\n")

    def record(device: str, machine: str, **entry: Any) -> None:
        entries = {"source": source_hash(snippet), "output": "first 1.50\n", "distance": 0.0}
        about = {
            "device": device,
            "machine": machine,
            "system": "Linux",
            "versions": {"numpy": "2.4.6", "torch": "2.13.0", "CUDA": "12.8"},
            "date": "2026-11-03",
            "commit": "0123456789abcdef, with changes",
            "snippets": {"lesson_one/first_idea": {**entries, "error": "", **entry}},
        }
        folder = docs.parent / "records" / device
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{machine}.json").write_text(json.dumps(about))

    return record


def rows(tree: Element, text_of: Callable[[Element], str]) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in tree.iter("tr")]


@pytest.mark.usefixtures("record")
def test_without_a_record_nothing_is_run(render: Render, text_of: Callable[[Element], str]) -> None:
    tree = render(BLOCK, PAGE)
    assert rows(tree, text_of) == [
        ["Snippet", "CPU", "CUDA", "MPS"],
        ["first_idea", "not run", "not run", "not run"],
    ]
    assert [text_of(machine) for machine in tree.iter("div") if machine.find("dt") is not None] == [
        f"{device} Not run: there is no record of such a machine yet."
        for device in ("CPU", "CUDA", "MPS")
    ]


def test_each_record_is_a_column_with_its_machine(
    record: Callable[..., None], render: Render, text_of: Callable[[Element], str]
) -> None:
    record("cpu", "arm64_v8")
    record("cpu", "x86_64", output="first 1.51\n", distance=0.01)
    record("cuda", "A Card", distance=1.5e-7)
    tree = render(BLOCK, PAGE)
    assert rows(tree, text_of) == [
        ["Snippet", "CPU: arm64_v8", "CPU: x86_64", "CUDA: A Card", "MPS"],
        [
            "first_idea",
            "passed",
            "failed: 1.51 instead of 1.50",
            "passed, numbers at most 0.00000015 off",
            "not run",
        ],
    ]
    assert [text_of(about) for about in tree.iter("dd")] == [
        f"{result}, on Linux with NumPy 2.4.6, PyTorch 2.13.0, CUDA 12.8, on 3 November 2026, "
        "from commit 0123456789ab, with changes."
        for result in (
            "1 of 1 passed, no number off",
            "0 of 1 passed, no number off",
            "1 of 1 passed, numbers at most 0.00000015 off",
        )
    ] + ["Not run: there is no record of such a machine yet."]


def test_a_snippet_that_changed_since_is_old(
    record: Callable[..., None], render: Render, text_of: Callable[[Element], str]
) -> None:
    record("mps", "Apple M9", source="0")
    (_, row) = rows(render(BLOCK, PAGE), text_of)
    assert row == ["first_idea", "not run", "not run", "old"]


@pytest.mark.usefixtures("record")
def test_the_table_is_named_after_the_lesson_and_links_to_it(
    render: Render, text_of: Callable[[Element], str]
) -> None:
    tree = render(BLOCK, PAGE)
    (caption,) = tree.iter("caption")
    assert text_of(caption) == "Lesson *One*"
    (link,) = tree.iter("a")
    assert link.get("href") == "../lesson-one/index.md#snippet-first_idea"
    assert [head.get("scope") for head in tree.iter("th")] == ["col"] * 4 + ["row"]


def test_a_file_that_is_no_record_stops_the_build(
    record: Callable[..., None], render: Render, docs: Path
) -> None:
    record("cpu", "machine")
    (docs.parent / "records" / "cpu" / "machine.json").write_text("{")
    with pytest.raises(FaultError, match=r"machine.json:1: this is no record"):
        render(BLOCK, PAGE)


def test_the_ends_of_the_allowed_versions_are_named_and_may_be_not_run(
    record: Callable[..., None], render: Render, text_of: Callable[[Element], str], docs: Path
) -> None:
    record("cpu", "x86_64")
    metadata = docs.parent / "pyproject.toml"
    metadata.write_text('[project]\ndependencies = ["numpy>=2.4,<2.5", "torch>=2.9,<2.14"]\n')
    tree = render(BLOCK, PAGE)
    heads, _ = rows(tree, text_of)
    assert heads == ["Snippet", "CPU: x86_64, newest versions", "CUDA", "MPS"]
    assert [text_of(machine) for machine in tree.iter("dt")] == [
        *heads[1:],
        "The oldest versions: NumPy 2.4, PyTorch 2.9",
    ]
    assert text_of(list(tree.iter("dd"))[-1]) == "Not run: there is no record of them yet."

    metadata.write_text('[project]\ndependencies = ["numpy>=2.4.6,<2.6", "torch>=2.13,<2.15"]\n')
    heads, _ = rows(render(BLOCK, PAGE), text_of)
    assert heads[1] == "CPU: x86_64, oldest versions"

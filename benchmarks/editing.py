"""The author's loop: from saving a file to the page that shows it, checked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import ROUNDS, seconds
from proof.benchmarks import Timing
from tests.site.projects import Author, copy_project, serving

PAGE = "cnns-from-scratch/"
PARAGRAPH = ("docs/cnns-from-scratch/index.md", "Let $N$", "Let now $N$")
SNIPPET = (
    "snippets/cnns_from_scratch/one_convolution_window.py",
    *("first_response = ", "first_response = 1 * "),
)


def measure() -> Iterator[Timing]:
    """Save a paragraph and a snippet, back and forth."""
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(Path(folder) / "project")
        with serving(project) as author:
            for what, change in (("a paragraph of the lesson", PARAGRAPH), ("a snippet", SNIPPET)):
                yield Timing(
                    f"{what}, from saving it to the page that shows it, checked",
                    [round(one, 4) for one in edits(author, *change)],
                )


def edits(author: Author, file: str, old: str, new: str) -> list[float]:
    """Change a file, back and forth; give the seconds until the lesson's page shows each change."""

    def edit(*words: str) -> float:
        before = author.look(PAGE)

        def change() -> None:
            author.edit(file, *words)
            author.see(PAGE, lambda page: page != before)

        return seconds(change)

    edit(old, new), edit(new, old)  # to fill what caches there are
    return [edit(*words) for _ in range(ROUNDS) for words in ((old, new), (new, old))]

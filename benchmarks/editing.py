"""The author's loop: from saving a file to the page that shows it, checked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import ROUNDS, seconds
from proof.benchmarks import Timing
from tests.site.projects import Author, copy_project, serving

PAGE = "cnns-from-scratch/"
LESSON = "docs/cnns-from-scratch/index.md"
SNIPPET = "snippets/cnns_from_scratch/one_convolution_window.py"


def measure() -> Iterator[Timing]:
    """Save a paragraph and a snippet, back and forth."""
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(Path(folder) / "project")
        with serving(project) as author:
            for what, file, old, new in (
                ("a paragraph of the lesson", LESSON, "Let $N$", "Let now $N$"),
                ("a snippet", SNIPPET, "first_response = ", "first_response = 1 * "),
            ):
                edit(author, file, old, new)
                edit(author, file, new, old)
                times = []
                for _ in range(ROUNDS):
                    times.append(edit(author, file, old, new))
                    times.append(edit(author, file, new, old))
                yield Timing(
                    f"{what}, from saving it to the page that shows it, checked",
                    [round(one, 4) for one in times],
                )


def edit(author: Author, file: str, old: str, new: str) -> float:
    """Change a file; give the seconds until the lesson's page shows it."""
    before = author.look(PAGE)

    def change() -> None:
        author.edit(file, old, new)
        author.see(PAGE, lambda page: page != before)

    return seconds(change)

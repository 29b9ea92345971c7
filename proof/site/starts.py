"""What the interactive figures of a page start with: a file beside it, read by their scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from proof.expressions import ExpressionError
from proof.faults import Fault, FaultError
from proof.interactive import InteractiveFigures, read_interactive, start_value
from proof.page_bindings import Left, lesson_of, snippets_of
from proof.page_interactive import interactive_file
from proof.project import page_folder, site_pages
from proof.site.cache import kept

FILE = "interactive-figures.json"


def write_starts(site: Path, left: Callable[[], Left]) -> None:
    """Write the file of each built page that has interactive figures.

    What cannot be computed is reported, and its figure left out: it stays as it is drawn.
    """
    for page in site_pages():
        read = read_interactive(interactive_file(page))
        if read.faults:
            raise FaultError(read.faults[0])
        if read.figures and (site / page_folder(page)).is_dir():
            starts = _starts(page, read, left)
            text = json.dumps(starts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            (site / page_folder(page) / FILE).write_text(text + "\n", "utf-8")


def _starts(page: Path, read: InteractiveFigures, left: Callable[[], Left]) -> Any:
    def compute() -> tuple[dict[str, Any], bool]:
        starts = {}
        values = left()
        for one in read.figures:
            found: dict[str, Any] = {}
            for name, code in one.start.items():
                try:
                    found[name] = start_value(code.text, values, lesson_of(page))
                except ExpressionError as error:
                    message = f"{one.figure.text} stays a drawing, {name} has no value: {error}"
                    print(Fault(interactive_file(page), code.line, message), file=sys.stderr)
            if len(found) == len(one.start):
                starts[one.figure.text] = found
        return starts, len(starts) == len(read.figures)

    asked = [
        (one.figure.text, [(name, code.text) for name, code in one.start.items()])
        for one in read.figures
    ]
    codes = (code.text for one in read.figures for code in one.start.values())
    return kept("starts", page, snippets_of(codes, lesson_of(page)), asked, compute)

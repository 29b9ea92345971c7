"""What notebooks print, compared with what is documented."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import yaml
from nbformat import NotebookNode

from proof.faults import Fault
from proof.notebooks.execution import RECORD
from proof.outputs import diff, differences

ALLOWANCES = "allowances.yml"


def printed(notebook: NotebookNode) -> dict[str, str]:
    """Give what each cell of an executed notebook printed, by the cell's title."""
    found = {}
    for cell in notebook.cells:
        text = "".join(
            output.text for output in cell.get("outputs", []) if output.output_type == "stream"
        )
        if text:
            found[cell.metadata.get("title", cell["id"])] = text
    return found


def documented(path: Path) -> dict[str, str]:
    """Give what each cell of a notebook is documented to print, by the cell's title."""
    out = path.with_suffix(".out")
    sections = re.split(r"^%% (.*)\n", out.read_text("utf-8") if out.is_file() else "", flags=re.M)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


def files(notebook: NotebookNode) -> dict[str, str]:
    """Give the text files that an executed notebook wrote, by name."""
    return dict(notebook.metadata[RECORD]["files"])


def faults(path: Path, notebook: NotebookNode) -> list[Fault]:
    """Compare what a notebook printed with what is documented, cell by cell."""
    allowances = _allowances(path)
    expected, actual = documented(path), printed(notebook)
    found = []
    for title in {**actual, **expected}:
        allowance = allowances.get(title)
        moved = differences(expected.get(title, ""), actual.get(title, ""), allowance)
        if moved:
            allowed = "to the letter" if allowance is None else f"within {allowance}"
            message = (
                f"the cell {title!r} does not print what {path.stem}.out says, {allowed}; mend it,"
                " or run `python -m proof.notebooks --record`"
            )
            found.append(Fault(path, _line(path, title), message, diff(moved)))
    found += [
        Fault(path.with_name(ALLOWANCES), 1, f"{path.stem} has no cell {title!r} that prints")
        for title in allowances
        if title not in actual
    ]
    return found


def record(path: Path, notebook: NotebookNode) -> None:
    """Document what a notebook printed, and keep the files that it wrote beside it."""
    sections = (f"%% {title}\n{text}" for title, text in printed(notebook).items())
    path.with_suffix(".out").write_text("".join(sections), "utf-8", newline="\n")
    for name, text in files(notebook).items():
        path.with_name(name).write_text(text, "utf-8", newline="\n")


def _allowances(path: Path) -> dict[str, Decimal]:
    """Read how far the numbers that a cell prints may lie from the documented ones."""
    file = path.with_name(ALLOWANCES)
    declared = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}
    cells = declared.get(path.stem, {})
    return {title: Decimal(str(entry["allowance"])) for title, entry in cells.items()}


def _line(path: Path, title: str) -> int:
    """Find the line that begins a cell."""
    lines = path.read_text("utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"# %% {title}")), 1)

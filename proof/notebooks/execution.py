"""Runs notebooks, and keeps them executed."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from filelock import FileLock
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode

from proof.faults import Fault, FaultError
from proof.notebooks.modules import key, modules_cell
from proof.project import DOCS, ROOT, relative

LIMIT = 600  # seconds for one cell
RECORD = "from_scratch"  # what is noted in a notebook's metadata: its key, the files it wrote


def notebook_paths() -> list[Path]:
    """Every notebook of the project, sorted."""
    return sorted(DOCS.rglob("*.py"))


def kept(path: Path, current: str) -> NotebookNode | None:
    """Give a notebook as it was executed, if that was with the current key."""
    target = path.with_suffix(".ipynb")
    if not target.is_file():
        return None
    notebook: NotebookNode = nbformat.read(target, as_version=4)  # type: ignore[no-untyped-call]
    return notebook if notebook.metadata.get(RECORD, {}).get("key") == current else None


def executed(path: Path) -> NotebookNode:
    """Give a notebook with its outputs, run anew only if something it depends on changed.

    It is kept beside its source, as .ipynb. Raises FaultError for a cell that fails or writes
    to stderr, and for code that does not parse.
    """
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with FileLock(cache / f"{path.stem}.lock"):
        current = key(path)  # before it runs: it may be edited meanwhile
        if notebook := kept(path, current):
            return notebook
        if sys.stderr.isatty():
            print(f"Running {relative(path)} …", file=sys.stderr)
        notebook = run(path, path.read_text("utf-8"))
        notebook.metadata[RECORD]["key"] = current
        notebook.cells.insert(0, modules_cell(path))
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"  # else random, and another page each time
        unfinished = cache / f"{path.stem}.ipynb"
        nbformat.write(notebook, unfinished)  # type: ignore[no-untyped-call]
        unfinished.replace(path.with_suffix(".ipynb"))
    return notebook


def run(path: Path, source: str, **environment: str) -> NotebookNode:
    """Run a notebook's source in a kernel of its own, with more environment variables.

    The files that it wrote stand in its metadata. Raises FaultError as `executed` does.
    """
    notebook: NotebookNode = jupytext.reads(source, fmt="py:percent")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": "0",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the kernel warns of its own debugger
            "IPYTHONDIR": folder,  # no one's own start-up files
            "TQDM_DISABLE": "1",  # a progress bar is for who waits
            **environment,
        }
        work = Path(folder) / "work"
        work.mkdir()
        client = NotebookClient(
            notebook,
            timeout=LIMIT,
            record_timing=False,
            extra_arguments=["--log-level=ERROR"],  # the kernel warns of its own connection
            resources={"metadata": {"path": str(work)}},
        )
        try:
            client.execute(env=environment)
        except (CellExecutionError, CellTimeoutError) as error:
            raise _fault(path, notebook, error) from None
        written = {file.name: file.read_text("utf-8") for file in sorted(work.iterdir())}
    notebook.metadata[RECORD] = {"files": written}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                message = "the cell writes to stderr, which the page would show; mend the cause"
                raise FaultError(Fault(path, _line(path, cell), message, output.text))
    return notebook


def _fault(
    path: Path, notebook: NotebookNode, error: CellExecutionError | CellTimeoutError
) -> FaultError:
    """Say in which line of the source the last cell that ran has failed."""
    failed = [cell for cell in notebook.cells if cell.get("execution_count")][-1]
    line = _line(path, failed)
    if isinstance(error, CellTimeoutError):
        return FaultError(Fault(path, line, f"the cell did not end in {LIMIT} s; make it smaller"))
    # IPython tells the line of each frame in a cell, in colour: "Cell In[3], line 2".
    traceback = re.sub(r"\x1b\[[\d;]*m", "", error.traceback)
    inside = re.findall(rf"In\[{failed.execution_count}\], line (\d+)", traceback)
    line += int(inside[-1]) - 1 if inside else 0
    message = f"{error.ename}: {error.evalue}; a notebook must run to its end"
    return FaultError(Fault(path, line, message))


def _line(path: Path, cell: NotebookNode) -> int:
    source = path.read_text("utf-8")
    return source[: max(source.find(cell.source), 0)].count("\n") + 1

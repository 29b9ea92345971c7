"""Runs a snippet in the process that calls, apart from what ran there before."""

from __future__ import annotations

import ast
import builtins
import contextvars
import io
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import Any


@dataclass(frozen=True)
class SnippetError:
    """Why a snippet did not run to its end, and at which of its lines."""

    line: int
    kind: str
    message: str

    def __str__(self) -> str:
        """Give the error as Python's last traceback line does."""
        return f"{self.kind}: {self.message}" if self.message else self.kind


@dataclass(frozen=True)
class Run:
    """What one run of a snippet printed, left behind and took.

    `values` holds its public names; of a snippet that uses torch only the data, with tensors as
    NumPy arrays. `printed_at` gives, per line of `stdout`, the line of the snippet that printed
    it. `versions` are those of NumPy and torch, where they were loaded.
    """

    snippet: Path
    stdout: str
    values: dict[str, Any]
    printed_at: list[int]
    seconds: float
    error: SnippetError | None
    versions: dict[str, str]

    def line_behind(self, output_line: int) -> int:
        """Give the snippet's line that printed a line of output, or its last print if none did."""
        return self.printed_at[: max(output_line, 1)][-1] if self.printed_at else 1


class Printed(io.StringIO):
    """The text a snippet prints, and for each of its lines the snippet's line behind it."""

    def __init__(self, snippet: Path) -> None:
        """Take the snippet's file."""
        super().__init__()
        self.printed_at: list[int] = []
        self._snippet = str(snippet)
        self._in_line = False

    def close(self) -> None:
        """Stay open: what was printed is asked for after the snippet, which may close it."""

    def write(self, text: str) -> int:
        """Take a piece of text, from any depth of calls below the snippet."""
        if text:
            begun = text.count("\n") + (not text.endswith("\n")) - self._in_line
            if begun:
                self.printed_at += [self._line(sys._getframe(1))] * begun
            self._in_line = not text.endswith("\n")
        return super().write(text)

    def _line(self, frame: FrameType | None) -> int:
        while frame and frame.f_code.co_filename != self._snippet:
            frame = frame.f_back
        return frame.f_lineno if frame else 1


def run_snippet(
    path: Path,
    within: Callable[[], AbstractContextManager[None]] = nullcontext,
    printed: Printed | None = None,
) -> Run:
    """Run one snippet inside the context that `within` makes; an exception is the Run's error.

    `proof.worker` calls this, in a process that an endless loop may cost, and `proof.session` in
    the reader's browser, with its own place for what is printed.
    """
    if printed is None:
        printed = Printed(path)
    module = ModuleType("__main__")
    vars(module).update(__file__=str(path), __builtins__=builtins)
    # Here pickle finds the snippet's functions and classes, until the next snippet runs.
    sys.modules["__main__"] = module
    sys.argv = [str(path)]
    error = None

    def execute() -> None:
        with within(), warnings.catch_warnings(), redirect_stdout(printed):
            exec(compile(path.read_bytes(), path, "exec", dont_inherit=True), vars(module))

    _forget_seeds()
    began = time.perf_counter()
    try:
        # A context of its own holds NumPy's print and error options, which others must not see.
        contextvars.copy_context().run(execute)
    except SystemExit as exit_:
        error = error_in(path, exit_) if exit_.code not in (None, 0) else None
    except BaseException as raised:
        error = error_in(path, raised)
    seconds = time.perf_counter() - began
    return Run(
        snippet=path,
        stdout=printed.getvalue(),
        values={name: value for name, value in vars(module).items() if not name.startswith("_")},
        printed_at=printed.printed_at,
        seconds=seconds,
        error=error,
        versions=_versions(),
    )


def imported(source: str | bytes) -> set[str]:
    """Give the top-level modules that code imports anywhere; none where it does not parse."""
    try:
        with warnings.catch_warnings(action="ignore"):  # its run tells
            nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return set()
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {module.partition(".")[0] for module in modules}


def error_in(path: Path, error: BaseException) -> SnippetError:
    """Say what an exception says, at the file's innermost line that it passed."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return SnippetError(error.lineno or 1, type(error).__name__, error.msg)
    try:
        message = " ".join(str(error).split())
    except Exception:  # of the snippet's own class
        message = ""
    return SnippetError(_line_of(error.__traceback__, str(path)), type(error).__name__, message)


def _line_of(traceback: TracebackType | None, snippet: str) -> int:
    """Give the snippet's innermost line that an exception passed."""
    line = 1
    while traceback:
        if traceback.tb_frame.f_code.co_filename == snippet:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _forget_seeds() -> None:
    """Undo a seed that an earlier snippet set: a reader runs each one on its own."""
    for name in {"random", "numpy.random", "torch"} & sys.modules.keys():
        sys.modules[name].seed()


def _versions() -> dict[str, str]:
    loaded = [name for name in ("numpy", "torch") if name in sys.modules]
    return {name: str(sys.modules[name].__version__) for name in loaded}  # torch has a type for it

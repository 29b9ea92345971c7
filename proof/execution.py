"""Runs a snippet in this process, apart from all others, and ends it when its time is over."""

from __future__ import annotations

import builtins
import contextvars
import faulthandler
import io
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, TextIO

LIMIT = 60.0  # seconds a snippet may run
GRACE = 1.0  # seconds in which a snippet may unwind when its time is over


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

    `values` holds its public names: everything for a snippet that ran in this process, for one
    that uses torch only data, with tensors as NumPy arrays. `printed_at` gives, per line of
    `stdout`, the line of the snippet that printed it. `versions` are those of NumPy and torch,
    where they were loaded.
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


class _Overrun(BaseException):
    """Ends a snippet whose time is over; no Exception, so that few snippets catch it."""


class _Printed(io.StringIO):
    """The text a snippet prints, and for each of its lines the snippet's line behind it."""

    def __init__(self, snippet: Path) -> None:
        super().__init__()
        self.printed_at: list[int] = []
        self._snippet = str(snippet)
        self._in_line = False

    def write(self, text: str) -> int:
        """Take a piece of text, from any depth of calls below the snippet."""
        if text:
            begun = text.count("\n") + (not text.endswith("\n")) - self._in_line
            if begun:
                self.printed_at += [_line_in(self._snippet, sys._getframe(1))] * begun
            self._in_line = not text.endswith("\n")
        return super().write(text)


_printed: contextvars.ContextVar[_Printed] = contextvars.ContextVar("printed")


class _Stdout(io.TextIOBase):
    """Sends what a snippet prints to its own Printed, and all else where it went before."""

    def __init__(self, before: TextIO) -> None:
        self._before = before

    def write(self, text: str) -> int:
        """Pass a piece of text on."""
        return _printed.get(self._before).write(text)

    def flush(self) -> None:
        """Pass a flush on."""
        _printed.get(self._before).flush()


def run_snippet(path: Path, limit: float = LIMIT) -> Run:
    """Run one snippet in this process; an exception or an overrun is the Run's error.

    It runs in a thread of its own, since only so can a loop that catches everything be left
    behind. A loop inside C code that lets no other thread run ends the process, with code 1.
    """
    printed = _Printed(path)
    names: dict[str, Any] = {
        "__name__": "__main__",
        "__file__": str(path),
        "__builtins__": builtins,
    }
    errors: list[SnippetError] = []

    def execute() -> None:
        _printed.set(printed)
        try:
            exec(compile(path.read_bytes(), path, "exec", dont_inherit=True), names)
        except SystemExit as exit_:
            if exit_.code not in (None, 0):
                errors.append(_error(path, exit_))
        except BaseException as error:
            errors.append(_error(path, error))

    _forget_seeds()
    # A context of its own holds NumPy's print and error options, which others must not see.
    thread = threading.Thread(target=contextvars.copy_context().run, args=(execute,), daemon=True)
    before, sys.stdout = sys.stdout, _Stdout(sys.stdout)
    faulthandler.dump_traceback_later(limit + 2 * GRACE, exit=True, file=2)
    began = time.perf_counter()
    thread.start()
    thread.join(limit)
    seconds = time.perf_counter() - began
    overrun = thread.is_alive()
    if overrun:
        line = _line_in(str(path), sys._current_frames().get(thread.ident or 0))
        message = f"still running after {limit:g} s; end its loop, or allow more with --limit"
        errors = [SnippetError(line, "TimeoutError", message)]
        _interrupt(thread)
    faulthandler.cancel_dump_traceback_later()
    if not thread.is_alive():  # else it may go on printing, and not among our own lines
        sys.stdout = before
    return Run(
        snippet=path,
        stdout=printed.getvalue(),
        values={name: value for name, value in names.copy().items() if not name.startswith("_")},
        printed_at=list(printed.printed_at),
        seconds=seconds,
        error=errors[0] if errors else None,
        versions=_versions(),
    )


def _interrupt(thread: threading.Thread) -> None:
    """Raise in another thread, and wait a little for it to end."""
    import ctypes  # slow to import, and rarely needed

    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Overrun)
    )
    thread.join(GRACE)


def _error(path: Path, error: BaseException) -> SnippetError:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return SnippetError(error.lineno or 1, type(error).__name__, error.msg)
    message = " ".join(str(error).split())
    return SnippetError(_line_of(error.__traceback__, str(path)), type(error).__name__, message)


def _line_of(traceback: TracebackType | None, snippet: str) -> int:
    """Give the snippet's innermost line that an exception passed."""
    line = 1
    while traceback:
        if traceback.tb_frame.f_code.co_filename == snippet:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _line_in(snippet: str, frame: FrameType | None) -> int:
    """Give the snippet's innermost line among a frame and its callers."""
    while frame and frame.f_code.co_filename != snippet:
        frame = frame.f_back
    return frame.f_lineno if frame else 1


def _forget_seeds() -> None:
    """Undo a seed that an earlier snippet set: a reader runs each one on its own."""
    for name in {"random", "numpy.random", "torch"} & sys.modules.keys():
        sys.modules[name].seed()


def _versions() -> dict[str, str]:
    loaded = [name for name in ("numpy", "torch") if name in sys.modules]
    return {name: str(sys.modules[name].__version__) for name in loaded}  # torch has a type for it

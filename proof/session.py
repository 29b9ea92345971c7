"""A reader's own runs of a page's snippets, in the browser: what was printed, and how it compares.

Standard library alone, with the modules that `check` compares with: they are loaded into the
page's worker as they stand here. A run ends by itself, by an exception, or at a limit.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from proof.execution import Printed, Run, SnippetError, imported, run_snippet
from proof.outputs import Difference, differences

PAUSE = 0.1  # seconds between two pieces of output that are sent on
DRAWING = {"matplotlib", "mpl_toolkits"}  # the page loads it once a block imports it
TOO_LARGE = ("array is too big", "Maximum allowed dimension exceeded")  # NumPy, of an array

Answer = dict[str, Any]


class Ended(BaseException):
    """A run met a limit, or asked for what is not there; no Exception, so that few catch it."""


@dataclass(frozen=True)
class Limits:
    """What one run may take: seconds, characters of output, megabytes of memory."""

    seconds: int
    characters: int
    megabytes: int


class Session:
    """The runs of one page; the last of each snippet is kept, with the values it left."""

    def __init__(self, folder: Path, limits: Limits, send: Callable[[str], None]) -> None:
        """Take a folder for the code, and what each piece of output is sent to during a run."""
        self.limits = limits
        self._folder = folder
        self.runs: dict[str, Run] = {}
        self._codes: dict[str, str] = {}
        self._again: dict[str, tuple[str, Run]] = {}
        self._send = send
        self.pictures: ModuleType | None = None  # `proof.pictures`, where matplotlib is loaded
        signal.signal(signal.SIGINT, self._out_of_time)

    def run(self, name: str, code: str, documented: str) -> Answer:
        """Run the code that stands for a snippet, `lesson/idea`; compare what it prints.

        The answer holds what was printed and drawn, the warnings, the error if there was one, and
        how the output differs from the documented one: see `_difference`.
        """
        path = self._folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, "utf-8")
        printed = _Sent(path, self._send, self.limits.characters)
        raised: list[BaseException] = []
        warned: list[tuple[int, str]] = []
        found = self._execute(path, printed, raised, warned)
        self.runs[name], self._codes[name] = found, code
        error = found.error and self._explained(found.error, raised, code)
        pictures, notes = [], []
        if self.pictures and not error:
            pictures, notes = self.pictures.take()
        return {
            "stdout": found.stdout,
            "seconds": found.seconds,
            "error": error,
            "pictures": pictures,
            "notes": notes,
            "warnings": [{"line": line, "text": text} for line, text in warned],
            "differences": [
                _difference(one) for one in differences(documented, found.stdout, Decimal(0))
            ],
        }

    def left(self, name: str, code: str) -> Run:
        """Give the Run of this code: the snippet's last one, or else one that shows nothing."""
        if self._codes.get(name) == code:
            return self.runs[name]
        if self._again.get(name, ("",))[0] != code:
            path = self._folder / "again" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(code, "utf-8")
            printed = _Sent(path, lambda _: None, self.limits.characters)
            found = self._execute(path, printed, [], [])
            self._again[name] = code, found
        return self._again[name][1]

    def _execute(
        self,
        path: Path,
        printed: _Sent,
        raised: list[BaseException],
        warned: list[tuple[int, str]],
    ) -> Run:
        if self.pictures:
            self.pictures.clear()
        return run_snippet(path, lambda: _watched(path, printed, raised, warned), printed)

    def draws(self, code: str) -> bool:
        """Whether code imports matplotlib."""
        return not DRAWING.isdisjoint(imported(code))

    def run_json(self, name: str, code: str, documented: str) -> str:
        """Run as `run` does; the answer as JSON."""
        return json.dumps(self.run(name, code, documented))

    def _out_of_time(self, *_: object) -> None:
        raise Ended(
            f"it was still running after {self.limits.seconds} seconds, and was ended. "
            "Does a loop never end?"
        )

    def _explained(
        self, error: SnippetError, raised: list[BaseException], code: str
    ) -> dict[str, object]:
        """Say what went wrong in words that help, at which line of the reader's code."""
        text = str(error)
        if isinstance(raised[0], Ended):
            text = error.message
        elif isinstance(raised[0], SyntaxError):
            text = f"this is not Python: {error.message}"
        elif isinstance(raised[0], ModuleNotFoundError):
            name = str(raised[0].name).partition(".")[0]
            text = f"there is no {name} here: this page has Python’s standard library and NumPy"
            if name in DRAWING and self.draws(code):
                text += ". This site was built without it: print the numbers instead"
            elif name in DRAWING:
                text += f". It is loaded where a statement imports it: write `import {name}`"
        elif isinstance(raised[0], MemoryError) or error.message.startswith(TOO_LARGE):
            text = (
                f"there is not enough memory: this page gives Python {self.limits.megabytes} MB. "
                "Make it smaller, then run it again"
            )
        elif isinstance(raised[0], RecursionError):
            text = "functions called each other too deep: does one call itself without end?"
        elif isinstance(raised[0], SystemExit):
            text = f"the code ended itself with exit code {raised[0].code}"
        else:  # with Python's own guess at a name that was meant
            guess = str(traceback.TracebackException.from_exception(raised[0]))
            text = f"{error.kind}: {guess}" if guess else error.kind
        lines = code.splitlines()
        shown = lines[error.line - 1].strip() if error.line <= len(lines) else ""
        return {"line": error.line, "text": text, "code": shown}


class _Sent(Printed):
    """What a snippet prints, sent on piece by piece; too much of it ends the run."""

    def __init__(self, path: Path, send: Callable[[str], None], most: int) -> None:
        super().__init__(path)
        self._send, self._most = send, most
        self._waiting = io.StringIO()
        self._sent = time.monotonic()

    def write(self, text: str) -> int:
        """Take a piece of text."""
        room = max(self._most - self.tell(), 0)
        super().write(text[:room])
        self._waiting.write(text[:room])
        if time.monotonic() - self._sent > PAUSE:
            self._send(self._waiting.getvalue())
            self._waiting = io.StringIO()
            self._sent = time.monotonic()
        if len(text) > room:
            raise Ended(f"it printed more than {self._most:,} characters, and was ended")
        return len(text)


class _NoInput(io.TextIOBase):
    """Standard input, where nobody types."""

    def read(self, _size: int | None = -1, /) -> str:
        """End the run."""
        raise Ended("it waits for input, and nobody can type here: put the value into the code")

    def readline(self, _size: int = -1, /) -> str:  # type: ignore[override]
        """End the run."""
        return self.read()


@contextmanager
def _watched(
    path: Path,
    printed: _Sent,
    raised: list[BaseException],
    warned: list[tuple[int, str]],
) -> Iterator[None]:
    """Note the warnings and the exception of a run, which gets no input."""

    def note(
        message: Warning | str, category: type[Warning], filename: str, line: int, *_: Any
    ) -> None:
        warned.append((line if filename == str(path) else 0, f"{category.__name__}: {message}"))

    streams = sys.stdin, sys.stderr
    sys.stdin, sys.stderr = _NoInput(), printed
    try:
        with warnings.catch_warnings():
            warnings.showwarning = note  # type: ignore[assignment]  # its last two have defaults
            yield
    except BaseException as error:
        raised.append(error)
        raise
    finally:
        sys.stdin, sys.stderr = streams


def _difference(one: Difference) -> dict[str, object]:
    """Give a differing line: its number, as documented and printed, and the spans that differ.

    A span is the start and end in the printed line, and what is documented there. Where the
    words do not match one to one there are no spans, and the whole line differs.
    """
    return {
        "line": one.line,
        "documented": one.documented,
        "printed": one.printed,
        "spans": [[theirs.start, theirs.end, ours.text] for ours, theirs in one.pairs],
    }

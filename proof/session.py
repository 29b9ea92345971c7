"""A reader's own runs of a page's snippets, in the browser: what was printed, and how it compares.

Standard library alone, with the modules that `check` compares with: they are loaded into the
page's worker as they stand here. A run ends by itself, by an exception, or at a limit.
"""

from __future__ import annotations

import builtins
import codecs
import gc
import io
import json
import os
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
from types import FrameType, ModuleType
from typing import Any, BinaryIO, NoReturn, cast

from proof.execution import Printed, Run, SnippetError, imported, run_snippet
from proof.outputs import Difference, differences

PAUSE = 0.1  # seconds between two pieces of output that are sent on
DRAWING = {"matplotlib", "mpl_toolkits"}  # the page loads it once a block imports it
TOO_LARGE = ("array is too big", "Maximum allowed dimension exceeded")  # NumPy, of an array
SLEEP = time.sleep
ALONE = "this page runs one Python alone: no threads, no other processes"
WITHOUT = {  # what the browser's Python answers where there is no such thing, by how it begins
    "can't start new thread": ALONE,
    "[Errno 52]": ALONE,  # of fork
    "[Errno 138]": ALONE,  # of what starts a program
    "Cannot stack switch": "nothing can be awaited here: call what does not need asyncio",
}
LONGEST = 600  # characters of a message, or of a line of code beside it
WARNINGS = 5  # told of one run

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

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        send: Callable[[str], None],
        late: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Take a folder for the code, and whom to tell during a run.

        `send` gets each piece of output, `late` the line at which the time was over: code may
        go on all the same.
        """
        self.limits = limits
        self._folder = folder
        self.runs: dict[str, Run] = {}
        self._codes: dict[str, str] = {}
        self._again: dict[str, tuple[str, Run]] = {}
        self._send, self._late = send, late
        self._path = folder  # of the code that runs
        self._has_run = False
        self._is_over = False  # whether it has ended, and only its answer is being made
        self._deepest = sys.getrecursionlimit()
        self._originals = _callables()
        signal.signal(signal.SIGINT, self._out_of_time)
        self.pictures: ModuleType | None = None  # `proof.pictures`, where matplotlib is loaded

    def run(self, name: str, code: str, documented: str) -> Answer:
        """Run the code that stands for a snippet, `lesson/idea`; compare what it prints.

        The answer holds what was printed and drawn, the warnings, the error if there was one, and
        how the output differs from the documented one: see `_difference`.
        """
        self.runs.pop(name, None)  # two of a block's arrays may be more than there is room for
        self._codes.pop(name, None)
        path = self._folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, "utf-8")
        printed = _Sent(path, self._send, self.limits.characters)
        raised: list[BaseException] = []
        warned: list[tuple[int, str]] = []
        found = self._execute(path, printed, raised, warned)
        if not found.error:
            self.runs[name], self._codes[name] = found, code
        error = found.error and self._explained(found.error, raised[0], code)
        self._is_over = False  # drawing takes time, too
        pictures, notes = [], []
        if self.pictures and not error:
            pictures, notes = self.pictures.take()
        told = dict.fromkeys((line, _cut(text)) for line, text in warned)
        if len(told) > WARNINGS:
            notes.append(f"{len(told)} warnings were given: the first {WARNINGS} are told")
        return {
            "lines": found.stdout.splitlines(keepends=True),
            "seconds": found.seconds,
            "error": error,
            "pictures": pictures,
            "notes": notes,
            "warnings": [{"line": line, "text": text} for line, text in [*told][:WARNINGS]],
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
            self._is_over = False
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
        if self._has_run:  # room for large arrays: a function of the last run may hold some
            sys.modules.pop("__main__", None)
            gc.collect()
        self._has_run = True
        handler = signal.getsignal(signal.SIGINT)
        try:
            return run_snippet(path, lambda: self._watched(path, printed, raised, warned), printed)
        finally:
            sys.setrecursionlimit(self._deepest)
            signal.signal(signal.SIGINT, handler)

    @contextmanager
    def _watched(
        self,
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
        os._exit = os.abort = _no_end  # type: ignore[assignment]  # else Python is gone
        time.sleep = _sleep  # type: ignore[assignment]  # of plain numbers
        self._path, self._is_over = path, False
        try:
            with warnings.catch_warnings(), _print_options():
                warnings.showwarning = note  # type: ignore[assignment]  # its last two have defaults
                yield
        except BaseException as error:
            raised.append(error)
            raise
        finally:
            self._is_over = True
            self._restore()
            sys.stdin, sys.stderr = streams

    def _restore(self) -> None:
        """Undo what the code did to functions that the next block needs, such as `print`."""
        known = self._originals[builtins]
        builtins.__dict__.update(known)  # first, with none of them
        for name in vars(builtins).keys() - known.keys():
            if callable(vars(builtins)[name]):
                delattr(builtins, name)
        for module, originals in self._originals.items():
            content = vars(module)
            for name, original in originals.items():
                if content.get(name) is not original:
                    content[name] = original

    def draws(self, code: str) -> bool:
        """Whether code imports matplotlib."""
        return not DRAWING.isdisjoint(imported(code))

    def run_json(self, name: str, code: str, documented: str) -> str:
        """Run as `run` does; the answer as JSON."""
        return json.dumps(self.run(name, code, documented))

    def _out_of_time(self, _: int, frame: FrameType | None) -> None:
        if self._is_over:
            return
        while frame and frame.f_code.co_filename != str(self._path):
            frame = frame.f_back
        if frame and frame.f_lineno:  # some steps of Python belong to no line
            self._late(frame.f_lineno)
        raise Ended(
            f"it was still running after {self.limits.seconds} seconds, and was ended. "
            "Does a loop never end?"
        )

    def _explained(
        self, error: SnippetError, raised: BaseException, code: str
    ) -> dict[str, object]:
        """Say what went wrong in words that help, at which line of the reader's code."""
        lines = code.splitlines()
        shown = lines[error.line - 1].strip() if error.line <= len(lines) else ""
        text = self._in_words(error, raised, code)
        return {"line": error.line, "text": _cut(text), "code": _cut(shown)}

    def _in_words(self, error: SnippetError, raised: BaseException, code: str) -> str:
        if isinstance(raised, Ended):
            return error.message
        if isinstance(raised, SyntaxError):
            return f"this is not Python: {error.message}"
        if isinstance(raised, ModuleNotFoundError):
            return self._absent(str(raised.name).partition(".")[0], code)
        if isinstance(raised, MemoryError) or error.message.startswith(TOO_LARGE):
            return (
                f"there is not enough memory: this page gives Python {self.limits.megabytes} MB. "
                "Make it smaller, then run it again"
            )
        if isinstance(raised, RecursionError):
            return "functions called each other too deep: does one call itself without end?"
        if isinstance(raised, SystemExit):
            is_code = isinstance(raised.code, int)
            return f"the code ended itself{' with exit code' if is_code else ':'} {raised.code}"
        for begins, words in WITHOUT.items():
            if error.message.startswith(begins):
                return words
        # With Python's own guess at a name that was meant.
        guess = str(traceback.TracebackException.from_exception(raised))
        return f"{error.kind}: {guess}" if guess else error.kind

    def _absent(self, name: str, code: str) -> str:
        if name == "_multiprocessing":
            return ALONE
        text = f"there is no {name} here: this page has Python’s standard library and NumPy"
        if name in DRAWING and self.draws(code):
            return f"{text}. This site was built without it: print the numbers instead"
        if name in DRAWING:
            return f"{text}. It is loaded where a statement imports it: write `import {name}`"
        return text


class _Sent(Printed):
    """What a snippet prints, sent on piece by piece; too much of it ends the run."""

    def __init__(self, path: Path, send: Callable[[str], None], most: int) -> None:
        super().__init__(path)
        self._send, self._most = send, most
        self._waiting = io.StringIO()
        self._sent = time.monotonic()
        self._bytes = _Bytes(self)

    @property
    def buffer(self) -> BinaryIO:
        """Give what takes bytes."""
        return cast(BinaryIO, self._bytes)

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


class _Bytes(io.RawIOBase):
    """What a snippet prints as bytes; those that are no UTF-8 show as \ufffd."""

    def __init__(self, text: _Sent) -> None:
        super().__init__()
        self._text = text
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        """Say that it takes bytes."""
        return True

    def write(self, data: Any) -> int:
        """Take some bytes."""
        content = bytes(data)
        self._text.write(self._decoder.decode(content))
        return len(content)


class _NoInput(io.TextIOBase):
    """Standard input, where nobody types."""

    def read(self, _size: int | None = -1, /) -> str:
        """End the run."""
        raise Ended("it waits for input, and nobody can type here: put the value into the code")

    def readline(self, _size: int = -1, /) -> str:  # type: ignore[override]
        """End the run."""
        return self.read()


@contextmanager
def _print_options() -> Iterator[None]:
    """Take back how NumPy prints arrays; newer ones do so by themselves."""
    numpy = sys.modules.get("numpy")
    if not numpy:
        yield
        return
    with numpy.printoptions():
        yield


def _callables() -> dict[ModuleType, dict[str, Any]]:
    """Give what can be called of each module of Python and NumPy that is loaded, by its names."""
    known = {*sys.stdlib_module_names, "numpy"} - {"__main__"}
    return {
        module: {name: value for name, value in vars(module).items() if callable(value)}
        for name, module in sys.modules.items()
        if name.partition(".")[0] in known and isinstance(module, ModuleType)
    }


def _sleep(seconds: float) -> None:
    """Sleep in parts: between two Python can be interrupted."""
    end = time.monotonic() + seconds
    while True:
        SLEEP(min(seconds, PAUSE))
        seconds = end - time.monotonic()
        if seconds <= 0:
            return


def _no_end(*_: object) -> NoReturn:
    raise Ended("it would end Python itself, which the other blocks need: use `raise` instead")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}\u2026"


def units(text: str, place: int) -> int:
    """Give a place in a text as JavaScript counts it, where an emoji has a length of two."""
    return place + sum(character > "\uffff" for character in text[:place])


def _difference(one: Difference) -> dict[str, object]:
    """Give a differing line: its number, as documented and printed, and the spans that differ.

    A span is the start and end in the printed line, as JavaScript counts, and what is documented
    there. Where more than a word is another one there are no spans: the whole line differs.
    """
    printed = one.printed or ""
    words = sum(not (ours.numeral and theirs.numeral) for ours, theirs in one.pairs)
    pairs = one.pairs if words <= 1 else []
    return {
        "line": one.line,
        "documented": one.documented,
        "printed": one.printed,
        "spans": [
            [units(printed, theirs.start), units(printed, theirs.end), ours.text]
            for ours, theirs in pairs
        ],
    }

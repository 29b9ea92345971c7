"""The Runs of many snippets: those with torch in one process, beside it the rest in another."""

from __future__ import annotations

import ast
import builtins
import importlib
import io
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from proof.devices import DeviceMissing
from proof.execution import Run, SnippetError
from proof.project import snippet_name, uses_torch

LIMIT = 60.0  # seconds a snippet may run
AHEAD = 16  # snippets named before their turn; many would fill a pipe, and both ends wait for good


class Runs(Mapping[str, Run]):
    """The Runs of some snippets by name (`lesson/idea`), each waited for when asked for.

    All start at once, torch first, since importing it takes long.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        device: str = "cpu",
        limit: float = LIMIT,
        *,
        twins: bool = False,
        stay: bool = False,
    ) -> None:
        """Take the snippets and the seconds each may run.

        With `twins`, the Run of a snippet without torch is that of its twin on the device. With
        `stay`, the processes stay, torch loaded, for `renew`.
        Raises DeviceMissing for a device this machine lacks, even if no snippet would use it.
        """
        self._paths: dict[str, Path] = {}
        self._runs: dict[str, Run] = {}
        self._workers: list[Worker] = []
        self._device, self._limit, self._twins, self._stay = device, limit, twins, stay
        self._sources: dict[str, bytes] = {}
        self.add(paths)
        if device != "cpu":
            with_torch = [worker for worker in self._workers if worker.device]
            (with_torch or [self._start([], device)])[0].begin()

    def add(self, paths: Iterable[Path]) -> None:
        """Take more snippets, and start those that are new."""
        new = {snippet_name(path): path for path in paths}
        for name in self._paths.keys() & new.keys():
            del new[name]
        self._paths.update(new)
        with_torch = [path for path in new.values() if self._twins or uses_torch(path)]
        without = [path for path in new.values() if path not in with_torch]
        if with_torch:
            self._start(with_torch, self._device)
        if without:
            self._start(without)
        if with_torch or any(b"numpy" in path.read_bytes() for path in without):
            # Arrays will be read here: NumPy loads while it loads there.
            with suppress(ImportError):
                importlib.import_module("numpy")

    def renew(self, paths: Iterable[Path]) -> None:
        """Take these snippets instead; run those that are new or changed, and keep other Runs."""
        sources = {path: path.read_bytes() for path in paths}
        for name, path in list(self._paths.items()):
            if sources.get(path) != self._sources.get(name):
                self[name]  # no process runs a snippet that nobody will ask for
                del self._paths[name], self._runs[name]
        self._sources = {snippet_name(path): source for path, source in sources.items()}
        self.add(sources)

    def _start(self, paths: list[Path], device: str = "") -> Worker:
        for worker in self._workers:
            if self._stay and worker.device == device:
                worker.take(paths)
                return worker
        worker = Worker(paths, self._limit, device, stay=self._stay)
        self._workers.append(worker)
        return worker

    def __getitem__(self, name: str) -> Run:
        """Give a snippet's Run, waiting for it if need be."""
        path = self._paths[name]
        for worker in self._workers:
            while name not in self._runs and path in worker.waiting:
                next_name = snippet_name(worker.waiting[0])
                self._runs[next_name] = worker.next_run()
        return self._runs[name]

    def __iter__(self) -> Iterator[str]:
        """Give the names, those that need no torch first: by then it is loaded."""
        workers = sorted(self._workers, key=lambda worker: bool(worker.device))
        return (snippet_name(path) for worker in workers for path in worker.paths)

    def __len__(self) -> int:
        """Count the snippets."""
        return len(self._paths)


class Worker:
    """Our end of `proof.worker`."""

    def __init__(
        self, paths: list[Path], limit: float, device: str = "", *, stay: bool = False
    ) -> None:
        """Start the process; with a device, torch is loaded there."""
        self.paths = list(paths)
        self.waiting = list(paths)
        self.device = device
        self._limit, self._stay = limit, stay
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "proof.worker", str(self._limit), self.device]
        search_path = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, search_path))},
        )
        assert process.stdin
        assert process.stdout
        self._process = process
        self._asked, self._answers = process.stdin, process.stdout
        self._begun = False
        self._named = 0  # of those that wait
        self._ask()

    def _ask(self) -> None:
        with suppress(BrokenPipeError):  # it has ended, which the next answer tells
            paths = self.waiting[self._named : AHEAD]
            self._named += len(paths)
            self._asked.write("".join(f"{path}\n" for path in paths).encode())
            self._asked.flush()
            if self._named == len(self.waiting) and not self._stay:
                self._asked.close()

    def take(self, paths: list[Path]) -> None:
        """Run more snippets after those that wait; only for one that stays."""
        self.paths += [path for path in paths if path not in self.paths]
        self.waiting += paths
        self._ask()

    def begin(self) -> None:
        """Wait until the process is ready; raise DeviceMissing if it cannot use its device."""
        if not self._begun:
            trouble = self._receive()
            if trouble or not (self.waiting or self._stay):
                self._end()
            if trouble:
                raise DeviceMissing(trouble)
            self._begun = True

    def next_run(self) -> Run:
        """Wait for the next Run; go on in a new process if its snippet ends this one."""
        self.begin()
        path = self.waiting.pop(0)
        self._named -= 1
        answer = self._receive()
        if isinstance(answer, Run):
            if not self._asked.closed:
                self._ask()
            if not (self.waiting or self._stay):
                self._end()
            return replace(answer, values=_values(answer))
        self._end()
        if self.waiting or self._stay:
            self._start()
        return Run(path, "", {}, [], 0.0, self._error(path, answer), {})

    def _receive(self) -> Any:
        """Give the next answer, or the text that the process leaves when it ends instead."""
        size = self._answers.readline()
        if not size.strip().isdigit():
            return (size + self._answers.read()).decode(errors="replace")
        content = self._answers.read(int(size))
        return pickle.loads(content) if len(content) == int(size) else ""

    def _error(self, path: Path, last_words: str) -> SnippetError:
        place = re.search(rf'File "{re.escape(str(path))}", line (\d+)', last_words)
        line = int(place[1]) if place else 1
        if last_words:
            message = f"still running after {self._limit:g} s; end its loop, or raise --limit"
            return SnippetError(line, "TimeoutError", message)
        return SnippetError(line, "RuntimeError", "it ended the Python process")

    def _end(self) -> None:
        """Wait for the process, which ends after its last answer."""
        with suppress(BrokenPipeError), self._process:  # it may have ended before it was asked
            pass


class _NotDefinedError(Exception):
    """A value needs a function or a class that is not defined here."""


class _Unpickler(pickle.Unpickler):
    """Reads values, with what their snippet defines."""

    def __init__(self, content: bytes, defined: Mapping[str, Any]) -> None:
        super().__init__(io.BytesIO(content))
        self._defined = defined

    def find_class(self, module: str, name: str) -> Any:
        """Find a function or a class by name."""
        if module != "__main__":
            return super().find_class(module, name)
        if name not in self._defined:
            raise _NotDefinedError(name)
        return self._defined[name]


def _values(run: Run) -> dict[str, Any]:
    """Read the values of an answer; define the snippet's functions and classes around them."""
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    data = _read(run.values, names)
    if len(data) < len(run.values):
        names.update(data)
        _define(run.snippet, names)
        names.update(data)  # a name may first be a function, then data
        names.update(_read(run.values, names))
        return {name: names[name] for name in run.values if name in names}
    return data


def _read(pickled: Mapping[str, bytes], defined: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, content in pickled.items():
        try:
            found[name] = _Unpickler(content, defined).load()
        except _NotDefinedError:
            continue
    return found


def _define(path: Path, names: dict[str, Any]) -> None:
    """Execute the definitions at the top of a snippet, without the rest of it."""
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            try:
                exec(compile(ast.Module([node], []), path, "exec", dont_inherit=True), names)
            except Exception:  # it needs what is no data; then so does all that needs it
                continue

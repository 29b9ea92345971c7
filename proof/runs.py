"""The Runs of many snippets: those with torch in one process of their own, beside the rest."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from proof.devices import DeviceMissing
from proof.execution import LIMIT, Run, SnippetError, run_snippet
from proof.project import snippet_name, uses_torch


class Runs(Mapping[str, Run]):
    """The Runs of some snippets by name (`lesson/idea`), each run when first asked for.

    The process for torch starts at once, since importing torch takes long.
    """

    def __init__(self, paths: Iterable[Path], device: str = "cpu", limit: float = LIMIT) -> None:
        """Take the snippets and the seconds each may run.

        Raises DeviceMissing for a device this machine lacks, even if no snippet would use it.
        """
        self._paths = {snippet_name(path): path for path in paths}
        self._limit = limit
        self._device = device
        self._runs: dict[str, Run] = {}
        self.torch_names = [name for name, path in self._paths.items() if uses_torch(path)]
        self._process: _TorchProcess | None = None
        if self.torch_names or device != "cpu":
            self._start_torch(self.torch_names)
        if self._process and device != "cpu":
            self._process.check_device()

    def __getitem__(self, name: str) -> Run:
        """Give a snippet's Run, running it now or waiting for torch's process."""
        if name not in self._paths:
            raise KeyError(name)
        if name not in self._runs:
            if name in self.torch_names:
                self._collect_until(name)
            else:
                self._runs[name] = run_snippet(self._paths[name], self._limit)
        return self._runs[name]

    def __iter__(self) -> Iterator[str]:
        """Give the names, those that need no torch first: by then torch is loaded."""
        return iter(sorted(self._paths, key=self.torch_names.__contains__))

    def __len__(self) -> int:
        """Count the snippets."""
        return len(self._paths)

    def _start_torch(self, names: list[str]) -> None:
        paths = [self._paths[name] for name in names]
        self._process = _TorchProcess(paths, self._device, self._limit)

    def _collect_until(self, wanted: str) -> None:
        """Read Runs from torch's process in their order; begin anew after a snippet ended it."""
        assert self._process
        while wanted not in self._runs:
            waiting = [name for name in self.torch_names if name not in self._runs]
            run = self._process.next_run()
            self._runs[waiting[0]] = run or _ended_process(self._paths[waiting[0]])
            if not run or not waiting[1:]:
                self._process.close()
            if not run and waiting[1:]:
                self._start_torch(waiting[1:])


class _TorchProcess:
    """Our end of `proof.torch_child`."""

    def __init__(self, paths: list[Path], device: str, limit: float) -> None:
        """Start the process."""
        command = [sys.executable, "-m", "proof.torch_child", device, str(limit)]
        search_path = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, search_path))},
        )
        assert self._process.stdin
        self._process.stdin.write("\n".join(map(str, paths)).encode())
        self._process.stdin.close()
        self._trouble: str | None = None

    def check_device(self) -> None:
        """Wait until torch is loaded; raise DeviceMissing if it cannot use the device."""
        if self._trouble is None:
            self._trouble = self._receive()
        if self._trouble:
            self.close()
            raise DeviceMissing(self._trouble)

    def next_run(self) -> Run | None:
        """Wait for the next snippet's Run; none if the snippet ended the process."""
        self.check_device()
        try:
            run: Run = self._receive()
        except (EOFError, pickle.UnpicklingError):
            return None
        values = {name: pickle.loads(value) for name, value in run.values.items()}
        return replace(run, values=values)

    def close(self) -> None:
        """Wait for the process, which ends after its last Run."""
        with self._process:
            pass

    def _receive(self) -> Any:
        assert self._process.stdout
        return pickle.load(self._process.stdout)


def _ended_process(path: Path) -> Run:
    message = "it ended the Python process, or let no time limit end it"
    error = SnippetError(1, "RuntimeError", message)
    return Run(path, "", {}, [], 0.0, error, {})

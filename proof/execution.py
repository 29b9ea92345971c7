"""Runs snippets, each in isolation, and gives what they printed and left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LIMIT = 60.0  # seconds a snippet may run


@dataclass(frozen=True)
class SnippetError:
    """Why a snippet did not run to its end, and at which of its lines."""

    line: int
    kind: str
    message: str


@dataclass(frozen=True)
class Run:
    """What one run of a snippet printed, left behind and took.

    `values` holds the public names; from torch's process only data, tensors as NumPy arrays.
    `printed_at` gives, per line of `stdout`, the line of the snippet that printed it.
    """

    snippet: Path
    stdout: str
    values: dict[str, Any]
    printed_at: list[int]
    seconds: float
    error: SnippetError | None = None
    versions: dict[str, str] = field(default_factory=dict)


def run_snippet(path: Path, limit: float = LIMIT, device: str = "cpu") -> Run:
    """Run one snippet; an exception or an overrun of `limit` seconds is the Run's error."""
    raise NotImplementedError


class Runs(Mapping[str, Run]):
    """The Runs of some snippets by name (`lesson/idea`), each run when first asked for.

    Snippets that use torch share one process, started at once, since importing torch takes long.
    """

    def __init__(self, paths: Iterable[Path], device: str = "cpu", limit: float = LIMIT) -> None:
        raise NotImplementedError

    def __getitem__(self, name: str) -> Run:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

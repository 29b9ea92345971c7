"""Takes the time of commands and calls."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from proof.benchmarks import Comparison
from tests.site.projects import ROOT, environment

ROUNDS = 3
PYTHON = sys.executable

Act = Callable[[], object]


def seconds(act: Act) -> float:
    """Take the time of a call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def command(*arguments: str, folder: Path = ROOT) -> Act:
    """Give a call that runs Python with these arguments; RuntimeError where it fails."""

    def run() -> None:
        done = subprocess.run(
            (PYTHON, *arguments),
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}:\n{(done.stdout + done.stderr)[-2000:]}")

    return run


def compare(what: str, act: Act, against: str, other: Act, *, floor: bool = False) -> Comparison:
    """Time two calls by turns, after each has run once to fill what caches there are."""
    act(), other()
    pairs = [(seconds(act), seconds(other)) for _ in range(ROUNDS)]
    ours, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
    return Comparison(what, _rounded(ours), against, _rounded(theirs), floor)


def _rounded(times: Sequence[float]) -> list[float]:
    return [round(one, 4) for one in times]

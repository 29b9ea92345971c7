"""The check, against what it cannot do without: importing what the snippets import."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.timing import command, compare
from proof.benchmarks import Comparison

PAGE_WITHOUT_TORCH = "how-this-site-proves-itself"


def measure() -> Iterator[Comparison]:
    """Check all pages, and one that names no snippet with torch."""
    yield compare(
        "python -m proof check",
        command("-m", "proof", "check"),
        "importing torch, and nothing else",
        command("-c", "import torch"),
        floor=True,
    )
    yield compare(
        f"python -m proof check {PAGE_WITHOUT_TORCH}",
        command("-m", "proof", "check", PAGE_WITHOUT_TORCH),
        "importing NumPy, and nothing else",
        command("-c", "import numpy"),
        floor=True,
    )

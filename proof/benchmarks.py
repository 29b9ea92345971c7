"""What was measured of this project's speed: records/benchmarks.json, which is committed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from proof.faults import Fault, FaultError
from proof.project import ROOT

RECORD = Path("records") / "benchmarks.json"


@dataclass(frozen=True)
class Comparison:
    """Seconds that something took, time and again, and by turns what it is compared with.

    `floor` says that it cannot be faster than that; else that is a peer, which does the same.
    """

    what: str
    seconds: Sequence[float]
    against: str
    against_seconds: Sequence[float]
    floor: bool = False

    @property
    def ratio(self) -> float:
        """How many times the other's time it took, in the median."""
        return median(self.seconds) / median(self.against_seconds)


@dataclass(frozen=True)
class Timing:
    """Seconds that something took, time and again, where there is nothing to compare it with."""

    what: str
    seconds: Sequence[float]

    @property
    def percentile(self) -> float | None:
        """Seconds within which 95 of 100 times ended; None where there were too few to say."""
        return quantiles(self.seconds, n=20)[-1] if len(self.seconds) >= 20 else None


@dataclass(frozen=True)
class Download:
    """Bytes that a browser fetches, compressed with gzip -9."""

    what: str
    compressed_bytes: int


@dataclass(frozen=True)
class Size:
    """What a site of so many lessons took to build, to check and to show an edit."""

    lessons: int
    build_seconds: float
    check_seconds: float
    edit_seconds: float  # from saving a paragraph to the page that shows it, checked
    build_megabytes: float  # of memory, at most
    check_megabytes: float
    site_bytes: int
    search_bytes: int

    @property
    def seconds_a_lesson(self) -> float:
        """What one of them costs to build and check."""
        return (self.build_seconds + self.check_seconds) / self.lessons


@dataclass(frozen=True)
class Weight:
    """Bytes of a page with all that a browser asks for before anyone does anything, compressed."""

    page: str  # its file in the site
    size: int
    budget: int
    scripts: int  # of which our own scripts
    scripts_budget: int | None = None


@dataclass(frozen=True)
class Benchmarks:
    """All that was measured on a day (ISO), on which machine, with which versions and commit."""

    date: str
    machine: str
    versions: dict[str, str]
    commit: str
    comparisons: Sequence[Comparison] = ()
    timings: Sequence[Timing] = ()
    downloads: Sequence[Download] = ()
    sizes: Sequence[Size] = ()
    weights: Sequence[Weight] = ()


# What is in each of its lists.
KINDS: dict[str, type[Any]] = {
    "comparisons": Comparison,
    "timings": Timing,
    "downloads": Download,
    "sizes": Size,
    "weights": Weight,
}


def write_benchmarks(benchmarks: Benchmarks, root: Path = ROOT) -> None:
    """Write the record."""
    path = root / RECORD
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(asdict(benchmarks), indent=2) + "\n", "utf-8")


def read_benchmarks(root: Path = ROOT) -> Benchmarks:
    """Read the record; FaultError where there is none, or it is none."""
    path = root / RECORD
    try:
        content = json.loads(path.read_text("utf-8"))
        for name, kind in KINDS.items():
            content[name] = [kind(**one) for one in content.get(name, ())]
        return Benchmarks(**content)
    except (OSError, AttributeError, KeyError, TypeError, ValueError):
        message = "this is no record of benchmarks; write it with: nox -s bench"
        raise FaultError(Fault(path, 1, message)) from None

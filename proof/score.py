"""The mutation score as it was last measured: records/mutation.json, which is committed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from proof.faults import Fault, FaultError
from proof.project import ROOT

RECORD = Path("records") / "mutation.json"


@dataclass(frozen=True)
class Score:
    """How many mutants were tried on a day (ISO), how many caught, and how many equivalent."""

    date: str
    mutants: int
    caught: int
    equivalent: int

    @property
    def percent(self) -> str:
        """How many of those that could be caught were; never rounded up to all."""
        tenths = self.caught * 1000 // max(self.mutants - self.equivalent, 1)
        return f"{tenths / 10:.1f}%"


def write_score(score: Score, root: Path = ROOT) -> None:
    """Write the record."""
    path = root / RECORD
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(asdict(score), indent=2) + "\n", encoding="utf-8")


def read_score(root: Path = ROOT) -> Score:
    """Read the record; FaultError where there is none, or it is none."""
    path = root / RECORD
    try:
        return Score(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        message = "this is no mutation score; write it with: python -m proof mutate --record"
        raise FaultError(Fault(path, 1, message)) from None

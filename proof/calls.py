"""Checks what the functions of snippets give and refuse, on a table of calls.

tests/snippets/<lesson>.toml has a table for each snippet, from a call, over the names that the
snippet leaves, to what it gives, or to its error with the message:

    [convolution_output_size]
    "output_size(4, kernel=3)" = "2"
    "output_size(4, kernel=3, padding=-1)" = "ValueError: padding must not be negative, got -1"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proof.faults import Fault, FaultError
from proof.pages import read_text
from proof.project import ROOT
from proof.values import written

if TYPE_CHECKING:
    from proof.check import Outcome, Subject

TABLES = ROOT / "tests" / "snippets"


def check_calls(subject: Subject) -> Outcome:
    """Check the calls to the functions of each snippet; other devices run none of them."""
    if subject.device != "cpu":
        return 0, []
    passed = 0
    faults: list[Fault] = []
    names = set(subject.runs)
    for path in sorted(TABLES.glob("*.toml")):
        try:
            tables = read_calls(path)
        except FaultError as error:
            faults.append(error.fault)
            continue
        for snippet, calls in tables.items():
            name = f"{path.stem}/{snippet}"
            if name in names and not subject.runs[name].error:
                found = list(differing(calls, subject.runs[name].values))
                passed += len(calls) - len(found)
                for call, gives in found:
                    message = f"{call} gives {gives}, not {calls[call]}; correct either"
                    faults.append(_fault(path, call, message))
            elif name not in names and subject.whole:
                message = f"there is no snippet {name}; delete its calls, or restore it"
                faults.append(_fault(path, snippet, message))
    return passed, faults


def read_calls(path: Path) -> dict[str, dict[str, str]]:
    """Read a lesson's calls, by snippet; raise FaultError where they are not such a table."""
    text = read_text(path)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise FaultError(Fault(path, int(line[1]) if line else 1, f"no TOML: {error}")) from None
    for snippet, calls in tables.items():
        if not isinstance(calls, dict) or not all(isinstance(said, str) for said in calls.values()):
            raise FaultError(_fault(path, snippet, f'{snippet} is no table of "call" = "result"'))
    return tables


def differing(calls: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give each call that does not give what it should, with what it gives."""
    for call, expected in calls.items():
        try:
            gives = written(eval(call, dict(values)))
        except Exception as error:
            gives = f"{type(error).__name__}: {error}"
        if gives != expected:
            yield call, gives


def _fault(path: Path, near: str, message: str) -> Fault:
    lines = read_text(path).splitlines()
    return Fault(path, next((n for n, line in enumerate(lines, 1) if near in line), 1), message)

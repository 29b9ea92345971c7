"""Records of what snippets printed on a device: records/<device>/<machine>.json, all committed.

One under other versions of NumPy and torch than the lock file's is named after them too.

A record holds outputs; whether they are right is decided anew by those who read it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path

from proof.devices import ALLOWANCES, DEVICES, are_locked
from proof.faults import Fault, FaultError
from proof.outputs import differences, tokens
from proof.project import ROOT


@dataclass(frozen=True)
class Entry:
    """What came of one snippet, or of its torch twin.

    `source` is the hash of the snippet, and `distance` the largest between a number and the one
    documented, if each has its place: for a twin before both are rounded. `error` says why the
    snippet did not run to its end.
    """

    source: str
    output: str
    distance: float | None
    error: str


@dataclass(frozen=True)
class Record:
    """One run of all snippets on a device."""

    device: str
    machine: str
    system: str
    versions: dict[str, str]
    date: str
    commit: str
    snippets: dict[str, Entry]


@dataclass(frozen=True)
class Confirmation:
    """What is known of a snippet on one machine, or of a device that no record is of.

    `status` is "passed", "failed", "old" (the snippet changed since) or "not run"; `reason` says
    why it failed.
    """

    device: str
    status: str
    machine: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    date: str = ""
    distance: float | None = None
    reason: str = ""


def confirmations(snippet: str, root: Path = ROOT) -> list[Confirmation]:
    """Give what is known of a snippet, `lesson/idea`, on each device; FaultError for no record."""
    return confirm(snippet, read_records(root), root)


def confirm(snippet: str, records: Sequence[Record], root: Path = ROOT) -> list[Confirmation]:
    """Give what some records tell of a snippet, and which devices they tell nothing of."""
    found = []
    for device in DEVICES:
        ours = [record for record in records if record.device == device]
        found += [_confirmation(snippet, record, root) for record in ours]
        if not ours:
            found.append(Confirmation(device, "not run"))
    return found


def _confirmation(snippet: str, record: Record, root: Path) -> Confirmation:
    about = (record.machine, record.versions, record.date)
    entry = record.snippets.get(snippet)
    path = root / "snippets" / f"{snippet}.py"
    if entry is None:
        return Confirmation(record.device, "not run", *about)
    if entry.source != source_hash(path):
        return Confirmation(record.device, "old", *about)
    reason = entry.error or _difference(path, entry.output, record.device)
    status = "failed" if reason else "passed"
    return Confirmation(record.device, status, *about, entry.distance, reason)


def _difference(path: Path, output: str, device: str) -> str:
    """Say how an output differs from the documented one by more than the device is allowed."""
    for difference in differences(documented(path), output, ALLOWANCES[device]):
        if difference.pairs:
            ours, theirs = difference.pairs[0]
            return f"{theirs.text} instead of {ours.text}"
        return f"{difference.printed or 'nothing'} instead of {difference.documented or 'nothing'}"
    return ""


def documented(path: Path) -> str:
    """Read the documented output of a snippet, empty where there is none."""
    target = path.with_suffix(".out")
    return target.read_text("utf-8", "replace") if target.is_file() else ""


def source_hash(path: Path) -> str:
    """Give the hash of a snippet, the same whatever ends its lines."""
    return hashlib.sha256(path.read_text("utf-8").encode()).hexdigest()


def largest_distance(documented: str, output: str) -> float | None:
    """Give the largest distance of a numeral from the documented one; none if words differ."""
    ours, theirs = tokens(documented), tokens(output)
    if len(ours) != len(theirs):
        return None
    found = Decimal(0)
    for one, other in zip(ours, theirs, strict=True):
        if one.numeral and other.numeral:
            found = max(found, abs(one.numeral.value - other.numeral.value))
        elif one.text != other.text:
            return None
    return float(found)


def read_records(root: Path = ROOT) -> list[Record]:
    """Read every record, by device and machine; FaultError where a file is none."""
    return [read_record(path) for path in sorted((root / "records").glob("*/*.json"))]


def read_record(path: Path) -> Record:
    """Read a record; FaultError where the file is none."""
    try:
        content = json.loads(path.read_text("utf-8"))
        entries = {name: Entry(**entry) for name, entry in content.pop("snippets").items()}
        record = Record(**content, snippets=entries)
        if record.device != path.parent.name:
            raise ValueError(f"its device is {record.device}, its folder {path.parent.name}")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"this is no record ({error}); make it anew: python -m proof record --device"
        raise FaultError(Fault(path, 1, f"{message} {path.parent.name}")) from None
    return record


def write_record(record: Record) -> Path:
    """Write a record in the place of the machine's earlier one; give the file."""
    words = [platform.system(), record.machine]
    if not are_locked(record.versions):
        words += [f"{name} {record.versions.get(name)}" for name in ("numpy", "torch")]
    name = re.sub("[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    path = ROOT / "records" / record.device / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(record), indent=2) + "\n", "utf-8", newline="\n")
    return path


def new_record(device: str, versions: Mapping[str, str], snippets: dict[str, Entry]) -> Record:
    """Make the record of a run that ended now, on this machine, under these versions."""
    command = [sys.executable, "-m", "proof.machine", device]
    about = json.loads(subprocess.check_output(command, text=True))
    return Record(
        device=device,
        machine=about.pop("name"),
        system=_system(),
        versions={"Python": platform.python_version(), **versions, **about},
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        commit=_commit(),
        snippets=snippets,
    )


def _system() -> str:
    if platform.system() == "Darwin":  # Metal is a part of the system, and changes with it
        return f"macOS {platform.mac_ver()[0]}"
    return platform.system()


def _commit() -> str:
    """Give the commit that ran, and say if its snippets had been changed; empty without git."""
    try:
        git = ("git", "-C", str(ROOT))
        commit = subprocess.check_output(
            (*git, "rev-parse", "HEAD"), text=True, stderr=subprocess.DEVNULL
        )
        status = (*git, "status", "--porcelain", "--", "snippets")
        changed = subprocess.check_output(status, text=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return commit.strip() + (", with changes" if changed else "")

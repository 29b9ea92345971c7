"""Records what snippets print: as their documented outputs, or as what a device makes of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from proof.check import error_fault
from proof.devices import ALLOWANCES, reproduces
from proof.faults import Fault
from proof.outputs import describe, diff, differences
from proof.project import find_snippet, relative, snippet_name, snippet_paths, uses_torch
from proof.records import (
    Entry,
    documented,
    largest_distance,
    new_record,
    source_hash,
    write_record,
)
from proof.runs import Runs


def record(names: Sequence[str], limit: float) -> int:
    """Rewrite the outputs of the snippets named, or of all, where they changed; give the exit code.

    A snippet that does not run to its end is not recorded. Raises BadCall for an unknown name.
    """
    runs = Runs([find_snippet(name) for name in names] or snippet_paths(), limit=limit)
    recorded, failed = 0, 0
    for run in runs.values():
        target = run.snippet.with_suffix(".out")
        if run.error:
            print(error_fault(run), file=sys.stderr)
            failed += 1
            continue
        if target.is_file():
            allowance = None if reproduces("cpu", run.versions) else ALLOWANCES["cpu"]
            found = differences(target.read_text("utf-8", "replace"), run.stdout, allowance)
            if not found:
                continue
            print(relative(target), diff(found), sep="\n")
        else:
            print(f"{relative(target)}: new")
        target.write_text(run.stdout, "utf-8", newline="\n")
        recorded += 1
    print(f"{recorded} recorded, {len(runs) - recorded - failed} unchanged, {failed} failed")
    return 1 if failed else 0


def record_device(device: str, limit: float) -> int:
    """Write the record of this machine's device, from a run of all snippets; give the exit code.

    Away from the CPU, a snippet without torch stands for its twin. Raises DeviceMissing.
    """
    runs = Runs(snippet_paths(), device, limit, twins=device != "cpu")
    versions: dict[str, str] = {}
    entries = {}
    faults = []
    for path in snippet_paths():
        run = runs[snippet_name(path)]
        versions |= run.versions
        expected = documented(path)
        distance = None
        if run.error:
            faults.append(error_fault(run))
        elif found := differences(expected, run.stdout, ALLOWANCES[device]):
            message = f"this is not what {device} computes: {describe(found[0], run)}"
            faults.append(Fault(path.with_suffix(".out"), found[0].line, message, diff(found)))
        elif device != "cpu" and not uses_torch(path):
            distance = run.values["distance"]
        else:
            distance = largest_distance(expected, run.stdout)
        entry = Entry(source_hash(path), run.stdout, distance, str(run.error or ""))
        entries[snippet_name(path)] = entry
    for fault in faults:
        print(fault, file=sys.stderr)
    file = write_record(new_record(device, versions, entries))
    print(f"{relative(file)}: {len(entries) - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0

"""Records what snippets print as their documented outputs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from proof.check import error_fault
from proof.devices import ALLOWANCES, reproduces
from proof.outputs import diff, differences
from proof.project import find_snippet, relative, snippet_paths
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

"""Run the notebooks that changed, and compare what they print with what is documented."""

from __future__ import annotations

import argparse
import sys

from proof.faults import Fault, FaultError
from proof.notebooks.execution import executed, notebook_paths
from proof.notebooks.outputs import faults, record


def main() -> int:
    """Run the notebooks, then compare or record what they print; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m proof.notebooks", description=__doc__)
    parser.add_argument(
        "--record",
        action="store_true",
        help="document what they print, and keep the files that they write",
    )
    arguments = parser.parse_args()
    found: list[Fault] = []
    for path in notebook_paths():
        try:
            notebook = executed(path)
        except FaultError as error:
            found.append(error.fault)
            continue
        if arguments.record:
            record(path, notebook)
        else:
            found += faults(path, notebook)
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""The command: `python -m proof run|check|record|mutate`."""

from __future__ import annotations

import argparse
import io
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

from proof.faults import BadCall


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with a call."""

    def error(self, message: str) -> NoReturn:
        """Print the line and leave with 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def main() -> int:
    """Run the command; give the exit code: 0, 1 for a failed check, 2 for a bad call."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        # Outside a project not even the modules that know its folders can be imported.
        return _call()
    except BadCall as error:
        print(f"python -m proof: {error}", file=sys.stderr)
        return 2


def _call() -> int:
    from proof.devices import DEVICES, DeviceMissing
    from proof.runs import LIMIT

    call = _parser(DEVICES, LIMIT).parse_args()
    try:
        if call.command == "check":
            from proof.check import check

            return check(call.pages, call.device, call.limit)
        if call.command == "record":
            from proof.record import record, record_device

            if call.device is None:
                return record(call.names, call.limit)
            if call.names:
                raise BadCall("a device's record holds all snippets; leave out the names")
            return record_device(call.device, call.limit)
        if call.command == "mutate":
            from proof.mutation import mutate

            return mutate(record=call.record)
        return _run(call.name, call.device, call.limit)
    except DeviceMissing as error:
        print(error, file=sys.stderr)
        return 1


def _parser(devices: Sequence[str], limit: float) -> _Parser:
    parser = _Parser(prog="python -m proof", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="print what a snippet prints")
    run.add_argument("name", help="a snippet: lesson/idea, or idea alone")
    check = commands.add_parser("check", help="check outputs and completeness")
    check.add_argument("pages", nargs="*", metavar="page", help="a page; all if none is named")
    record = commands.add_parser(
        "record", help="rewrite the documented outputs from a real run, or record a device"
    )
    record.add_argument("names", nargs="*", metavar="name", help="a snippet; all if none is named")
    record.add_argument(
        "--device",
        choices=devices,
        help="write this machine's record of the device, not the outputs",
    )
    mutate = commands.add_parser("mutate", help="change each number, and demand that check sees it")
    mutate.add_argument("--record", action="store_true", help="write the score that the site shows")
    for command in (run, check):
        command.add_argument("--device", choices=devices, default="cpu")
    for command in (run, check, record):
        command.add_argument(
            "--limit", type=_seconds, default=limit, help="seconds a snippet may run (%(default)g)"
        )
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < threading.TIMEOUT_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def _run(name: str, device: str, limit: float) -> int:
    """Print what a snippet prints, and its error if it has one."""
    from proof.check import error_fault
    from proof.project import find_snippet
    from proof.runs import Runs

    (run,) = Runs([find_snippet(name)], device, limit).values()
    print(run.stdout, end="")
    if run.error:
        print(error_fault(run), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

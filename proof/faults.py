"""What is wrong with the project, or with how a command was called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class BadCall(Exception):  # noqa: N818 - the call is wrong, not the program
    """A command named something that does not exist; the message lists what does."""


@dataclass(frozen=True)
class Fault:
    """One failed check: where it is, what is wrong, what was computed, what to do."""

    file: Path
    line: int
    message: str
    detail: str = ""

    def __str__(self) -> str:
        """Give `file:line: message`, then the detail, indented."""
        from proof.project import relative  # which imports this module

        detail = "".join(f"\n    {line}".rstrip() for line in self.detail.splitlines())
        return f"{relative(self.file)}:{self.line}: {self.message}{detail}"


class FaultError(Exception):
    """Carries a fault up to the command that reports it."""

    def __init__(self, fault: Fault) -> None:
        """Take the fault."""
        super().__init__(str(fault))
        self.fault = fault

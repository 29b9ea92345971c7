"""The devices a snippet may run on, and how far its numbers may differ there."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from proof.project import ROOT

# How far a number may lie from the documented one: a float32 result moves with the order of its
# sums, which each device chooses for itself. A printed numeral may differ by half a unit of its
# last digit on top.
#
# The CPU: 3.6e-7 was measured, on x86-64 with AVX2. CUDA and MPS: not measured yet. There it is
# the most that float32 can err in the lesson's largest sum, in any order: nine products of rounded
# numbers, 6.9 in all, each product rounded three times and the sum eight times by 2**-24.
ALLOWANCES = {"cpu": Decimal("1e-6"), "cuda": Decimal("5e-6"), "mps": Decimal("5e-6")}

DEVICES = tuple(ALLOWANCES)


class DeviceMissing(Exception):  # noqa: N818 - the machine is at fault, not the program
    """The device a command asked for is not on this machine."""


def reproduces(device: str, versions: Mapping[str, str]) -> bool:
    """Say whether outputs must match to the letter: on the CPU under the lock file.

    The lock file's numbers were taken on x86-64 Linux; `versions` are those of what ran.
    """
    if device != "cpu" or sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    locked = _locked_versions()
    return all(locked.get(name) == version.partition("+")[0] for name, version in versions.items())


@cache
def _locked_versions() -> dict[str, str]:
    lock_file = ROOT / "constraints.txt"
    if not lock_file.is_file():
        return {}
    pins = re.findall(r"^(numpy|torch)==([^\s;+]+)", lock_file.read_text("utf-8"), re.MULTILINE)
    return dict(pins)

"""The devices a snippet may run on, and how far its numbers may differ there."""

from __future__ import annotations

import platform
import re
import sys
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from proof.project import ROOT

# How far a number may lie from the documented one: a float32 result moves with the order of its
# sums, which each device chooses for itself. A printed numeral may differ by half a unit of its
# last digit on top.
#
# The CPU: 3.6e-7 was measured, on x86-64 with AVX2 and with AVX512. CUDA and MPS: not measured
# yet. There it is the most that float32 can err in the lesson's largest sum, in any order: nine
# products of rounded numbers, 6.9 in all, each product rounded three times and the sum eight times
# by 2**-24.
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
    return are_locked(versions)


def are_locked(versions: Mapping[str, str]) -> bool:
    """Say whether NumPy and torch, as far as they are named, are those of the lock file."""
    locked = _locked_versions()
    named = versions.keys() & {"numpy", "torch"}
    return all(locked.get(name) == versions[name].partition("+")[0] for name in named)


def allowed_ends(root: Path = ROOT) -> dict[str, dict[str, str]]:
    """Give the "oldest" and the "newest" NumPy and torch that a project's metadata allows.

    They are given by package, the newest without its last number, which nobody knows in advance;
    none where there is no pyproject.toml.
    """
    file = root / "pyproject.toml"
    if not file.is_file():
        return {}
    ends: dict[str, dict[str, str]] = {"oldest": {}, "newest": {}}
    needs = " ".join(tomllib.loads(file.read_text("utf-8"))["project"]["dependencies"])
    for name, oldest, major, minor in re.findall(r"(\w+)>=([\d.]+),<(\d+)\.(\d+)", needs):
        ends["oldest"][name] = oldest
        ends["newest"][name] = f"{major}.{int(minor) - 1}"
    return ends


def end_of(versions: Mapping[str, str], ends: Mapping[str, Mapping[str, str]]) -> str:
    """Name the end of the allowed range at which these versions lie, or give ""."""
    for end, packages in ends.items():
        if all(f"{versions.get(name, '')}.".startswith(f"{at}.") for name, at in packages.items()):
            return end
    return ""


@cache
def _locked_versions() -> dict[str, str]:
    lock_file = ROOT / "constraints.txt"
    if not lock_file.is_file():
        return {}
    pins = re.findall(r"^(numpy|torch)==([^\s;+]+)", lock_file.read_text("utf-8"), re.MULTILINE)
    return dict(pins)

"""Torch twins: the numbers that a snippet without torch prints, computed by torch on a device.

tests/devices/<lesson>.py holds a function for each such snippet, under the snippet's name. It
takes the values that the snippet left, and the device; it gives what torch computed from them,
under expressions over the same values. In this order, these are the numerals that the snippet
prints. Imported in torch's own process alone.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import Any

import torch

from proof.devices import ALLOWANCES
from proof.execution import Run, SnippetError, error_in, run_snippet
from proof.numerals import Number, find_numerals, format_like, prints_as
from proof.project import ROOT, relative
from proof.strict import NotPortable, strict
from proof.values import numbers

TWINS = ROOT / "tests" / "devices"


def run_twin(path: Path, device: str) -> Run:
    """Run a snippet, then its twin; give the Run, with the twin's numbers in what it printed.

    Its only value is the `distance`, the largest between a number of the snippet and the twin's.
    One that is farther than the device is allowed, or any other trouble, is the Run's error.
    """
    run = run_snippet(path)
    if run.error:
        return run
    file = TWINS / f"{path.parent.name}.py"
    module = run_snippet(file)
    if module.error:
        return module
    twin = module.values.get(path.stem)
    if not isinstance(twin, FunctionType):
        message = f"no twin: write {path.stem}(snippet, device) in {relative(file)}"
        return replace(run, error=SnippetError(1, "LookupError", message))
    try:
        with strict():
            computed = twin(SimpleNamespace(**run.values), torch.device(device))
    except (Exception, NotPortable) as error:
        return replace(module, error=error_in(file, error))
    try:
        return _compare(run, computed, device)
    except Exception as error:
        line = twin.__code__.co_firstlineno
        return replace(module, error=SnippetError(line, type(error).__name__, str(error)))


def _compare(run: Run, computed: Mapping[str, Any], device: str) -> Run:
    """Put a twin's numbers in the place of those that its snippet printed."""
    numerals = find_numerals(run.stdout)
    names = {**vars(builtins), **run.values}
    ours = {expression: numbers(eval(expression, names)) for expression in computed}
    theirs = {expression: _numbers(value) for expression, value in computed.items()}
    pairs = []
    for expression in computed:
        if len(ours[expression]) != len(theirs[expression]):
            raise ValueError(
                f"{expression} holds {len(ours[expression])} numbers, "
                f"its twin {len(theirs[expression])}"
            )
        for pair in zip(ours[expression], theirs[expression], strict=True):
            pairs.append((expression, *pair))
    if len(pairs) != len(numerals):
        raise ValueError(
            f"the snippet prints {len(numerals)} numerals, its twin gives {len(pairs)}"
        )
    distance = 0.0
    printed, end = "", 0
    for numeral, (expression, number, twins) in zip(numerals, pairs, strict=True):
        if not prints_as(number, numeral):
            raise ValueError(f"{expression} has {number!r} where the snippet prints {numeral.text}")
        distance = max(distance, abs(float(number) - float(twins)))
        if distance > ALLOWANCES[device]:
            raise ValueError(
                f"{expression} has {number!r}, but {twins!r} on {device}; "
                f"proof/devices.py allows a distance of {ALLOWANCES[device]}"
            )
        printed += run.stdout[end : numeral.start] + format_like(twins, numeral)
        end = numeral.end
    return replace(run, stdout=printed + run.stdout[end:], values={"distance": distance})


def _numbers(value: Any) -> list[Number]:
    """Flatten tensors, numbers and sequences of them."""
    if isinstance(value, torch.Tensor):
        return numbers(value.cpu().numpy())
    if isinstance(value, list | tuple):
        return [number for item in value for number in _numbers(item)]
    return numbers(value)

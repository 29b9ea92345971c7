"""Interactive figures: what each starts with, bound to what the snippets leave.

interactive-figures.yml beside the page. Under the name of a figure of the page stand the custom
element that comes alive in its place, and its starting values as qualified expressions:

    kernel_over_patch:
      element: slide-the-kernel
      start:
        patch: slide_the_kernel.patch
        kernel: slide_the_kernel.kernel
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proof.expressions import ExpressionError, Scope, Values
from proof.faults import Fault, FaultError
from proof.values import is_array, shown
from proof.yaml_file import Text, YamlFile

MODULES = Path("assets/javascripts/interactive")  # of the elements, under docs/

_ELEMENT = re.compile(r"[a-z]+(-[a-z]+)+")


@dataclass(frozen=True)
class InteractiveFigure:
    """A figure that comes alive as a custom element, and what it starts with, by name."""

    figure: Text
    element: Text
    start: dict[str, Text]

    def module(self, docs: Path) -> Path:
        """Give the script that defines the element."""
        return docs / MODULES / f"{self.element.text}.js"


@dataclass(frozen=True)
class InteractiveFigures:
    """Those of a page, as far as they could be read, and what is wrong with their form."""

    figures: list[InteractiveFigure]
    faults: list[Fault]

    def __getitem__(self, name: str) -> InteractiveFigure | None:
        """Give the one with this name, if there is one."""
        return next((one for one in self.figures if one.figure.text == name), None)


def read_interactive(path: Path) -> InteractiveFigures:
    """Read the interactive figures of a page; none where the file is not there."""
    read = InteractiveFigures([], [])
    if not path.is_file():
        return read
    file = YamlFile(path)
    try:
        entries = file.named(file.root())
    except FaultError as error:
        read.faults.append(error.fault)
        return read
    for figure, node in entries:
        try:
            parts = file.entries(node, ("element", "start"))
            element = file.text(parts["element"])
            if not _ELEMENT.fullmatch(element.text):
                message = f"{element.text!r} is no name of an element, as slide-the-kernel is"
                raise file.fault(parts["element"], message)
            start = {name.text: file.text(code) for name, code in file.named(parts["start"])}
            read.figures.append(InteractiveFigure(figure, element, start))
        except FaultError as error:
            read.faults.append(error.fault)
    return read


def start_value(code: str, values: Mapping[str, Values], lesson: str) -> Any:
    """Compute what a figure starts with: numbers, texts, and lists and mappings of them.

    Raises ExpressionError for what cannot be computed, or is none of these.
    """
    return _plain(Scope(values, (), lesson).evaluate(code).value)


def _plain(value: Any) -> Any:
    if is_array(value):
        return _plain(value.tolist())
    if isinstance(value, list | tuple | range):
        return [_plain(one) for one in value]
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    message = "a figure starts with finite numbers, texts, and lists and mappings of them"
    raise ExpressionError(f"{shown(value)} cannot be handed to a script; {message}")

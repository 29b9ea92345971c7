"""The file beside a page that says what its interactive figures start with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FIGURES = "docs/cnns-from-scratch/interactive-figures.yml"
FILE = "cnns-from-scratch/interactive-figures.json"


def test_values_are_those_that_the_snippets_leave(built_site: Path) -> None:
    assert [file.relative_to(built_site).as_posix() for file in built_site.rglob(f"*{FILE}")] == [
        FILE
    ]
    starts = json.loads((built_site / FILE).read_text("utf-8"))
    kernel = starts["kernel_over_patch"]["kernel"]
    assert kernel == [[-0.6] * 3, [1.1] * 3, [-0.6] * 3]
    patch = starts["kernel_over_patch"]["patch"]
    first = sum(patch[row][column] * kernel[row][column] for row in range(3) for column in range(3))
    assert first == pytest.approx(0.852)
    assert repr(patch[1][1]) == "0.92"
    assert starts["forward_pass"]["patch"] == patch


def test_a_figure_whose_start_cannot_be_computed_stays_a_drawing(
    project: Path, site_command
) -> None:
    file = project / FIGURES
    file.write_text(file.read_text("utf-8").replace("kernel.patch\n", "kernel.pitch\n"), "utf-8")
    line = file.read_text("utf-8").splitlines().index("    patch: slide_the_kernel.pitch") + 1
    done = site_command(project, "build")
    assert done.returncode == 0
    [fault] = done.stderr.splitlines()
    assert fault.startswith(f"{FIGURES}:{line}: kernel_over_patch stays a drawing, patch has no")
    assert "slide_the_kernel leaves no pitch" in fault
    starts = json.loads((project / "site" / FILE).read_text("utf-8"))
    assert "kernel_over_patch" not in starts
    assert "forward_pass" in starts

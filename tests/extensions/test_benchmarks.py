from __future__ import annotations

from pathlib import Path

import pytest

from proof.benchmarks import (
    Benchmarks,
    Comparison,
    Download,
    Size,
    Timing,
    Weight,
    write_benchmarks,
)
from proof.faults import FaultError

PAGE = "# Page\n\n/// benchmarks\n///\n"
MEASURED = Benchmarks(
    "2026-11-03",
    "Linux, x86_64, 2 cores",
    {"Python": "3.11.7", "torch": "2.13.0"},
    "4c34ca4",
    [Comparison("check", [2.0, 2.2, 2.1], "importing torch", [1.0, 3.0, 2.0], floor=True)],
    [Timing("a save", [0.4, 0.5, 0.6]), Timing("a frame", [0.012] * 95 + [0.03] * 5)],
    [Download("the scripts", 29_960)],
    [Size(16, 8.0, 8.0, 0.4, 200, 300, 28_000_000, 1_050_000)],
    [
        Weight("lesson/index.html", 90_120, 100_000, 11_960, 12_000),
        Weight("404.html", 60_000, 75_000, 0),
    ],
)


def test_what_was_measured_stands_in_tables_with_its_date_and_machine(
    render, docs: Path, text_of
) -> None:
    write_benchmarks(MEASURED, docs.parent)
    block = render(PAGE).find("div[@class='benchmarks']")
    assert text_of(block.find("p")) == (
        "Measured on 3 November 2026, at commit 4c34ca4, on Linux, x86_64, 2 cores; "
        "Python 3.11.7, torch 2.13.0."
    )
    rows = [[text_of(cell) for cell in row] for row in block.findall("table/tbody/tr")]
    assert rows == [
        ["check", "importing torch (floor)", "1.05", "2.10 (2.00 to 2.20)"],
        ["a save", "0.500 (0.400 to 0.600)", ""],
        ["a frame", "0.012 (0.012 to 0.030)", "0.029"],
        ["the scripts", "30.0"],
        ["16", "8.0", "8.0", "1.00", "0.40", "300", "28.0", "1.05"],
        ["/lesson/", "90.1 of 100", "12.0 of 12"],
        ["/404.html", "60.0 of 75", "0.0"],
    ]


@pytest.mark.parametrize("content", [None, "[]", '{"date": "2026-11-03"}'])
def test_no_measurement_stops_the_build(render, docs: Path, content: str | None) -> None:
    if content is not None:
        write_benchmarks(MEASURED, docs.parent)
        (docs.parent / "records" / "benchmarks.json").write_text(content, encoding="utf-8")
    with pytest.raises(FaultError, match=r"benchmarks\.json:1: .*nox -s bench"):
        render(PAGE)

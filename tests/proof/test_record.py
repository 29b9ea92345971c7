"""Recording rewrites a documented output from a real run, and only where it changed."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Project

OUT = "snippets/lesson/idea.out"


def age(path: Path) -> int:
    return path.stat().st_mtime_ns


def test_a_new_output_is_written_and_named(project: Project) -> None:
    project.write("snippets/lesson/idea.py", "print('first')\nprint(0.852)\n")
    assert project.proof("record", code=0).stdout == (
        f"{OUT}: new\n1 recorded, 0 unchanged, 0 failed\n"
    )
    assert (project.root / OUT).read_bytes() == b"first\n0.852\n"


def test_what_changed_is_shown(project: Project) -> None:
    project.snippet("idea", "print('first')\nprint(0.852)\n", "first\n0.853\n")
    assert project.proof("record", "idea", code=0).stdout.splitlines() == [
        OUT,
        "- 0.853",
        "+ 0.852",
        "  ^^^^^",
        "1 recorded, 0 unchanged, 0 failed",
    ]
    assert project.read(OUT) == "first\n0.852\n"
    project.proof("check", code=0)


def test_an_unchanged_output_is_not_touched(project: Project) -> None:
    project.snippet("idea", "print(1)\n", "1\n")
    before = age(project.root / OUT)
    assert project.proof("record", code=0).stdout == "0 recorded, 1 unchanged, 0 failed\n"
    assert age(project.root / OUT) == before


def test_only_what_is_named_is_recorded(project: Project) -> None:
    project.snippet("idea", "print(1)\n", "2\n")
    project.snippet("other", "print(1)\n", "2\n")
    project.proof("record", "lesson/other", code=0)
    assert project.read(OUT) == "2\n"
    assert project.read("snippets/lesson/other.out") == "1\n"


def test_a_snippet_that_raises_is_not_recorded_but_the_others_are(project: Project) -> None:
    project.snippet("idea", "print(1)\nraise ValueError('no')\n", "2\n")
    project.snippet("other", "print(1)\n", "2\n")
    result = project.proof("record", code=1)
    assert result.stderr == "snippets/lesson/idea.py:2: ValueError: no\n"
    assert result.stdout.endswith("\n1 recorded, 0 unchanged, 1 failed\n")
    assert project.read(OUT) == "2\n"
    assert project.read("snippets/lesson/other.out") == "1\n"


def test_where_numbers_may_move_a_move_within_the_allowance_is_no_change(project: Project) -> None:
    project.write("constraints.txt", "numpy==1.0\n")
    project.snippet("idea", "import numpy as np\nprint(np.array([0.25, 1.0]))\n", "[ 0.25  1. ]\n")
    assert project.proof("record", code=0).stdout == "0 recorded, 1 unchanged, 0 failed\n"


def test_an_output_that_is_not_utf_8_is_replaced(project: Project) -> None:
    project.snippet("idea", "print('é')\n")
    (project.root / OUT).write_bytes(b"\xe9\n")
    project.proof("record", code=0)
    assert project.read(OUT) == "é\n"

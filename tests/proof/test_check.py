"""A check of pages: each thing that breaks it is told at its line, with what mends it."""

from __future__ import annotations

import platform
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from proof import devices
from tests.conftest import ROOT, Project

IDEA = """
import numpy as np

patch = np.array([0.12, 0.92, 0.88])
response = patch.sum() / 7

print("patch:", patch.tolist())
print(f"response: {response:.3f}")
"""


@pytest.fixture
def lesson(project: Project) -> Project:
    project.snippet("idea", IDEA, "patch: [0.12, 0.92, 0.88]\nresponse: 0.274\n")
    return project


def line_of(path: Path, text: str) -> int:
    return path.read_text("utf-8").splitlines().index(text) + 1


def test_a_sound_project_passes(lesson: Project) -> None:
    result = lesson.proof("check", code=0)
    assert result.stdout == "3 passed, 0 failed\n"
    assert result.stderr == ""


def test_one_digit_in_an_output(lesson: Project) -> None:
    lesson.write("snippets/lesson/idea.out", "patch: [0.12, 0.92, 0.88]\nresponse: 0.275\n")
    assert lesson.proof("check", code=1).stdout.splitlines() == [
        "docs/lesson.md:6: line 2 of snippets/lesson/idea.out is not what "
        "snippets/lesson/idea.py:7 prints: 0.275 is documented, "
        "0.274 was computed (response = 0.2742857142857143); "
        "if the new output is right: python -m proof record lesson/idea",
        "    - response: 0.275",
        "    + response: 0.274",
        "                ^^^^^",
        "2 passed, 1 failed",
    ]


def test_one_constant_in_a_snippet(lesson: Project) -> None:
    lesson.write("snippets/lesson/idea.py", IDEA.replace("0.92", "0.93"))
    lines = lesson.proof("check", code=1).stdout.splitlines()
    assert lines[0].startswith("docs/lesson.md:6: line 1 of snippets/lesson/idea.out is not what")
    assert "snippets/lesson/idea.py:6 prints: 0.92 is documented, 0.93 was computed; " in lines[0]
    assert lines[1:] == [
        "    - patch: [0.12, 0.92, 0.88]",
        "    + patch: [0.12, 0.93, 0.88]",
        "                    ^^^^",
        "    - response: 0.274",
        "    + response: 0.276",
        "                ^^^^^",
        "2 passed, 1 failed",
    ]


def test_a_fence_with_a_title_and_no_include(lesson: Project) -> None:
    lesson.write("docs/other.md", 'Text\n\n```python title="a.py"\nprint(1)\n```\n')
    lines = lesson.proof("check", code=1).stdout.splitlines()
    assert lines[0].startswith("docs/other.md:3: the tests pass over a fence of")
    assert lines[1:] == ["3 passed, 1 failed"]


def test_an_output_that_nothing_prints(lesson: Project) -> None:
    lesson.write("snippets/lesson/orphan.out", "1\n")
    assert lesson.proof("check", code=1).stdout == (
        "snippets/lesson/orphan.out:1: no orphan.py prints this; "
        "delete it, or restore the snippet\n3 passed, 1 failed\n"
    )


def test_a_snippet_on_no_page(lesson: Project) -> None:
    lesson.write("snippets/lesson/alone.py", "print(1)\n")
    lesson.write("snippets/lesson/alone.out", "1\n")
    said = "snippets/lesson/alone.py:1: no page shows this snippet with its output; "
    assert lesson.proof("check", code=1).stdout.startswith(said)
    assert lesson.proof("check", "lesson.md", code=0).stdout == "2 passed, 0 failed\n"


def test_an_output_that_is_not_recorded(lesson: Project) -> None:
    (lesson.root / "snippets/lesson/idea.out").unlink()
    lines = lesson.proof("check", "lesson.md", code=1).stdout.splitlines()
    assert lines[0] == (
        "docs/lesson.md:6: lesson/idea.out is not recorded; "
        "record it with: python -m proof record lesson/idea"
    )


def test_a_snippet_that_raises_is_told_once(lesson: Project) -> None:
    lesson.snippet("raises", "raise ValueError('no')\n")
    lesson.write("docs/other.md", lesson.read("docs/lesson.md"))
    lines = lesson.proof("check", code=1).stdout.splitlines()
    assert lines == ["snippets/lesson/raises.py:1: ValueError: no", "8 passed, 1 failed"]


@pytest.mark.parametrize("file", ["docs/lesson.md", "snippets/lesson/idea.out"])
def test_a_file_that_is_not_utf_8(lesson: Project, file: str) -> None:
    path = lesson.root / file
    path.write_bytes(b"one\n\xe9\n" + path.read_bytes())
    lines = lesson.proof("check", code=1).stdout.splitlines()
    assert lines[0] == f"{file}:2: byte 0xe9 is not UTF-8; save the file as UTF-8"
    assert lines[1].endswith(" passed, 1 failed")


def test_a_project_without_a_snippet_does_not_pass(project: Project) -> None:
    project.write("docs/page.md", "# Page\n")
    assert project.proof("check", code=1).stdout == (
        "snippets:1: there is no snippet to check; "
        "a lesson's snippets are in snippets/<lesson>/\n0 passed, 1 failed\n"
    )


def test_a_page_with_nothing_to_check_says_so(lesson: Project) -> None:
    lesson.write("docs/page.md", "# Page\n")
    assert lesson.proof("check", "page.md", code=0).stdout == (
        "nothing to check in docs/page.md\n0 passed, 0 failed\n"
    )


@pytest.mark.parametrize("guide", ["README.md", "CONTRIBUTING.md"])
def test_the_guides_are_checked_too(lesson: Project, guide: str) -> None:
    lesson.write(guide, "```py\nprint(1)\n```\n")
    assert lesson.proof("check", code=1).stdout.startswith(f"{guide}:1: the tests pass over")


def test_where_versions_differ_only_the_numbers_count(lesson: Project) -> None:
    lesson.write("snippets/lesson/idea.out", "patch:  [0.12, 0.92, 0.88]\nresponse: 0.27\n")
    lesson.write("constraints.txt", "numpy==1.0\n")
    lesson.proof("check", code=0)
    lesson.write("snippets/lesson/idea.out", "patch: [0.12, 0.92, 0.88]\nresponse: 0.28\n")
    assert "0.28 is documented, 0.274 was computed" in lesson.proof("check", code=1).stdout


def test_under_the_lock_file_each_letter_counts(lesson: Project) -> None:
    lesson.write("snippets/lesson/idea.out", "patch:  [0.12, 0.92, 0.88]\nresponse: 0.274\n")
    locked = devices.reproduces("cpu", {"numpy": np.__version__})
    lesson.proof("check", code=1 if locked else 0)


@pytest.mark.parametrize(
    ("device", "system", "machine", "numpy", "to_the_letter"),
    [
        ("cpu", "linux", "x86_64", "{}", True),
        ("cpu", "linux", "x86_64", "{}+local", True),
        ("cpu", "linux", "x86_64", "{}1", False),
        ("cpu", "linux", "aarch64", "{}", False),
        ("cpu", "darwin", "x86_64", "{}", False),
        ("cuda", "linux", "x86_64", "{}", False),
    ],
)
def test_only_under_the_lock_file_outputs_must_match_to_the_letter(
    monkeypatch: pytest.MonkeyPatch,
    device: str,
    system: str,
    machine: str,
    numpy: str,
    to_the_letter: bool,
) -> None:
    locked = re.findall(r"^numpy==(.*)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert devices.reproduces(device, {"numpy": numpy.format(*locked)}) == to_the_letter
    assert devices.reproduces(device, {}) == (to_the_letter or numpy == "{}1")


@pytest.fixture(scope="module")
def whole_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a copy of this project, with what a check reads."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("docs", "snippets", "figures"):
        shutil.copytree(ROOT / name, copy / name)
    for name in ("mkdocs.yml", "constraints.txt", "README.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, copy)
    return Project(copy)


def test_this_project_passes() -> None:
    result = Project(ROOT).proof("check", code=0)
    passed = re.fullmatch(r"(\d+) passed, 0 failed", result.stdout.splitlines()[-1])
    assert passed
    assert int(passed[1]) > 2 * len(list((ROOT / "snippets").rglob("*.py")))


def test_this_project_broken_in_four_places_fails_at_each(whole_project: Project) -> None:
    folder = whole_project.root / "snippets/cnns_from_scratch"
    page = whole_project.root / "docs/cnns-from-scratch/index.md"

    def change(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    change("slide_the_kernel.out", "0.789", "0.788")
    change("same_forward_pass_pytorch.py", "[1.4]", "[1.5]")
    (folder / "orphan.out").touch()
    title = '```python title="a.py"'
    page.write_text(page.read_text("utf-8") + f"\n{title}\nprint(1)\n```\n", "utf-8")

    said = whole_project.proof("check", code=1).stdout

    def at_output(name: str) -> str:
        place = line_of(page, f'--8<-- "cnns_from_scratch/{name}.out"')
        return rf"^docs/cnns-from-scratch/index.md:{place}: line \d+ of snippets/\S+/{name}.out "

    def told(pattern: str) -> bool:
        return bool(re.search(pattern, said, re.MULTILINE))

    assert told(at_output("slide_the_kernel") + r".*0\.788 is documented, 0\.789 was computed")
    assert told(at_output("same_forward_pass_pytorch") + r".*1\.024 is documented, 1\.111 was")
    place = line_of(page, title)
    assert told(rf"^docs/cnns-from-scratch/index.md:{place}: the tests pass over a fence")
    assert told(r"^snippets/cnns_from_scratch/orphan.out:1: no orphan.py prints this")

"""A bad call gets one line that names what is valid, and exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Project


@pytest.fixture
def lesson(project: Project) -> Project:
    project.snippet("idea", "print(1)\n", "1\n")
    return project


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("", "required: command"),
        ("chek", "'chek' (choose from 'run', 'check', 'record', 'mutate')"),
        ("check nowhere", "nowhere is no page; the pages are: lesson.md"),
        ("run", "required: name"),
        ("run thought", "thought is no snippet; the snippets are: lesson/idea"),
        ("record thought", "thought is no snippet; the snippets are: lesson/idea"),
        ("run idea --device tpu", "'tpu' (choose from 'cpu', 'cuda', 'mps')"),
        ("check --device tpu", "'tpu' (choose from 'cpu', 'cuda', 'mps')"),
        ("check --limit 0", "'0' is no number of seconds above 0"),
        ("check --limit nan", "'nan' is no number of seconds above 0"),
        ("run idea --limit soon", "'soon' is no number of seconds above 0"),
    ],
)
def test_a_bad_call_says_what_is_valid(lesson: Project, call: str, said: str) -> None:
    result = lesson.proof(*call.split(), code=2)
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_name_that_two_lessons_use_needs_its_lesson(lesson: Project) -> None:
    lesson.write("snippets/another/idea.py", "print(2)\n")
    said = lesson.proof("run", "idea", code=2).stderr
    assert (
        "idea is the name of several snippets; the snippets are: another/idea, lesson/idea" in said
    )
    assert lesson.proof("run", "another/idea", code=0).stdout == "2\n"


def test_outside_a_project_the_command_says_so(tmp_path: Path) -> None:
    said = Project(tmp_path).proof("check", code=2).stderr
    assert f"no project here: neither {tmp_path} nor a folder above it holds" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("page", ["lesson.md", "docs/lesson.md", "./docs/lesson.md"])
def test_a_page_goes_by_its_path_from_the_root_or_from_docs(lesson: Project, page: str) -> None:
    assert lesson.proof("check", page, code=0).stdout == "2 passed, 0 failed\n"


def test_a_page_goes_by_the_folder_of_its_lesson_from_any_folder(lesson: Project) -> None:
    (lesson.root / "docs/lesson").mkdir()
    (lesson.root / "docs/lesson.md").rename(lesson.root / "docs/lesson/index.md")
    for name in ("lesson", "lesson/"):
        result = lesson.proof("check", name, code=0, folder="snippets/lesson")
        assert result.stdout == "2 passed, 0 failed\n"

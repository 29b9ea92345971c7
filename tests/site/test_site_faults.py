"""What an author sees when a page, or the call, is wrong: one clear line, no stack trace."""

from __future__ import annotations

from pathlib import Path

import pytest

LESSON = "docs/cnns-from-scratch/index.md"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (LESSON, "Let $N$", r"Let $\blob$", r'Unknown command "\blob"'),
        ("docs/glossary.yml", "stride: ", "stride: - ", "this is not YAML"),
        (LESSON, "[^lecun1998]", "[^lecun1989]", "the keys are: lecun1998, "),
        (
            LESSON,
            "/// lesson | cnns-from-scratch",
            "/// lesson | cnns",
            "'cnns' is not this page's",
        ),
        (LESSON, 'scratch/slide_the_kernel.py"', 'scratch/slide.py"', "include"),
        (
            "docs/curriculum.yml",
            "- the-llm-lifecycle:",
            "- The LLM Lifecycle:",
            "is not `slug: title`",
        ),
        (
            "docs/labs/learn_the_kernel.py",
            'device = device or torch.device("cpu")',
            "device = 1 / 0",
            "ZeroDivisionError: division by zero; a notebook must run to its end",
        ),
        (
            "docs/assets/javascripts/run/blocks.js",
            "for (const block of blocks) {",
            "for (const block off blocks) {",
            "this is no JavaScript: ",
        ),
    ],
)
def test_a_fault_is_one_line_with_its_place(
    project: Path, site_command, file: str, old: str, new: str, message: str
) -> None:
    source = (project / file).read_text(encoding="utf-8")
    assert old in source
    (project / file).write_text(source.replace(old, new, 1), encoding="utf-8")
    place = source[: source.index(old)].count("\n") + 1
    done = site_command(project, "build")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"{file}:{place}: ")
    assert message in line


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("docs/index.md", "(cnns-from-scratch/index.md)", "(nowhere.md)", "nowhere.md"),
        ("mkdocs.yml", "site_name:", "site_nam:", "site_name"),
    ],
)
def test_what_the_builder_refuses_is_named_without_a_stack_trace(
    project: Path, site_command, file: str, old: str, new: str, message: str
) -> None:
    source = (project / file).read_text(encoding="utf-8")
    assert old in source
    (project / file).write_text(source.replace(old, new, 1), encoding="utf-8")
    done = site_command(project, "build")
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_project_the_call_is_bad(tmp_path: Path, site_command) -> None:
    for command in ("build", "serve"):
        done = site_command(tmp_path, command)
        assert done.returncode == 2
        [line] = done.stderr.splitlines()
        assert "no project here" in line

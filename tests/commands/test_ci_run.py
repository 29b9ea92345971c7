"""How .ci/run finds README's test command, and what it makes of the outcome."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(folder: Path, readme: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of .ci/run beside a README."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci")
    (folder / "README.md").write_text(readme)
    return subprocess.run((folder / ".ci" / "run",), cwd="/", capture_output=True, text=True)


@pytest.mark.parametrize(
    ("status", "summary"),
    [(0, "=== 3 passed in 0.12s ==="), (1, "=== 1 failed, 2 passed in 0.12s ===")],
)
def test_pytests_summary_comes_last_and_the_exit_code_counts(
    tmp_path: Path, status: int, summary: str
) -> None:
    command = f"echo '{summary}'; echo '42 passed, 0 failed'; (exit {status}) && : nox -s tests"
    result = run(tmp_path, f"# A project\n\n```shell\n{command}\n```\n")
    assert result.returncode == status
    assert result.stdout.splitlines()[-1] == summary


def test_it_runs_in_the_project_without_input(tmp_path: Path) -> None:
    result = run(tmp_path, "ls; echo CI=$CI; cat; : nox -s tests\n")
    assert result.stdout.splitlines()[:2] == ["README.md", "CI=true"]
    assert result.returncode != 0  # No test ran.


def test_a_readme_without_the_command_is_an_error(tmp_path: Path) -> None:
    result = run(tmp_path, "# A project\n")
    assert result.returncode == 1
    assert "no line ends in 'nox -s tests'" in result.stderr

"""What all workers share; small projects, made for a test, and the command run in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
MadeOnce = Callable[[str, Callable[[Path], None]], Path]


@dataclass(frozen=True)
class Project:
    """A project's folder."""

    root: Path

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text).lstrip("\n"), "utf-8")
        return target

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def snippet(self, name: str, code: str, output: str = "") -> None:
        """Write snippets/lesson/NAME.py and .out, and add both to the page of the lesson."""
        self.write(f"snippets/lesson/{name}.py", code)
        self.write(f"snippets/lesson/{name}.out", output)
        with (self.root / "docs/lesson.md").open("a", encoding="utf-8") as page:
            page.write(
                f'```python\n--8<-- "lesson/{name}.py"\n```\n\n'
                f'```text\n--8<-- "lesson/{name}.out"\n```\n\n'
            )

    def proof(
        self, *arguments: str, code: int, folder: str = "."
    ) -> subprocess.CompletedProcess[str]:
        """Run `python -m proof`; it must end with this exit code, and never with a stack trace."""
        result = self.python("-m", "proof", *arguments, folder=folder)
        assert "Traceback" not in result.stderr, result.stderr
        assert result.returncode == code, result.stdout + result.stderr
        return result

    def python(self, *arguments: str, folder: str = ".") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root / folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )


def make_project(root: Path) -> Project:
    """Make a project without a snippet."""
    for folder in ("snippets", "docs"):
        (root / folder).mkdir()
    (root / "mkdocs.yml").touch()
    (root / "constraints.txt").write_text((ROOT / "constraints.txt").read_text("utf-8"), "utf-8")
    return Project(root)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project without a snippet."""
    return make_project(tmp_path)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> MadeOnce:
    """Give a function that makes a folder, by name, once for all workers of this run."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder if worker_id == "master" else folder.parent

    def made_once(name: str, make: Callable[[Path], None]) -> Path:
        made = shared / name
        with FileLock(shared / f"{name}.lock"):
            if not made.exists():
                unfinished = shared / f"{name}.unfinished"
                make(unfinished)
                unfinished.rename(made)
        return made

    return made_once

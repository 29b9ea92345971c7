"""Copies of the project's figures, to change and to draw again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LESSON = "cnns_from_scratch"
NAMES = sorted(path.stem for path in (ROOT / "figures" / LESSON).glob("*.svg"))


def copy_project(to: Path) -> Path:
    """Copy what figures are drawn from and shown on."""
    for folder in ("docs", "figures", "snippets"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", to)
    return to


def run(project: Path, *arguments: str, seed: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `python -m …` in a project, on a machine that shows no GPU."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(project), str(ROOT)]),
        "PYTHONHASHSEED": str(seed),
        "CUDA_VISIBLE_DEVICES": "",
    }
    command = (sys.executable, "-m", *arguments)
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)


def svg(project: Path, name: str) -> str:
    """Read a drawing."""
    return (project / "figures" / LESSON / f"{name}.svg").read_text("utf-8")


def edit(path: Path, before: str, after: str) -> None:
    """Replace text that occurs in a file."""
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")

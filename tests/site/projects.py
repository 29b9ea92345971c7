"""Copies of the project that a test may break, and an author who works on one."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from proof.notebooks.execution import executed, notebook_paths

ROOT = Path(__file__).parents[2]
SOURCES = ("docs", "figures", "labs", "overrides", "records", "snippets")
PATIENCE = 300  # seconds: a machine that does much else builds slowly
RELOAD = re.compile(rb'<script src="/livereload/reload.js" data-epoch="(\d+)" async></script>')


def environment(**variables: str) -> dict[str, str]:
    """Give an environment in which a copy of the project finds `proof`."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **variables}


def copy_project(folder: Path) -> Path:
    """Copy what the site is made from, and what was computed for it: notebooks, proofs."""
    for notebook in notebook_paths():
        executed(notebook)
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name)
    for kept in ROOT.glob(".cache/*/*.json"):
        copy = folder / kept.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, copy)
    for name in ("mkdocs.yml", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


class Author:
    """Someone who edits a project while its pages are served."""

    def __init__(self, project: Path, address: str) -> None:
        self.project = project
        self.address = address
        self.epoch = 0

    def look(self, path: str = "") -> str:
        """Give a page as the server has it now."""
        content = self.fetch(path)
        found = RELOAD.search(content)
        assert found, "the page cannot reload itself"
        self.epoch = int(found[1])
        return RELOAD.sub(b"", content, count=1).decode()

    def fetch(self, path: str) -> bytes:
        """Give a file as the server has it now."""
        try:
            with urlopen(f"{self.address}{path}", timeout=PATIENCE) as answer:
                return answer.read()
        except HTTPError as error:
            return error.read()

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file."""
        text = (self.project / file).read_text(encoding="utf-8")
        assert old in text
        (self.project / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    def see(self, path: str, shows: Callable[[str], bool]) -> str:
        """Look at a page anew, whenever its reload script would, until it shows something."""
        while not shows(page := self.look(path)):
            with urlopen(f"{self.address}livereload/{self.epoch}/0", timeout=PATIENCE) as answer:
                assert int(answer.read()) > self.epoch, f"nothing newer than this:\n{page}"
        return page


@contextmanager
def serving(project: Path) -> Iterator[Author]:
    """Serve a project on a free port, and stop as Ctrl+C does."""
    command = [sys.executable, "-m", "proof.site", "serve", "--port", "0"]
    server = subprocess.Popen(
        command,
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    line = server.stdout.readline()
    assert line.startswith("Serving on http://127.0.0.1:"), line
    try:
        yield Author(project, line.split()[-1])
    finally:
        server.send_signal(signal.SIGINT)
        remaining, _ = server.communicate(timeout=30)
    assert server.returncode == 0
    assert remaining.endswith("Stopped.\n")
    assert "Traceback" not in remaining

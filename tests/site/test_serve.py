"""`python -m proof.site serve`: the pages that `build` makes, while an author changes them."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.site.conftest import environment

LESSON = "docs/cnns-from-scratch/index.md"
RELOAD = re.compile(rb'<script src="/livereload/reload.js" data-epoch="(\d+)" async></script>')


class Author:
    """Someone who edits a project and watches its pages in a browser."""

    def __init__(self, project: Path, address: str) -> None:
        self.project = project
        self.address = address
        self.epoch = 0

    def look(self, path: str = "") -> str:
        """Give a page as the server has it now."""
        try:
            with urlopen(f"{self.address}{path}", timeout=60) as answer:
                content = answer.read()
        except HTTPError as error:
            content = error.read()
        found = RELOAD.search(content)
        assert found, "the page cannot reload itself"
        self.epoch = int(found[1])
        return RELOAD.sub(b"", content, count=1).decode()

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file, and wait as the reload script does until the site is built again."""
        text = (self.project / file).read_text(encoding="utf-8")
        assert old in text
        (self.project / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        with urlopen(f"{self.address}livereload/{self.epoch}/0", timeout=90) as answer:
            assert int(answer.read()) > self.epoch


@pytest.fixture
def serving() -> Iterator[Callable[[Path], Author]]:
    """Give a function that serves a project on a free port."""
    servers: list[subprocess.Popen[str]] = []

    def serve(project: Path) -> Author:
        command = [sys.executable, "-m", "proof.site", "serve", "--port", "0"]
        server = subprocess.Popen(
            command, cwd=project, env=environment(), stdout=subprocess.PIPE, text=True
        )
        servers.append(server)
        assert server.stdout
        line = server.stdout.readline()
        assert line.startswith("Serving on http://127.0.0.1:")
        return Author(project, line.split()[-1])

    yield serve
    for server in servers:
        server.send_signal(signal.SIGINT)
        remaining, _ = server.communicate(timeout=30)
        assert server.returncode == 0
        assert remaining.endswith("Stopped.\n")
        assert "Traceback" not in remaining


def test_serves_the_very_pages_that_build_makes(project: Path, serving, site_command) -> None:
    author = serving(project)
    served = {path: author.look(path) for path in ("", "cnns-from-scratch/", "glossary/")}
    assert site_command(project, "build").returncode == 0
    for path, page in served.items():
        assert (project / "site" / path / "index.html").read_text(encoding="utf-8") == page


def test_shows_each_change(project: Path, serving) -> None:
    author = serving(project)
    assert "Another name" not in author.look()
    author.edit("mkdocs.yml", "site_name: From Scratch", "site_name: Another name")
    assert "Another name" in author.look()
    author.edit("docs/glossary.yml", "stride: ", "stride: A step. ")
    assert "A step." in author.look("glossary/")


def test_survives_what_breaks_the_build(project: Path, serving) -> None:
    author = serving(project)
    whole = author.look("cnns-from-scratch/")
    author.edit(LESSON, "Let $N$", "Let $\\blob$")
    broken = author.look("cnns-from-scratch/")
    assert 'role="alert"' in broken
    assert f"{LESSON}:" in broken
    assert "Unknown command" in broken
    assert whole.partition("</head>")[0] in broken
    author.edit(LESSON, "Let $\\blob$", "Let $N$")
    assert author.look("cnns-from-scratch/") == whole


def test_starts_with_a_broken_site(project: Path, serving) -> None:
    lesson = project / LESSON
    lesson.write_text(lesson.read_text("utf-8").replace("Let $N$", "Let $\\blob$"), "utf-8")
    author = serving(project)
    assert "Unknown command" in author.look("cnns-from-scratch/")
    author.edit(LESSON, "Let $\\blob$", "Let $N$")
    assert "Unknown command" not in author.look("cnns-from-scratch/")


def test_says_that_the_port_is_taken(project: Path, site_command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = site_command(project, "serve", "--port", str(port))
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert f"port {port} of 127.0.0.1 cannot be used" in line
    assert "--port" in line

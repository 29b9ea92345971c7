"""`python -m proof.site serve`: the pages that `build` makes, while an author changes them."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.site.projects import serving

LESSON = "docs/cnns-from-scratch/index.md"
SNIPPET = "snippets/cnns_from_scratch/one_convolution_window.py"


def test_serves_the_very_pages_that_build_makes(project: Path, site_command) -> None:
    with serving(project) as author:
        served = {path: author.look(path) for path in ("", "cnns-from-scratch/", "glossary/")}
    assert site_command(project, "build").returncode == 0
    for path, page in served.items():
        assert (project / "site" / path / "index.html").read_text(encoding="utf-8") == page


def test_shows_each_change_and_what_lies_beside_a_page_too(project: Path) -> None:
    with serving(project) as author:
        assert "Another name" not in author.look()
        author.edit("mkdocs.yml", "site_name: From Scratch", "site_name: Another name")
        author.wait()
        assert "Another name" in author.look()
        author.edit("docs/glossary.yml", "stride: ", "stride: A step. ")
        author.wait()
        assert "A step." in author.look("glossary/")
        # What is built for the whole site alone is not older than the pages.
        author.look("cnns-from-scratch/")
        author.edit(SNIPPET, "first_response = ", "first_response = 1 * ")
        author.wait()
        name = Path(SNIPPET).relative_to("snippets").as_posix()
        for file in (
            "cnns-from-scratch/bindings.json",
            "cnns-from-scratch/index.md",
            "cnns-from-scratch/cnns-from-scratch.ipynb",
            f"snippets/{name}",
        ):
            assert b"first_response = 1 * " in author.fetch(file), file


def test_survives_what_breaks_the_build(project: Path) -> None:
    with serving(project) as author:
        whole = author.look("cnns-from-scratch/")
        author.edit(LESSON, "Let $N$", "Let $\\blob$")
        author.wait()
        broken = author.look("cnns-from-scratch/")
        assert 'role="alert"' in broken
        assert f"{LESSON}:" in broken
        assert "Unknown command" in broken
        assert whole.partition("</head>")[0] in broken
        author.edit(LESSON, "Let $\\blob$", "Let $N$")
        author.wait()
        assert author.look("cnns-from-scratch/") == whole
        author.edit(SNIPPET, "first_response = ", "first_response = 1 / 0 + ")
        author.wait()
        failing = author.look("cnns-from-scratch/")
        assert "The check fails" in failing
        assert f"{SNIPPET}:19: ZeroDivisionError" in failing
        author.edit(SNIPPET, "first_response = 1 / 0 + ", "first_response = ")
        author.wait()
        assert author.look("cnns-from-scratch/") == whole


def test_starts_with_a_broken_site(project: Path) -> None:
    lesson = project / LESSON
    lesson.write_text(lesson.read_text("utf-8").replace("Let $N$", "Let $\\blob$"), "utf-8")
    with serving(project) as author:
        assert "Unknown command" in author.look("cnns-from-scratch/")
        author.edit(LESSON, "Let $\\blob$", "Let $N$")
        author.wait()
        assert "Unknown command" not in author.look("cnns-from-scratch/")


def test_says_that_the_port_is_taken(project: Path, site_command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = site_command(project, "serve", "--port", str(port))
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert f"port {port} of 127.0.0.1 cannot be used" in line
    assert "--port" in line
